//! A GitHub delivery → signals. Events that carry nothing for an approval say nothing.

use super::names::Namer;
use super::{Way, job, review, rule, status};
use crate::sources::reading::{Fields, cut};
use crate::sources::{Parsed, Reject, Signal, delivery};
use axum::http::HeaderMap;
use serde_json::Value;

/// How much of an action or a state is kept in the event's name, in bytes.
const WORD_BYTES: usize = 40;

/// A delivery of a kind that is read.
pub struct Reading<'a> {
    pub namer: &'a Namer,
    pub way: Way,
    /// For people: `deployment_status/waiting`.
    pub event: String,
    pub fields: Fields<'a>,
}

/// Where the word stands that tells deliveries of one event apart, and what reads them.
struct Kind {
    event: &'static str,
    word: &'static str,
    read: fn(&Reading<'_>, &str) -> Result<Vec<Signal>, Reject>,
}

/// `workflow_run` is not among them: it names no environment, and a run may deploy to several.
const KINDS: [Kind; 4] = [
    Kind { event: "deployment_protection_rule", word: "/action", read: rule::read },
    Kind { event: "deployment_status", word: "/deployment_status/state", read: status::read },
    Kind { event: "deployment_review", word: "/action", read: review::read },
    Kind { event: "workflow_job", word: "/action", read: job::read },
];

/// A redelivery keeps its `X-GitHub-Delivery`.
pub fn parse(namer: &Namer, way: Way, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
    let event = delivery::event(headers, "X-GitHub-Event");
    let key = delivery::header(headers, "X-GitHub-Delivery").unwrap_or_else(|| delivery::digest(&[event.as_bytes(), body]));
    let Some(kind) = KINDS.iter().find(|kind| kind.event == event) else { return Ok(Parsed { key, event, signals: Vec::new() }) };
    let body: Value = serde_json::from_slice(body).map_err(|error| Reject::malformed("", format!("the body is not JSON: {error}")))?;
    let fields = Fields(&body);
    let Some(word) = fields.text(kind.word) else { return Ok(Parsed { key, event, signals: Vec::new() }) };
    let reading = Reading { namer, way, event: format!("{event}/{}", cut(&word, WORD_BYTES)), fields };
    let signals = (kind.read)(&reading, &word)?;
    Ok(Parsed { key, event: reading.event, signals })
}
