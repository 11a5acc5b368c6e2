//! `deployment_review`: somebody decided on GitHub's own pages, or it is the echo of our own decision.

use super::hook::Reading;
use super::run::repository;
use crate::sources::reading::{Fields, is_hash};
use crate::sources::{Reject, Signal};
use engine::event::ToolDecision;
use serde_json::Value;
use std::collections::BTreeSet;

/// Environments of one review that are looked at.
const ENVIRONMENTS: usize = 50;

/// That a review is asked for says nothing here: the deployment's status says so too, and names the deployment.
pub fn read(reading: &Reading<'_>, action: &str) -> Result<Vec<Signal>, Reject> {
    let decision = match action {
        "approved" => ToolDecision::Approve,
        "rejected" => ToolDecision::Reject,
        _ => return Ok(Vec::new()),
    };
    let Reading { namer, fields, .. } = reading;
    let environments = environments(fields);
    if environments.is_empty() {
        return Ok(Vec::new());
    }
    let (repository, _) = repository(fields)?;
    let run = fields.required_number("/workflow_run/id")?;
    let commit = fields.required_text("/workflow_run/head_sha")?.to_ascii_lowercase();
    if !is_hash(&commit) {
        return Err(Reject::malformed("/workflow_run/head_sha", "this is no commit’s hash"));
    }
    let by = if fields.number("/approver/id").is_some() { "/approver" } else { "/sender" };
    let decided = |environment: String| Signal::DecidedOutside {
        key: namer.key(repository, &environment, &commit, run),
        run: run.to_string(),
        decision,
        by: namer.account(fields, by),
        comment: fields.text("/comment").unwrap_or_default(),
    };
    Ok(environments.into_iter().map(decided).collect())
}

/// One review may be of several jobs, and several jobs may go to one environment.
fn environments(fields: &Fields<'_>) -> BTreeSet<String> {
    let jobs: &[Value] = fields.0.pointer("/workflow_job_runs").and_then(Value::as_array).map_or(&[], Vec::as_slice);
    let of_jobs = jobs.iter().take(ENVIRONMENTS).filter_map(|job| Fields(job).text("/environment"));
    of_jobs.chain(fields.text("/workflow_job_run/environment")).chain(fields.text("/environment")).collect()
}
