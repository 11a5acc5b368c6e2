//! A GitLab delivery → signals. Hooks that carry nothing for an approval say nothing.

use super::{Namer, deployment, job, merge_request, pipeline};
use crate::sources::reading::Fields;
use crate::sources::{Parsed, Reject, Signal, delivery};
use axum::http::HeaderMap;
use serde_json::Value;

type Reader = fn(&Namer, &str, &Fields<'_>) -> Result<(String, Vec<Signal>), Reject>;

/// The hooks that are read, by GitLab's names for them.
const READERS: [(&str, Reader); 4] = [
    ("Deployment Hook", deployment::read),
    ("Job Hook", job::read),
    ("Pipeline Hook", pipeline::read),
    ("Merge Request Hook", merge_request::read),
];

pub fn parse(namer: &Namer, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
    let hook = delivery::event(headers, "X-Gitlab-Event");
    let key = delivery_key(headers, &hook, body);
    let Some((_, read)) = READERS.iter().find(|(name, _)| *name == hook) else {
        return Ok(Parsed { key, event: hook, signals: Vec::new() });
    };
    let body: Value = serde_json::from_slice(body).map_err(|error| Reject::malformed("", format!("the body is not JSON: {error}")))?;
    let (event, signals) = read(namer, &hook, &Fields(&body))?;
    Ok(Parsed { key, event, signals })
}

/// `Idempotency-Key` stays the same over retries (GitLab 17.4), `webhook-id` equals it. The event's UUID alone is
/// shared by hooks that one hook set off, so without them the webhook and the body count too.
fn delivery_key(headers: &HeaderMap, hook: &str, body: &[u8]) -> String {
    let own = delivery::header(headers, "webhook-id").or_else(|| delivery::header(headers, "Idempotency-Key"));
    own.unwrap_or_else(|| {
        let event = delivery::header(headers, "X-Gitlab-Event-UUID").unwrap_or_default();
        let webhook = delivery::header(headers, "X-Gitlab-Webhook-UUID").unwrap_or_default();
        delivery::digest(&[hook.as_bytes(), event.as_bytes(), webhook.as_bytes(), body])
    })
}
