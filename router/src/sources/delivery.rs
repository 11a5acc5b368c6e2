//! Delivery keys: what a repeat of the same delivery has in common with the first.

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

/// The longest key that is kept as it came, in bytes. Senders use UUIDs; longer ones are kept as their digest.
const KEY_BYTES: usize = 128;
/// The longest name of an event that is kept, in bytes.
const EVENT_BYTES: usize = 100;

/// The sender's own id of the delivery, if it gives one.
pub fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    if value.is_empty() {
        return None;
    }
    match value.to_str() {
        Ok(text) if text.len() <= KEY_BYTES => Some(text.to_owned()),
        _ => Some(digest(&[value.as_bytes()])),
    }
}

/// A key made from what the delivery says. Each part counts with its length, so that no two lists look alike.
pub fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    format!("sha256:{}", hex::encode(hasher.finalize()))
}

/// The event's name as its header says, for people: bounded, and never empty.
pub fn event(headers: &HeaderMap, name: &str) -> String {
    let text = headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if text.is_empty() { "unnamed event".to_owned() } else { super::reading::cut(text, EVENT_BYTES).to_owned() }
}
