//! Proofs that a delivery is GitLab's: a signature, or the token as it is.

use super::{Gitlab, gitlab, headers};
use crate::secret::Secret;
use crate::sources::{Reject, Source};
use engine::Timestamp;

const BODY: &[u8] = br#"{"object_kind":"deployment"}"#;
const SENT_S: i64 = 1_770_000_000;
const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// Made with the key that the secret's base64 holds.
const GOOD: &str = "v1,q/H2aDSV/yBc+d4KefMFkVFC0dGeS2cnPChaQRah2VI=";
/// Made with the secret's own bytes.
const RAW: &str = "v1,UFXKuJD7FdLqUC2VUYcD9zEtntWIerG1ZqQnRHp7kds=";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap()
}

fn signed(signature: &str, more: &[(&'static str, &str)], now_s: i64, body: &[u8]) -> Result<(), Reject> {
    let gitlab = Gitlab { secrets: vec![Secret::new("an older one").unwrap(), Secret::new(SECRET).unwrap()], ..gitlab() };
    let usual = [("webhook-id", "delivery-1"), ("webhook-timestamp", "1770000000"), ("webhook-signature", signature)];
    gitlab.verify(&headers(&[&usual, more].concat()), body, at(now_s))
}

#[test]
fn the_token_is_one_of_the_secrets() {
    let verify = |pairs: &[(&'static str, &str)]| gitlab().verify(&headers(pairs), b"{}", at(0));
    assert_eq!(verify(&[("x-gitlab-token", "old-secret")]), Ok(()));
    assert_eq!(verify(&[("x-gitlab-token", "new-secret")]), Ok(()));
    for wrong in ["", "old-secre", "old-secret ", "OLD-SECRET", "old-secret,new-secret", "other"] {
        let reject = verify(&[("x-gitlab-token", wrong)]).unwrap_err();
        assert!(matches!(&reject, Reject::BadSignature(detail) if !detail.contains("-secret")), "{reject}");
    }
    assert_eq!(verify(&[]), Err(Reject::BadSignature("X-Gitlab-Token is missing".to_owned())));
}

#[test]
fn a_second_token_header_is_refused() {
    let mut twice = headers(&[("x-gitlab-token", "other")]);
    twice.append("x-gitlab-token", "old-secret".parse().unwrap());
    assert!(gitlab().verify(&twice, b"", at(0)).is_err());
}

#[test]
fn one_good_signature_is_enough() {
    let others = "v1,AAAA v1a,BBBB v2,CCCC nonsense";
    for list in [GOOD.to_owned(), RAW.to_owned(), format!("{others} {GOOD}"), format!("{GOOD} {others}")] {
        assert_eq!(signed(&list, &[], SENT_S, BODY), Ok(()), "{list}");
    }
    for now_s in [SENT_S - 300, SENT_S + 300] {
        assert_eq!(signed(GOOD, &[], now_s, BODY), Ok(()));
    }
}

#[test]
fn anything_else_is_refused_although_the_token_fits() {
    let token = ("x-gitlab-token", SECRET);
    let nine = ["v1,AAAA"; 8].join(" ") + " " + GOOD;
    for list in ["", "v1,", "v1,AAAA", &GOOD[3..], &GOOD.replace("v1,", "v1a,"), &nine] {
        assert!(matches!(signed(list, &[token], SENT_S, BODY), Err(Reject::BadSignature(_))), "{list}");
    }
    for now_s in [SENT_S - 301, SENT_S + 301, 0] {
        assert!(signed(GOOD, &[token], now_s, BODY).is_err(), "{now_s}");
    }
    assert!(signed(GOOD, &[token], SENT_S, br#"{"object_kind": "deployment"}"#).is_err());
    for more in [("webhook-id", "delivery-2"), ("webhook-timestamp", "1770000001")] {
        let mut other = headers(&[("webhook-id", "delivery-1"), ("webhook-timestamp", "1770000000"), ("webhook-signature", GOOD), token]);
        other.insert(more.0, more.1.parse().unwrap());
        assert!(gitlab().verify(&other, BODY, at(SENT_S)).is_err(), "{more:?}");
    }
}
