//! Every form of a signature, and everything that is none.

use super::*;
use crate::sources::standard_webhooks::signed;
use axum::http::HeaderValue;

const BODY: &[u8] = br#"{"a":1}"#;
const NOW_S: i64 = 1_700_000_000;

fn now() -> Timestamp {
    Timestamp::from_micros(NOW_S * 1_000_000).unwrap()
}

fn secrets(texts: &[&str]) -> Vec<Secret> {
    texts.iter().map(|text| Secret::new(*text).unwrap()).collect()
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

fn proof(toml: &str, secrets: &[Secret]) -> Result<Proof, String> {
    Proof::of(&toml::from_str::<Signature>(toml).map_err(|error| error.message().to_owned())?, secrets)
}

fn hmac(hash: Hash, parts: &[&[u8]]) -> Vec<u8> {
    mac(hash, b"hunter2", parts)
}

/// RFC 4231, test case 2: a known answer that is not our own.
#[test]
fn hmac_is_that_of_the_standard() {
    let said: &[&[u8]] = &[b"what do ya want ", b"for nothing?"];
    let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(hex::encode(mac(Hash::Sha256, b"Jefe", said)), sha256);
    assert!(hex::encode(mac(Hash::Sha512, b"Jefe", said)).starts_with("164b7a7bfcf819e2e395fbe73b56e0a3"));
}

/// Settings, headers, and whether they are taken.
type Case<'a> = (&'a str, &'a [(&'static str, &'a str)], bool);

#[test]
fn each_form_takes_its_own_signature_and_no_other() {
    let hex256 = hex::encode(hmac(Hash::Sha256, &[BODY]));
    let base64_512 = STANDARD.encode(hmac(Hash::Sha512, &[BODY]));
    let stamped = hex::encode(hmac(Hash::Sha256, &[b"1700000000", b":", BODY]));
    let (prefixed, short) = (format!("sha256={hex256}"), hex256[..62].to_owned());
    let all = secrets(&["old", "hunter2"]);
    let plain = "algorithm = 'hmac-sha256'\nheader = 'X-Sign'";
    let timed = "algorithm = 'hmac-sha256'\nheader = 'X-Sign'\ntimestamp_header = 'X-Time'\nseparator = ':'";
    let cases: &[Case<'_>] = &[
        ("algorithm = 'bearer'", &[("authorization", "Bearer hunter2")], true),
        ("algorithm = 'bearer'", &[("authorization", "bearer old")], true),
        ("algorithm = 'bearer'", &[("authorization", "Bearer hunter")], false),
        ("algorithm = 'bearer'", &[("authorization", "Basic aHVudGVyMg==")], false),
        ("algorithm = 'bearer'", &[], false),
        (plain, &[("x-sign", &hex256)], true),
        (plain, &[("x-sign", &hex256.to_uppercase())], true),
        (plain, &[("x-sign", &prefixed)], false),
        (plain, &[("x-sign", &short)], false),
        (plain, &[("x-sign", "")], false),
        (plain, &[("x-other", &hex256)], false),
        ("algorithm = 'hmac-sha256'\nheader = 'X-Sign'\nprefix = 'sha256='", &[("x-sign", &prefixed)], true),
        ("algorithm = 'hmac-sha256'\nheader = 'X-Sign'\nprefix = 'sha256='", &[("x-sign", &hex256)], false),
        ("algorithm = 'hmac-sha512'\nheader = 'X-Sign'\nencoding = 'base64'", &[("x-sign", &base64_512)], true),
        ("algorithm = 'hmac-sha512'\nheader = 'X-Sign'\nencoding = 'base64'", &[("x-sign", &hex256)], false),
        (timed, &[("x-sign", &stamped), ("x-time", "1700000000")], true),
        (timed, &[("x-sign", &stamped), ("x-time", "1700000001")], false),
        (timed, &[("x-sign", &stamped)], false),
        (timed, &[("x-sign", &hex256), ("x-time", "1700000000")], false),
    ];
    for (toml, pairs, good) in cases {
        let verified = proof(toml, &all).unwrap().verify(&all, &headers(pairs), BODY, now());
        assert_eq!(verified.is_ok(), *good, "{toml} {pairs:?}: {verified:?}");
        assert!(!format!("{verified:?}").contains("hunter2"));
    }
}

#[test]
fn an_old_or_future_time_is_refused_though_its_signature_fits() {
    let all = secrets(&["hunter2"]);
    let toml = "algorithm = 'hmac-sha256'\nheader = 'X-Sign'\ntimestamp_header = 'X-Time'\ntolerance_s = 60";
    for (away, good) in [(0, true), (60, true), (-60, true), (61, false), (-61, false)] {
        let time = (NOW_S + away).to_string();
        let sign = hex::encode(hmac(Hash::Sha256, &[time.as_bytes(), b".", BODY]));
        let verified = proof(toml, &all).unwrap().verify(&all, &headers(&[("x-sign", &sign), ("x-time", &time)]), BODY, now());
        assert_eq!(verified.is_ok(), good, "{away}: {verified:?}");
    }
}

#[test]
fn what_we_sign_is_what_we_take() {
    let secret = Secret::new("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=").unwrap();
    let written = signed(&secret, "msg_1", now(), BODY).unwrap();
    let standard = proof("algorithm = 'standard-webhooks'", std::slice::from_ref(&secret)).unwrap();
    let pairs: Vec<(&'static str, &str)> = written.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let verify = |pairs: &[(&'static str, &str)], body: &[u8], at: i64| {
        let at = Timestamp::from_micros((NOW_S + at) * 1_000_000).unwrap();
        standard.verify(std::slice::from_ref(&secret), &headers(pairs), body, at).is_ok()
    };
    assert!(verify(&pairs, BODY, 0) && verify(&pairs, BODY, 299));
    assert!(!verify(&pairs, BODY, 301) && !verify(&pairs, b"{}", 0));
    let signature = pairs[2].1.to_owned();
    let list = format!("v1a,AAAA v1,AAAA {signature}");
    assert!(verify(&[pairs[0], pairs[1], ("webhook-signature", &list)], BODY, 0), "one of several is enough");
    assert!(!verify(&[("webhook-id", "msg_2"), pairs[1], pairs[2]], BODY, 0));
    assert!(!verify(&[pairs[0], pairs[1], ("webhook-signature", &signature.replace("v1,", "v2,"))], BODY, 0));
    let many = format!("{}{signature}", "v1,AAAA ".repeat(8));
    assert!(!verify(&[pairs[0], pairs[1], ("webhook-signature", &many)], BODY, 0), "only so many are looked at");
}

#[test]
fn settings_that_say_nothing_are_faults() {
    let cases = [
        ("algorithm = 'md5'", "unknown variant"),
        ("header = 'X'", "missing field `algorithm`"),
        ("algorithm = 'bearer'\nheader = 'X'", "header has no meaning"),
        ("algorithm = 'hmac-sha256'", "header is missing"),
        ("algorithm = 'hmac-sha256'\nheader = 'a b'", "no name of a header"),
        ("algorithm = 'hmac-sha256'\nheader = 'X'\ntolerance_s = 1", "no meaning without timestamp_header"),
        ("algorithm = 'standard-webhooks'", "begins with whsec_"),
        ("algorithm = 'standard-webhooks'\nheader = 'X'", "header has no meaning"),
        ("algorithm = 'bearer'\nalgoritm = 'x'", "unknown field"),
    ];
    for (toml, expected) in cases {
        let fault = proof(toml, &secrets(&["hunter2"])).unwrap_err();
        assert!(fault.contains(expected) && !fault.contains("hunter2"), "{toml}: {fault}");
    }
}
