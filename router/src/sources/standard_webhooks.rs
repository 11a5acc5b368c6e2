//! Signatures as the Standard Webhooks specification makes them: id, time and body, signed together.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>. Only `v1` (HMAC-SHA256) is
//! understood; signatures of other versions in the list are passed over.

use super::signature::the_one;
use crate::secret::Secret;
use crate::sources::Reject;
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use engine::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// What a secret begins with whose rest is the key in base64.
const PREFIX: &str = "whsec_";
/// How far the sender's clock may be from ours, either way, in seconds.
const TOLERANCE_S: i64 = 300;
/// Signatures of one request; senders that rotate their secret send two.
const SIGNATURES: usize = 8;

/// One of the signatures is by one of the secrets, and the request is of these minutes.
pub fn verify(secrets: &[Secret], headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject> {
    let (id, timestamp) = (the_one(headers, ID)?, the_one(headers, TIMESTAMP)?);
    is_of_now(timestamp.to_str().unwrap_or_default(), now)?;
    let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
    let given = signatures(the_one(headers, SIGNATURE)?.to_str().unwrap_or_default())?;
    let keys: Vec<Vec<u8>> = secrets.iter().flat_map(keys).collect();
    // Every pair is tried, so that the time taken does not tell which one fits.
    let fits = keys.iter().flat_map(|key| given.iter().map(move |given| fits(key, &signed, given)));
    if bool::from(fits.fold(Choice::from(0), |found, fits| found | fits)) {
        return Ok(());
    }
    Err(Reject::BadSignature(format!("{SIGNATURE} does not fit any secret of this integration")))
}

fn is_of_now(timestamp: &str, now: Timestamp) -> Result<(), Reject> {
    let sent: i64 = timestamp.parse().map_err(|_| Reject::BadSignature(format!("{TIMESTAMP} is not a number of seconds")))?;
    let age = now.micros().div_euclid(1_000_000).saturating_sub(sent);
    if (-TOLERANCE_S..=TOLERANCE_S).contains(&age) {
        return Ok(());
    }
    Err(Reject::BadSignature(format!(
        "{TIMESTAMP} is more than {TOLERANCE_S} s away from now: sent again by somebody, or a clock is wrong"
    )))
}

fn signatures(list: &str) -> Result<Vec<Vec<u8>>, Reject> {
    let parts: Vec<&str> = list.split(' ').filter(|part| !part.is_empty()).take(SIGNATURES + 1).collect();
    if parts.len() > SIGNATURES {
        return Err(Reject::BadSignature(format!("{SIGNATURE} holds more than {SIGNATURES} signatures")));
    }
    Ok(parts.into_iter().filter_map(|part| STANDARD.decode(part.strip_prefix("v1,")?).ok()).collect())
}

/// A `whsec_` secret is a key in base64; whether every sender decodes it is not sure, so its own bytes are a key too.
fn keys(secret: &Secret) -> Vec<Vec<u8>> {
    let whole = secret.expose();
    let decoded = whole.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok()).filter(|key| !key.is_empty());
    std::iter::once(whole.as_bytes().to_vec()).chain(decoded).collect()
}

fn fits(key: &[u8], signed: &[&[u8]], given: &[u8]) -> Choice {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Choice::from(0) };
    for part in signed {
        mac.update(part);
    }
    mac.finalize().into_bytes().ct_eq(given)
}
