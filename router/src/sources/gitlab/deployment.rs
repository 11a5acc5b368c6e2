//! The deployment hook: the one that says everything, approvals included.

use super::Namer;
use super::run::{Run, Told, project};
use crate::sources::reading::{Fields, cut, is_hash, web_address};
use crate::sources::{Reject, Signal};
use engine::event::{DeploymentOutcome, ToolDecision};
use url::Url;

/// How much of an unknown status is kept in the event's name, in bytes.
const STATUS_BYTES: usize = 40;

/// What a deployment's status means here. GitLab grows new ones: those say nothing.
#[derive(Clone, Copy)]
enum Status {
    Waits,
    Starts,
    Ends(DeploymentOutcome),
    Decided(ToolDecision),
}

impl Status {
    fn of(word: &str) -> Option<Self> {
        match word {
            "blocked" => Some(Self::Waits),
            "running" => Some(Self::Starts),
            "success" => Some(Self::Ends(DeploymentOutcome::Success)),
            "failed" => Some(Self::Ends(DeploymentOutcome::Failure)),
            "canceled" => Some(Self::Ends(DeploymentOutcome::Cancelled)),
            "approved" => Some(Self::Decided(ToolDecision::Approve)),
            "rejected" => Some(Self::Decided(ToolDecision::Reject)),
            _ => None,
        }
    }
}

/// The event's name, and what it says.
pub fn read(namer: &Namer, hook: &str, fields: &Fields<'_>) -> Result<(String, Vec<Signal>), Reject> {
    let Some(word) = fields.text("/status") else { return Ok((hook.to_owned(), Vec::new())) };
    let event = format!("{hook}/{}", cut(&word, STATUS_BYTES));
    let Some(status) = Status::of(&word) else { return Ok((event, Vec::new())) };
    let run = run(namer, fields)?;
    let signal = match status {
        Status::Waits => run.opens(told(namer, fields), &event),
        Status::Starts => run.started(),
        Status::Ends(outcome) => run.finished(outcome),
        Status::Decided(decision) => {
            let by = namer.account(fields, "/approver");
            let comment = fields.text("/approval/comment").unwrap_or_default();
            Signal::DecidedOutside { key: run.key(), run: run.id(), decision, by, comment }
        }
    };
    Ok((event, vec![signal]))
}

fn run<'a>(namer: &'a Namer, fields: &Fields<'_>) -> Result<Run<'a>, Reject> {
    let deployment = fields.required_number("/deployment_id")?;
    let (project, path) = project(fields)?;
    Ok(Run {
        namer,
        project,
        path,
        environment: fields.required_text("/environment")?,
        tier: fields.text("/environment_tier"),
        commit: commit(fields)?,
        job: fields.number("/deployable_id"),
        deployment: Some(deployment),
    })
}

fn told(namer: &Namer, fields: &Fields<'_>) -> Told {
    Told {
        title: fields.text("/commit_title"),
        git_ref: fields.text("/ref"),
        url: web_address(fields, "/deployable_url"),
        initiator: namer.account(fields, "/user"),
    }
}

/// The full hash stands only in the commit's URL; the short one says whether it is the right one.
fn commit(fields: &Fields<'_>) -> Result<String, Reject> {
    let short = fields.text("/short_sha").map(|sha| sha.to_ascii_lowercase()).filter(|sha| is_hash(sha));
    let full = fields.text("/commit_url").and_then(|url| hash_of(&url));
    match (short, full) {
        (Some(short), Some(full)) if full.starts_with(&short) => Ok(full),
        (Some(short), _) => Ok(short),
        (None, Some(full)) => Ok(full),
        (None, None) => Err(Reject::malformed("/short_sha", "the commit is missing: neither short_sha nor commit_url names one")),
    }
}

fn hash_of(commit_url: &str) -> Option<String> {
    let url = Url::parse(commit_url).ok()?;
    let last = url.path_segments()?.next_back()?.to_ascii_lowercase();
    // SHA-1 and SHA-256 repositories.
    (matches!(last.len(), 40 | 64) && is_hash(&last)).then_some(last)
}
