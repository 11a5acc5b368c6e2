//! Signatures as the Standard Webhooks specification makes them: id, time and body, signed together.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>. Only `v1` (HMAC-SHA256) is
//! understood; signatures of other versions in the list are passed over.

use super::signature::{fresh, text};
use crate::secret::Secret;
use crate::sources::Reject;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

pub const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// What a secret begins with whose rest is the key in base64.
const PREFIX: &str = "whsec_";
/// How far the sender's clock may be from ours, either way, in seconds; the specification recommends it.
pub const TOLERANCE_S: u64 = 300;
/// Signatures of one request; senders that rotate their secret send two.
const SIGNATURES: usize = 8;

/// One of the signatures is by one of the keys, and the request is of now, give or take `tolerance_s`.
pub fn verify(keys: &[Vec<u8>], tolerance_s: u64, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject> {
    let (id, timestamp) = (text(headers, ID)?, text(headers, TIMESTAMP)?);
    fresh(timestamp, TIMESTAMP, tolerance_s, now)?;
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let given = signatures(text(headers, SIGNATURE)?)?;
    // Every pair is tried, so that the time taken does not tell which one fits.
    let fits = keys.iter().flat_map(|key| given.iter().map(move |given| fits(key, &signed, given)));
    if bool::from(fits.fold(Choice::from(0), |found, fits| found | fits)) {
        return Ok(());
    }
    Err(Reject::BadSignature(format!("{SIGNATURE} does not fit any secret of this integration")))
}

/// The three headers of an outgoing delivery.
pub fn signed(secret: &Secret, id: &str, now: Timestamp, body: &[u8]) -> Result<Vec<(&'static str, String)>, String> {
    let stamp = now.micros().div_euclid(1_000_000).to_string();
    let mac = mac(&key(secret)?, &[id.as_bytes(), b".", stamp.as_bytes(), b".", body]);
    Ok(vec![(ID, id.to_owned()), (TIMESTAMP, stamp), (SIGNATURE, format!("v1,{}", STANDARD.encode(mac)))])
}

/// The key of a secret as the specification writes it, or why it is none.
pub fn key(secret: &Secret) -> Result<Vec<u8>, String> {
    let digits = secret.expose().strip_prefix(PREFIX).ok_or_else(|| format!("a secret of Standard Webhooks begins with {PREFIX}"))?;
    STANDARD.decode(digits).map_err(|_| format!("what follows {PREFIX} is not base64"))
}

/// The keys that a secret may stand for, where it is not sure that the sender decodes it: its own bytes are one too.
pub fn likely_keys(secret: &Secret) -> Vec<Vec<u8>> {
    let decoded = key(secret).ok().filter(|key| !key.is_empty());
    std::iter::once(secret.expose().as_bytes().to_vec()).chain(decoded).collect()
}

fn signatures(list: &str) -> Result<Vec<Vec<u8>>, Reject> {
    let parts: Vec<&str> = list.split(' ').filter(|part| !part.is_empty()).take(SIGNATURES + 1).collect();
    if parts.len() > SIGNATURES {
        return Err(Reject::BadSignature(format!("{SIGNATURE} holds more than {SIGNATURES} signatures")));
    }
    Ok(parts.into_iter().filter_map(|part| STANDARD.decode(part.strip_prefix("v1,")?).ok()).collect())
}

fn fits(key: &[u8], signed: &[&[u8]], given: &[u8]) -> Choice {
    mac(key, signed).as_slice().ct_eq(given)
}

/// Any length of key is taken by HMAC; an empty answer, which nothing equals, would say so if one were not.
fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}
