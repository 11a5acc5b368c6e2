//! The paths of Argo CD's API that belong to one application, and how its answers are read.

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
    encoded_revision: String,
    pub uid: &'a str,
    pub revision: &'a str,
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
            encoded_revision: encoded("revision")?,
            uid: callback.params.get("uid").map(String::as_str).unwrap_or_default(),
            revision: callback.params.get("revision").map(String::as_str).unwrap_or_default(),
        })
    }

    pub fn read(&self) -> Call {
        Call::get(format!("{}?project={}", self.path, self.project))
    }

    /// The revision is pinned; nothing is pruned that was not asked for.
    pub fn sync(&self, comment: &str) -> Call {
        let body = json!({
            "revision": self.revision,
            "prune": false,
            "dryRun": false,
            "strategy": { "hook": {} },
            "infos": [{ "name": "approval", "value": comment }],
        });
        Call::post(format!("{}/sync", self.path), Some(body))
    }

    pub fn metadata(&self) -> Call {
        Call::get(format!("{}/revisions/{}/metadata", self.path, self.encoded_revision))
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
            synced: fields.text("/status/sync/revision").filter(|_| is_synced),
            requested: is_requested.then(|| fields.text("/operation/sync/revision").unwrap_or_default()),
            last,
        })
    }
}

/// What was synced; before that is known, what was asked for.
fn revision(fields: &Fields<'_>) -> Option<String> {
    let ran = fields.text("/status/operationState/syncResult/revision");
    ran.or_else(|| fields.text("/status/operationState/operation/sync/revision"))
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
