//! `workflow_job`: a job that is cancelled while its deployment waits may leave the deployment without a last status.

use super::hook::Reading;
use super::run::Run;
use crate::sources::{Reject, Signal};
use engine::event::DeploymentOutcome;

/// Only jobs that deploy carry a deployment; how the others go says nothing.
pub fn read(reading: &Reading<'_>, action: &str) -> Result<Vec<Signal>, Reject> {
    let Reading { namer, fields, .. } = reading;
    if action != "completed" || fields.number("/deployment/id").is_none() {
        return Ok(Vec::new());
    }
    let outcome = match fields.text("/workflow_job/conclusion").as_deref() {
        Some("success") => DeploymentOutcome::Success,
        Some("failure" | "timed_out" | "startup_failure" | "action_required") => DeploymentOutcome::Failure,
        Some("cancelled" | "skipped" | "stale" | "neutral") => DeploymentOutcome::Cancelled,
        _ => return Ok(Vec::new()),
    };
    let run = fields.required_number("/workflow_job/run_id")?;
    Ok(vec![Run::of_deployment(namer, fields, run)?.finished(outcome)])
}
