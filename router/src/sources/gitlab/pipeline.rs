//! The pipeline hook: a pipeline that is cancelled takes the deployments with it that still wait in it.
//!
//! It opens nothing: it arrives again and again with the same waiting job, long after somebody has decided.

use super::Namer;
use super::job::{deploys, outcome};
use super::run::{Run, project};
use crate::sources::reading::{Fields, cut, is_hash};
use crate::sources::{Reject, Signal};
use engine::event::DeploymentOutcome;
use serde_json::Value;

/// How much of a status is kept in the event's name, in bytes.
const STATUS_BYTES: usize = 40;
/// Deployment jobs of one pipeline that are looked at.
const JOBS: usize = 50;

/// The event's name, and what it says.
pub fn read(namer: &Namer, hook: &str, fields: &Fields<'_>) -> Result<(String, Vec<Signal>), Reject> {
    let Some(status) = fields.text("/object_attributes/status") else { return Ok((hook.to_owned(), Vec::new())) };
    let event = format!("{hook}/{}", cut(&status, STATUS_BYTES));
    let jobs: &[Value] = fields.0.pointer("/builds").and_then(Value::as_array).map_or(&[], Vec::as_slice);
    let deployments = jobs.iter().filter(|job| deploys(&Fields(job), "/environment")).take(JOBS);
    let ended: Vec<(&Value, DeploymentOutcome)> = deployments.filter_map(|job| Some((job, ended(&status, job)?))).collect();
    if ended.is_empty() {
        return Ok((event, Vec::new()));
    }
    let (project, path) = project(fields)?;
    let commit = fields.required_text("/object_attributes/sha")?.to_ascii_lowercase();
    if !is_hash(&commit) {
        return Err(Reject::malformed("/object_attributes/sha", "this is no commit’s hash"));
    }
    let signals = ended.into_iter().filter_map(|(job, outcome)| {
        let job = Fields(job);
        let environment = job.required_text("/environment/name").ok()?;
        let (path, commit) = (path.clone(), commit.clone());
        let run = Run { namer, project, path, environment, tier: None, commit, job: Some(job.number("/id")?), deployment: None };
        Some(run.finished(outcome))
    });
    Ok((event, signals.collect()))
}

/// A job that a cancelled pipeline never came to is skipped. One that is manual can still be started.
fn ended(pipeline: &str, job: &Value) -> Option<DeploymentOutcome> {
    let status = Fields(job).text("/status")?;
    match (pipeline, status.as_str()) {
        ("canceled", "skipped") => Some(DeploymentOutcome::Cancelled),
        ("canceled" | "failed" | "success", status) => outcome(status),
        _ => None,
    }
}
