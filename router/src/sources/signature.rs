//! Proofs that a delivery is genuine. Every comparison takes the same time whatever the secret is.

use crate::secret::Secret;
use crate::sources::Reject;
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

const AUTHORIZATION: &str = "Authorization";

/// The header `name` is one of the secrets. Digests are compared, so that not even a length is given away.
pub fn equals_any(secrets: &[Secret], headers: &HeaderMap, name: &str) -> Result<(), Reject> {
    same(secrets, name, the_one(headers, name)?.as_bytes())
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

/// `Authorization: Bearer <one of the secrets>`.
pub fn bearer_any(secrets: &[Secret], headers: &HeaderMap) -> Result<(), Reject> {
    let written = the_one(headers, AUTHORIZATION)?.as_bytes();
    let given =
        after_scheme(written, b"bearer ").ok_or_else(|| Reject::BadSignature("Authorization is not “Bearer” and a secret".to_owned()))?;
    same(secrets, AUTHORIZATION, given)
}

/// The same, or `Basic` with one of the secrets as the password, whoever the user is: what a tool sends that takes
/// `https://user:secret@host/…` as its address.
pub fn bearer_or_password_any(secrets: &[Secret], headers: &HeaderMap) -> Result<(), Reject> {
    let Some(encoded) = after_scheme(the_one(headers, AUTHORIZATION)?.as_bytes(), b"basic ") else { return bearer_any(secrets, headers) };
    let pair = STANDARD.decode(encoded).unwrap_or_default();
    let colon = pair.iter().position(|byte| *byte == b':');
    let password = colon.map(|colon| &pair[colon + 1..]);
    same(
        secrets,
        AUTHORIZATION,
        password.ok_or_else(|| Reject::BadSignature("Authorization is not “Basic” with user and password".to_owned()))?,
    )
}

fn same(secrets: &[Secret], name: &str, given: &[u8]) -> Result<(), Reject> {
    let given = Sha256::digest(given);
    accept(secrets, name, |secret| Sha256::digest(secret.expose().as_bytes()).ct_eq(&given))
}

/// Schemes are case-insensitive (RFC 9110).
fn after_scheme<'a>(written: &'a [u8], scheme: &[u8]) -> Option<&'a [u8]> {
    let (given, rest) = written.split_at_checked(scheme.len())?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim_ascii())
}

/// Twice the same header could be read in two ways by two readers, so it is refused.
pub(super) fn the_one<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a HeaderValue, Reject> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(value), None) => Ok(value),
        (None, _) => Err(Reject::BadSignature(format!("{name} is missing"))),
        (Some(_), Some(_)) => Err(Reject::BadSignature(format!("{name} stands more than once"))),
    }
}

/// The same, as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Reject> {
    the_one(headers, name)?.to_str().map_err(|_| Reject::BadSignature(format!("{name} is not plain text")))
}

/// Unix seconds, as the header says them; not too old and not from the future.
pub(super) fn fresh<'a>(written: &'a str, name: &str, tolerance_s: u64, now: Timestamp) -> Result<&'a str, Reject> {
    let seconds: i64 = written.parse().map_err(|_| Reject::BadSignature(format!("{name} is not a number of seconds")))?;
    let away = seconds.abs_diff(now.micros().div_euclid(1_000_000));
    if away <= tolerance_s {
        Ok(written)
    } else {
        Err(Reject::BadSignature(format!("{name} is {away} s away from our clock; at most {tolerance_s} are taken")))
    }
}

/// Every secret is tried, so that the time taken does not tell which one fits.
pub(super) fn accept(secrets: &[Secret], name: &str, fits: impl Fn(&Secret) -> Choice) -> Result<(), Reject> {
    let fitting = secrets.iter().fold(Choice::from(0), |found, secret| found | fits(secret));
    if bool::from(fitting) { Ok(()) } else { Err(Reject::BadSignature(format!("{name} does not fit any secret of this integration"))) }
}
