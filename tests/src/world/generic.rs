//! Senders without a name of their own: one integration for each form of signature, and somebody who hears decisions.

use super::World;
use super::hooks::Answer;
use crate::fakes::receiver::{Receiver, SECRET as SIGNING, signature};
use serde_json::{Value, json};
use url::Url;

pub const SECRET: &str = "a secret of the sender";
pub const BEARER: &str = "generic-bearer";
/// HMAC-SHA512 in base64 over timestamp and body.
pub const HMAC: &str = "generic-hmac";
/// Standard Webhooks both ways, in the sender's own field names.
pub const STANDARD: &str = "generic-standard";

pub(super) fn integrations(receiver: &Url) -> [Value; 3] {
    let hmac = json!({
        "algorithm": "hmac-sha512", "header": "X-Signature", "encoding": "base64", "prefix": "v0=", "timestamp_header": "X-Timestamp",
    });
    let fields = json!({
        "environment": "/target/name", "sha": "/commit/id", "service": "/repository", "requested_by": "/actor", "authors": "/commit/authors",
    });
    [
        json!({ "name": BEARER, "kind": "generic", "secret": SECRET }),
        json!({ "name": HMAC, "kind": "generic", "secret": SECRET, "signature": hmac }),
        json!({
            "name": STANDARD, "kind": "generic", "secret": SIGNING, "signature": { "algorithm": "standard-webhooks" }, "fields": fields,
            "callback_url": receiver.join("/hooks/gate").unwrap(), "token": SIGNING,
        }),
    ]
}

impl World {
    pub fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// Posts to [`STANDARD`] under this id what was signed as `signed`; nothing that follows is done yet.
    pub async fn posts_signed(&self, id: &str, body: &str, signed: &str) -> Answer {
        let time = (self.now().micros() / 1_000_000).to_string();
        let written = signature(&[format!("{id}.{time}.").as_bytes(), signed.as_bytes()]);
        let headers = [("webhook-id", id), ("webhook-timestamp", &time), ("webhook-signature", &written)];
        self.posts(STANDARD, &headers, body).await
    }
}

/// A step in our own names.
pub fn step() -> Value {
    json!({
        "environment": "production", "sha": "77aa77aa77aa77aa77aa77aa77aa77aa77aa77aa", "service": "checkout-api",
        "requested_by": "requester-1", "authors": ["author-1"],
    })
}

/// The same in the names of the sender that [`STANDARD`] maps.
pub fn foreign() -> Value {
    json!({
        "repository": "checkout-api", "target": { "name": "production" }, "actor": "requester-1", "unrelated": [1, 2],
        "commit": { "id": "77aa77aa77aa77aa77aa77aa77aa77aa77aa77aa", "authors": ["author-1"] },
    })
}
