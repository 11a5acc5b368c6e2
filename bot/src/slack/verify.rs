//! Slack's request signature: `v0=` and the hexadecimal HMAC-SHA256 of `v0:{time}:{raw body}`.
//!
//! Source: docs.slack.dev, "Verifying requests from Slack".

use crate::inbound::Forged;
use crate::secret::Secret;
use engine::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

/// How far the time of a request may be from ours, in either direction.
const WINDOW_SECONDS: u64 = 300;

/// Whether Slack sent this body about now. Several secrets are accepted while one replaces another.
///
/// `time` and `signature` are the headers `X-Slack-Request-Timestamp` and `X-Slack-Signature`; `body` is as it came.
pub fn verify(secrets: &[Secret], time: Option<&str>, signature: Option<&str>, body: &[u8], now: Timestamp) -> Result<(), Forged> {
    let (Some(time), Some(signature)) = (time, signature) else { return Err(Forged::Unsigned) };
    let seconds: i64 = time.parse().map_err(|_| Forged::NoTime)?;
    if now.utc().timestamp().abs_diff(seconds) > WINDOW_SECONDS {
        return Err(Forged::Stale);
    }
    if secrets.is_empty() {
        return Err(Forged::NoSecret);
    }
    let matches = secrets.iter().map(|secret| expected(secret, time, body).as_bytes().ct_eq(signature.as_bytes()));
    // No early end: the time does not tell which secret matched.
    let any = matches.fold(Choice::from(0), |any, one| any | one);
    if bool::from(any) { Ok(()) } else { Err(Forged::Mismatch) }
}

/// Empty for a secret that can't be a key; no signature is empty.
fn expected(secret: &Secret, time: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return String::new() };
    mac.update(b"v0:");
    mac.update(time.as_bytes());
    mac.update(b":");
    mac.update(body);
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"payload=%7B%7D";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    fn secret() -> Secret {
        Secret::new("a signing secret of ours")
    }

    fn check(secrets: &[Secret], time: &str, signature: &str, body: &[u8]) -> Result<(), Forged> {
        verify(secrets, Some(time), Some(signature), body, at(1_000_000))
    }

    #[test]
    fn a_signature_holds_for_its_body_and_its_five_minutes() {
        let good = expected(&secret(), "1000000", BODY);
        assert_eq!(check(&[secret()], "1000000", &good, BODY), Ok(()));
        assert_eq!(check(&[secret()], "1000000", &good, b"payload=%7b%7D"), Err(Forged::Mismatch));
        let old = expected(&secret(), "999699", BODY);
        assert_eq!(check(&[secret()], "999699", &old, BODY), Err(Forged::Stale));
        let edge = expected(&secret(), "999700", BODY);
        assert_eq!(check(&[secret()], "999700", &edge, BODY), Ok(()));
        let early = expected(&secret(), "1000301", BODY);
        assert_eq!(check(&[secret()], "1000301", &early, BODY), Err(Forged::Stale));
    }

    #[test]
    fn both_secrets_hold_while_one_replaces_the_other() {
        let good = expected(&secret(), "1000000", BODY);
        let next = Secret::new("the next one");
        assert_eq!(check(&[next.clone(), secret()], "1000000", &good, BODY), Ok(()));
        assert_eq!(check(&[next], "1000000", &good, BODY), Err(Forged::Mismatch));
        assert_eq!(check(&[], "1000000", &good, BODY), Err(Forged::NoSecret));
    }

    #[test]
    fn what_is_missing_or_malformed_is_forged() {
        let now = at(1_000_000);
        assert_eq!(verify(&[secret()], None, Some("v0=00"), BODY, now), Err(Forged::Unsigned));
        assert_eq!(verify(&[secret()], Some("1000000"), None, BODY, now), Err(Forged::Unsigned));
        assert_eq!(check(&[secret()], "soon", "v0=00", BODY), Err(Forged::NoTime));
        for signature in ["", "v0=", "v0=0", "v1=00"] {
            assert_eq!(check(&[secret()], "1000000", signature, BODY), Err(Forged::Mismatch), "{signature}");
        }
        assert_eq!(check(&[secret()], "-9223372036854775808", "v0=", BODY), Err(Forged::Stale));
    }
}
