//! The paths of GitHub's API that belong to one waiting deployment, and how its answers are read.

use super::run::is_full_name;
use crate::sources::reading::cut;
use crate::sources::{Call, Exchange, Turn};
use engine::event::ToolDecision;
use engine::request::Callback;
use serde_json::{Value, json};

/// The longest comment that GitHub takes, in characters.
pub const COMMENT_CHARS: usize = 1024;
/// How much of an answer's message is repeated to people, in bytes.
const MESSAGE_BYTES: usize = 300;

/// A callback's parameters, checked: they become parts of a path.
pub struct Target<'a> {
    repository: &'a str,
    run: &'a str,
    deployment: &'a str,
    pub environment: &'a str,
}

impl<'a> Target<'a> {
    pub fn of(callback: &'a Callback) -> Result<Self, Turn> {
        Ok(Self {
            repository: repository(callback)?,
            run: number(callback, "run_id")?,
            deployment: number(callback, "deployment_id")?,
            environment: callback.params.get("environment").map(String::as_str).unwrap_or_default(),
        })
    }

    /// Our word on the rule of the application.
    pub fn rule(&self, decision: ToolDecision, comment: &str) -> Call {
        let body = json!({ "environment_name": self.environment, "state": state(decision), "comment": shortened(comment) });
        Call::post(self.below_run("deployment_protection_rule"), Some(body))
    }

    /// What the rule shows while it waits: a word without a state.
    pub fn report(&self, words: &str) -> Call {
        let body = json!({ "environment_name": self.environment, "comment": shortened(words) });
        Call::post(self.below_run("deployment_protection_rule"), Some(body))
    }

    /// Our word as a required reviewer of the environment with this id.
    pub fn review(&self, environment: i64, decision: ToolDecision, comment: &str) -> Call {
        let body = json!({ "environment_ids": [environment], "state": state(decision), "comment": shortened(comment) });
        Call::post(self.below_run("pending_deployments"), Some(body))
    }

    /// The environments that the run waits for.
    pub fn pending(&self) -> Call {
        Call::get(self.below_run("pending_deployments"))
    }

    /// Who reviewed the run, and how.
    pub fn approvals(&self) -> Call {
        Call::get(self.below_run("approvals"))
    }

    pub fn statuses(&self) -> Call {
        Call::get(format!("/repos/{}/deployments/{}/statuses?per_page=100", self.repository, self.deployment))
    }

    pub fn run(&self) -> Call {
        Call::get(format!("/repos/{}/actions/runs/{}", self.repository, self.run))
    }

    fn below_run(&self, what: &str) -> String {
        format!("/repos/{}/actions/runs/{}/{what}", self.repository, self.run)
    }
}

pub fn repository(callback: &Callback) -> Result<&str, Turn> {
    let path = callback.params.get("repository").map(String::as_str).unwrap_or_default();
    is_full_name(path)
        .then_some(path)
        .ok_or_else(|| Turn::Failed { why: "the callback’s repository is not an owner and a name".to_owned() })
}

pub fn number<'a>(callback: &'a Callback, param: &str) -> Result<&'a str, Turn> {
    let value = callback.params.get(param).map(String::as_str).unwrap_or_default();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(value);
    }
    Err(Turn::Failed { why: format!("the callback’s {param} is not a number") })
}

fn state(decision: ToolDecision) -> &'static str {
    match decision {
        ToolDecision::Approve => "approved",
        ToolDecision::Reject => "rejected",
    }
}

fn shortened(comment: &str) -> String {
    comment.chars().take(COMMENT_CHARS).collect()
}

/// GitHub's own words in an answer.
pub fn said(answer: &Exchange) -> String {
    let text = match answer.body.get("message").unwrap_or(&answer.body) {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    cut(text.trim(), MESSAGE_BYTES).to_owned()
}

/// Whether the same call may be answered otherwise later. GitHub says 403, too, to whoever asks too often.
pub fn passes(answer: &Exchange) -> bool {
    let too_often = answer.status == 403 && said(answer).to_lowercase().contains("rate limit");
    too_often || matches!(answer.status, 408 | 425 | 429 | 500..)
}

/// An answer that no step expects: it may pass, or somebody has to look.
pub fn unexpected(answer: &Exchange, doing: &str) -> Turn {
    let why = match (answer.status, said(answer)) {
        (401, _) => format!("{doing}: GitHub does not accept the token (401)"),
        (status, said) if said.is_empty() => format!("{doing}: GitHub answered {status}"),
        (status, said) => format!("{doing}: GitHub answered {status}: {said}"),
    };
    if passes(answer) { Turn::Wait { why } } else { Turn::Failed { why } }
}
