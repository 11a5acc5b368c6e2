//! Proofs that a delivery is genuine. Every comparison takes the same time whatever the secret is.

use crate::secret::Secret;
use crate::sources::Reject;
use axum::http::{HeaderMap, HeaderValue};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// The header `name` is one of the secrets. Digests are compared, so that not even a length is given away.
pub fn equals_any(secrets: &[Secret], headers: &HeaderMap, name: &str) -> Result<(), Reject> {
    let given = Sha256::digest(the_one(headers, name)?.as_bytes());
    accept(secrets, name, |secret| Sha256::digest(secret.expose().as_bytes()).ct_eq(&given))
}

/// The header `name` is `sha256=` and the hexadecimal HMAC-SHA256 of the raw body under one of the secrets.
pub fn hmac_any(secrets: &[Secret], headers: &HeaderMap, name: &str, body: &[u8]) -> Result<(), Reject> {
    let written = the_one(headers, name)?.to_str().ok().and_then(|text| text.strip_prefix("sha256="));
    let given = written.and_then(|digits| hex::decode(digits).ok());
    let given = given.ok_or_else(|| Reject::BadSignature(format!("{name} is not “sha256=” and hexadecimal digits")))?;
    accept(secrets, name, |secret| {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return Choice::from(0) };
        mac.update(body);
        mac.finalize().into_bytes().ct_eq(given.as_slice())
    })
}

/// Twice the same header could be read in two ways by two readers, so it is refused.
pub fn the_one<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a HeaderValue, Reject> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(Reject::BadSignature(format!("{name} is missing"))),
        (Some(_), Some(_)) => Err(Reject::BadSignature(format!("{name} stands more than once"))),
    }
}

/// Every secret is tried, so that the time taken does not tell which one fits.
fn accept(secrets: &[Secret], name: &str, fits: impl Fn(&Secret) -> Choice) -> Result<(), Reject> {
    let fitting = secrets.iter().fold(Choice::from(0), |found, secret| found | fits(secret));
    if bool::from(fitting) { Ok(()) } else { Err(Reject::BadSignature(format!("{name} does not fit any secret of this integration"))) }
}
