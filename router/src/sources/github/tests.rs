//! GitHub: verified, kept, ignored.

use super::*;
use crate::sources::Sources;
use axum::http::{HeaderName, HeaderValue};

const PING: &str = include_str!("../../../testdata/github/ping.json");
const PROTECTION: &str = include_str!("../../../testdata/github/deployment_protection_rule.json");

fn github() -> Github {
    Github { secrets: vec![Secret::new("old").unwrap(), Secret::new("It's a Secret to Everybody").unwrap()] }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

fn verify(signature: &str, body: &[u8]) -> Result<(), Reject> {
    github().verify(&headers(&[("x-hub-signature-256", signature)]), body, Timestamp::from_micros(0).unwrap())
}

/// The example that GitHub's documentation gives for testing an implementation.
#[test]
fn the_documented_example_verifies() {
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(verify(signature, b"Hello, World!"), Ok(()));
    assert_eq!(verify(&signature.to_uppercase().replace("SHA", "sha"), b"Hello, World!"), Ok(()));
    assert!(verify(signature, b"Hello, World?").is_err());
}

#[test]
fn anything_else_is_refused() {
    let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    for wrong in ["", digits, "sha256=", "sha256=zz", "sha256=75", &format!("sha1={digits}"), &format!("sha256={digits}00")] {
        assert!(matches!(verify(wrong, b"Hello, World!"), Err(Reject::BadSignature(_))), "{wrong}");
    }
    let only_sha1 = headers(&[("x-hub-signature", "sha1=00")]);
    assert!(github().verify(&only_sha1, b"", Timestamp::from_micros(0).unwrap()).is_err());
}

#[test]
fn every_event_is_kept_and_says_nothing() {
    for (event, body) in [("ping", PING), ("deployment_protection_rule", PROTECTION), ("event of next year", "not json")] {
        let parsed = github().parse(&headers(&[("x-github-event", event), ("x-github-delivery", "guid-1")]), body.as_bytes()).unwrap();
        assert_eq!(parsed, Parsed { key: "guid-1".to_owned(), event: event.to_owned(), signals: vec![] });
    }
    let without = |body: &str| github().parse(&headers(&[("x-github-event", "push")]), body.as_bytes()).unwrap().key;
    assert_eq!(without("a"), without("a"));
    assert_ne!(without("a"), without("b"));
}

#[test]
fn keys_for_calling_github_are_refused_as_not_built() {
    for (line, key) in [
        ("app_id = 1", "app_id"),
        ("private_key = 'x'", "private_key"),
        ("token = 'x'", "token"),
        ("api_url = 'https://github.test'", "api_url"),
    ] {
        let integration = toml::from_str(&format!("name = 'github-main'\nkind = 'github'\nsecret = 'x'\n{line}")).unwrap();
        let fault = Sources::build(&[integration]).err().unwrap().to_string();
        assert!(fault.contains(key) && fault.contains("not in this build"), "{fault}");
    }
}
