//! The job hook: where GitLab has no approvals, a manual deployment job is what waits.

use super::Namer;
use super::run::{Run, Told};
use crate::sources::reading::{Fields, cut, is_hash, web_address};
use crate::sources::{Reject, Signal};
use engine::event::DeploymentOutcome;

/// How much of a status is kept in the event's name, in bytes.
const STATUS_BYTES: usize = 40;

/// The event's name, and what it says. A job that deploys nowhere says nothing.
pub fn read(namer: &Namer, hook: &str, fields: &Fields<'_>) -> Result<(String, Vec<Signal>), Reject> {
    let Some(status) = fields.text("/build_status") else { return Ok((hook.to_owned(), Vec::new())) };
    let event = format!("{hook}/{}", cut(&status, STATUS_BYTES));
    if !deploys(fields, "/environment") {
        return Ok((event, Vec::new()));
    }
    let signal = match status.as_str() {
        "manual" => run(namer, fields)?.opens(told(namer, fields), &event),
        "running" => run(namer, fields)?.started(),
        other => match outcome(other) {
            Some(outcome) => run(namer, fields)?.finished(outcome),
            None => return Ok((event, Vec::new())),
        },
    };
    Ok((event, vec![signal]))
}

/// Jobs that stop, verify or only look at an environment name it too.
pub fn deploys(fields: &Fields<'_>, pointer: &str) -> bool {
    let action = fields.text(&format!("{pointer}/action"));
    fields.text(&format!("{pointer}/name")).is_some() && action.is_none_or(|action| action == "start")
}

/// How a job ended, if it did. One that was skipped can still be run when what it waits for is tried again.
pub fn outcome(status: &str) -> Option<DeploymentOutcome> {
    match status {
        "success" => Some(DeploymentOutcome::Success),
        "failed" => Some(DeploymentOutcome::Failure),
        "canceled" => Some(DeploymentOutcome::Cancelled),
        _ => None,
    }
}

/// Newer versions send the whole project; older ones its id, and its path in the repository's address.
fn run<'a>(namer: &'a Namer, fields: &Fields<'_>) -> Result<Run<'a>, Reject> {
    let missing = || Reject::malformed("/project/path_with_namespace", "the project’s path is missing");
    let path = fields.text("/project/path_with_namespace").or_else(|| path_of(&web_address(fields, "/repository/homepage")?));
    let commit = fields.required_text("/sha")?.to_ascii_lowercase();
    if !is_hash(&commit) {
        return Err(Reject::malformed("/sha", "this is no commit’s hash"));
    }
    Ok(Run {
        namer,
        project: fields.required_number("/project_id")?,
        path: path.ok_or_else(missing)?,
        environment: fields.required_text("/environment/name")?,
        tier: fields.text("/environment/deployment_tier"),
        commit,
        job: Some(fields.required_number("/build_id")?),
        deployment: None,
    })
}

fn told(namer: &Namer, fields: &Fields<'_>) -> Told {
    let page = web_address(fields, "/project/web_url").or_else(|| web_address(fields, "/repository/homepage"));
    let job = fields.number("/build_id");
    Told {
        title: fields.text("/commit/message").and_then(|message| message.lines().next().map(str::to_owned)),
        git_ref: fields.text("/ref"),
        url: page.zip(job).map(|(page, job)| format!("{page}/-/jobs/{job}")),
        initiator: namer.account(fields, "/user"),
    }
}

/// `https://gitlab.example.com/payments/checkout-api` → `payments/checkout-api`.
fn path_of(homepage: &str) -> Option<String> {
    let path = url::Url::parse(homepage).ok()?.path().trim_matches('/').to_owned();
    (!path.is_empty()).then_some(path)
}
