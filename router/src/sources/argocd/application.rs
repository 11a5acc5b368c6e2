//! The paths of Argo CD's API that belong to one application, and how its answers are read.

use super::revision::Revision;
use crate::sources::reading::{Fields, cut};
use crate::sources::{Call, Exchange, Turn, segment};
use engine::request::Callback;
use serde_json::{Value, json};

/// How much of an answer's message is repeated to people, in bytes.
const MESSAGE_BYTES: usize = 300;

/// A callback's parameters, encoded where they become parts of a path.
pub struct Target<'a> {
    path: String,
    project: String,
    pub uid: &'a str,
    pub revision: Revision,
}

impl<'a> Target<'a> {
    pub fn of(callback: &'a Callback) -> Result<Self, Turn> {
        let param = |name: &str| callback.params.get(name).map(String::as_str).unwrap_or_default();
        let encoded = |name: &str| {
            segment::encoded(param(name)).ok_or_else(|| Turn::Failed { why: format!("the callback’s {name} can’t be part of a path") })
        };
        Ok(Self {
            path: format!("/applications/{}", encoded("app")?),
            project: encoded("project")?,
            uid: callback.params.get("uid").map(String::as_str).unwrap_or_default(),
            revision: Revision::of(callback),
        })
    }

    pub fn read(&self) -> Call {
        Call::get(format!("{}?project={}", self.path, self.project))
    }

    /// The revision is pinned; nothing is pruned that was not asked for.
    pub fn sync(&self, comment: &str) -> Call {
        let mut body = json!({
            "prune": false,
            "dryRun": false,
            "strategy": { "hook": {} },
            "infos": [{ "name": "approval", "value": comment }],
        });
        match self.revision.list() {
            None => body["revision"] = json!(self.revision.text),
            Some(list) => {
                // Positions count from 1, and are 64-bit numbers, which its JSON writes as texts.
                body["sourcePositions"] = (1..=list.len()).map(|position| position.to_string()).collect();
                body["revisions"] = json!(list);
            }
        }
        Call::post(format!("{}/sync", self.path), Some(body))
    }

    /// Of one revision; `source` counts from 0 among several. `None` for a revision that can't be part of a path.
    pub fn metadata(&self, source: usize, revision: &str) -> Option<Call> {
        let of_source = self.revision.list().map(|_| format!("?sourceIndex={source}")).unwrap_or_default();
        Some(Call::get(format!("{}/revisions/{}/metadata{of_source}", self.path, segment::encoded(revision)?)))
    }
}

/// An application as Argo CD shows it, as far as a decision depends on it.
pub struct Application {
    pub uid: String,
    /// The revision that it is synced to, while it is.
    pub synced: Option<String>,
    /// The revision of an operation that was accepted and has not ended.
    pub requested: Option<String>,
    /// The operation that runs, or ran last.
    pub last: Option<Operation>,
}

pub struct Operation {
    pub phase: Phase,
    pub revision: Option<String>,
    /// Tells one operation from another.
    pub started_at: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Running,
    Over,
}

impl Application {
    /// `None` for an answer that is no application.
    pub fn of(answer: &Exchange) -> Option<Self> {
        let fields = Fields(&answer.body);
        let uid = fields.text("/metadata/uid").filter(|_| answer.status == 200)?;
        let is_synced = fields.text("/status/sync/status").as_deref() == Some("Synced");
        let last = fields.text("/status/operationState/phase").map(|phase| Operation {
            phase: Phase::of(&phase),
            revision: revision(&fields),
            started_at: fields.text("/status/operationState/startedAt").unwrap_or_default(),
        });
        let is_requested = answer.body.get("operation").is_some_and(Value::is_object);
        Some(Self {
            uid,
            synced: at(&fields, "/status/sync/").filter(|_| is_synced),
            requested: is_requested.then(|| at(&fields, "/operation/sync/").unwrap_or_default()),
            last,
        })
    }
}

/// What was synced; before that is known, what was asked for.
fn revision(fields: &Fields<'_>) -> Option<String> {
    at(fields, "/status/operationState/syncResult/").or_else(|| at(fields, "/status/operationState/operation/sync/"))
}

fn at(fields: &Fields<'_>, place: &str) -> Option<String> {
    Revision::read(fields, place).map(|revision| revision.text)
}

impl Phase {
    fn of(word: &str) -> Self {
        match word {
            "Running" | "Terminating" => Self::Running,
            _ => Self::Over,
        }
    }
}

/// Argo CD's own words in an answer: `message`, else `error`.
pub fn message(answer: &Exchange) -> String {
    let said = answer.body.get("message").or_else(|| answer.body.get("error")).unwrap_or(&answer.body);
    cut(said.as_str().unwrap_or_default().trim(), MESSAGE_BYTES).to_owned()
}

/// An answer that no step expects: it may pass, or somebody has to look.
pub fn unexpected(answer: &Exchange, doing: &str) -> Turn {
    let why = match (answer.status, message(answer)) {
        (401, _) => format!("{doing}: Argo CD does not accept the token (401)"),
        (status, said) if said.is_empty() => format!("{doing}: Argo CD answered {status}"),
        (status, said) => format!("{doing}: Argo CD answered {status}: {said}"),
    };
    match answer.status {
        408 | 425 | 429 | 500.. => Turn::Wait { why },
        _ => Turn::Failed { why },
    }
}
