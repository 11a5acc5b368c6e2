//! Somebody who takes our signed callbacks, and believes only what is signed.

use super::door::{Call, Door, Reply, Tool};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeMap;

/// The key's bytes; the secret is `whsec_` and their base64.
pub const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
pub const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

#[derive(Default)]
pub struct Receiver {
    door: Door,
}

impl Receiver {
    /// The bodies that came, in order; each was signed.
    pub fn heard(&self) -> Vec<Value> {
        self.door.posts().iter().map(Call::json).collect()
    }

    /// What it believes, by the id of each: of what comes again under a known id, the first counts.
    pub fn held(&self) -> BTreeMap<String, Value> {
        let told = self.door.posts().into_iter().rev();
        told.map(|call| (call.header("webhook-id").to_owned(), call.json())).collect()
    }
}

impl Tool for Receiver {
    fn answer(&self, call: &Call) -> Option<Reply> {
        let signed = format!("{}.{}.", call.header("webhook-id"), call.header("webhook-timestamp"));
        let fits = call.header("webhook-signature") == signature(&[signed.as_bytes(), &call.body]);
        let status = if fits { 202 } else { 401 };
        (call.path == "/hooks/gate").then(|| Reply::Json(status, json!({ "signed": fits })))
    }

    fn door(&self) -> &Door {
        &self.door
    }
}

/// `v1,` and the signature of these parts together.
pub fn signature(parts: &[&[u8]]) -> String {
    #[allow(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("a key");
    parts.iter().for_each(|part| mac.update(part));
    format!("v1,{}", base64(&mac.finalize().into_bytes()))
}

/// RFC 4648, with padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        let letter = |place: usize| if place > three.len() { '=' } else { char::from(LETTERS[bits >> (18 - 6 * place) & 63]) };
        (0..4).map(letter).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
