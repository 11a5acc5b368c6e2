//! The application's own statement, what is borrowed with it, and which keys of the configuration belong together.

use super::{APP_KEY, APP_KEY_PUBLIC, answered, callback};
use crate::secret::Secret;
use crate::sources::github::lending::{borrowing, loan};
use crate::sources::{AppKey, Ask, Auth, Call, Integration, Loan, Occasion, Sources};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use engine::Timestamp;
use engine::event::ToolDecision;
use rustls::pki_types::alg_id::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

/// Not a key of RSA.
const ELLIPTIC: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSVVeL5RTD2nUPS2i
mCEKIKQzkwCGgLzmzTgUixtQnMuhRANCAAS5KZIDRecDNjO5zXCqFfpCYPwKkWdA
UktUgaL5br2MIVv2NoQxKTWAFWlnwpca3Ax9TgB72LEuYU3ms5LZTp6v
-----END PRIVATE KEY-----
";

fn build(lines: &[(&str, Value)]) -> Result<Sources, String> {
    let mut table = json!({ "name": "github-main", "kind": "github", "secret": "x" });
    for (key, value) in lines {
        table[*key] = value.clone();
    }
    let integration: Integration = serde_json::from_value(table).unwrap();
    Sources::build(&[integration]).map_err(|fault| fault.to_string())
}

#[test]
fn the_statement_is_a_jwt_that_the_public_key_verifies() {
    let sources = build(&[("app_id", json!(4242)), ("private_key", json!(APP_KEY))]).unwrap();
    let Auth::App(identity) = &sources.named("github-main").unwrap().api.as_ref().unwrap().auth else { panic!() };
    let statement = identity.statement(Timestamp::from_micros(1_770_000_000_000_000).unwrap()).unwrap();
    let parts: Vec<&str> = statement.expose().split('.').collect();
    let [head, claims, signature] = parts.as_slice() else { panic!("{parts:?}") };
    let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    assert_eq!(read(head), json!({ "alg": "RS256", "typ": "JWT" }));
    assert_eq!(read(claims), json!({ "iss": "4242", "iat": 1_769_999_940, "exp": 1_770_000_540 }));
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let public: String = APP_KEY_PUBLIC.lines().filter(|line| !line.starts_with('-')).collect();
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms.all;
    let algorithm = algorithms.iter().find(|algorithm| algorithm.signature_alg_id() == RSA_PKCS1_SHA256).unwrap();
    let public = STANDARD.decode(public).unwrap();
    assert!(algorithm.verify_signature(&public, format!("{head}.{claims}").as_bytes(), &signature).is_ok());
    assert!(algorithm.verify_signature(&public, format!("{head}.{claims}x").as_bytes(), &signature).is_err());
    assert!(!format!("{identity:?}").contains("KEY"));
}

#[test]
fn keys_are_read_with_real_or_written_line_breaks_and_never_shown() {
    assert!(AppKey::read(&Secret::new(APP_KEY.replace('\n', "\\n")).unwrap()).is_ok());
    for wrong in ["hunter2", ELLIPTIC, APP_KEY_PUBLIC, &APP_KEY.replace("RSA ", "EC ")] {
        let fault = build(&[("app_id", json!(1)), ("private_key", json!(wrong))]).err().unwrap();
        assert!(fault.contains("private_key") && !fault.contains("hunter2") && !fault.contains("MII"), "{fault}");
    }
}

#[test]
fn credentials_belong_together() {
    let (id, key, token) = (("app_id", json!(1)), ("private_key", json!(APP_KEY)), ("token", json!("t")));
    assert!(build(&[]).unwrap().named("github-main").unwrap().api.is_none());
    assert!(matches!(
        build(std::slice::from_ref(&token)).unwrap().named("github-main").unwrap().api.as_ref().unwrap().auth,
        Auth::Bearer(_)
    ));
    for half in [vec![id.clone()], vec![key.clone()], vec![id.clone(), token.clone()], vec![key.clone(), token.clone()]] {
        assert!(build(&half).err().unwrap().contains("belongs together"));
    }
    assert!(build(&[id, key, token]).err().unwrap().contains("either"));
    assert!(build(&[("api_url", json!("ftp://github.test"))]).err().unwrap().contains("api_url"));
}

#[test]
fn each_purpose_borrows_as_little_as_it_needs() {
    let call = |permissions: Value| {
        Call::post("/app/installations/80/access_tokens".to_owned(), Some(json!({ "repository_ids": [79], "permissions": permissions })))
    };
    let callback = callback();
    assert_eq!(
        borrowing(&Ask::Authors { callback: &callback, commit: "x" }),
        Ok(call(json!({ "contents": "read", "pull_requests": "read" })))
    );
    let decision = Ask::Decision { callback: &callback, decision: ToolDecision::Approve, comment: "x", occasion: &Occasion::first() };
    assert_eq!(borrowing(&decision), Ok(call(json!({ "actions": "read", "deployments": "write" }))));
    let mut without = callback.clone();
    without.params.remove("installation_id");
    assert!(borrowing(&Ask::Authors { callback: &without, commit: "x" }).unwrap_err().contains("installation_id"));
}

#[test]
fn what_is_answered_to_it_is_a_token_a_wait_or_a_refusal() {
    let answer = |status: u16, body: Value| loan(&answered(Call::get(String::new()), status, body));
    let lent = answer(201, json!({ "token": "ghs_1", "expires_at": "2026-01-05T11:00:00Z" }));
    let expires_at = Timestamp::from_micros(1_767_610_800_000_000).unwrap();
    assert_eq!(lent, Loan::Lent { token: Secret::new("ghs_1").unwrap(), expires_at });
    let limited = json!({ "message": "You have exceeded a secondary rate limit." });
    assert!(matches!(answer(403, limited), Loan::Later { .. }));
    for (status, body) in [
        (201, json!({ "token": "ghs_1" })),
        (201, json!({ "token": "", "expires_at": "2026-01-05T11:00:00Z" })),
        (401, json!({ "message": "A JSON web token could not be decoded" })),
        (403, json!({ "message": "This installation has been suspended" })),
        (404, json!({ "message": "Not Found" })),
        (422, json!({ "message": "The permissions requested are not granted to this installation." })),
    ] {
        assert!(matches!(answer(status, body), Loan::Refused { why } if !why.contains("ghs_1")), "{status}");
    }
}
