//! Proofs that a delivery is GitHub's.

use super::{Way, github, headers};
use crate::sources::{Reject, Source};
use engine::Timestamp;

fn verify(signature: &str, body: &[u8]) -> Result<(), Reject> {
    github(Way::Silent).verify(&headers(&[("x-hub-signature-256", signature)]), body, Timestamp::from_micros(0).unwrap())
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
    assert!(github(Way::Silent).verify(&only_sha1, b"", Timestamp::from_micros(0).unwrap()).is_err());
}
