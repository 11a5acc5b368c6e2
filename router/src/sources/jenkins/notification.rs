//! The Notification plugin's JSON: how a build ended. A build starts before its gates, so its start says nothing.

use super::{Jenkins, run};
use crate::sources::reading::{Fields, cut};
use crate::sources::{Parsed, Reject, Signal, delivery, segment};
use engine::event::DeploymentOutcome;
use serde_json::Value;

/// How much of a phase and a status is kept in the event's name, in bytes each.
const WORD_BYTES: usize = 40;
/// The phase after which nothing of a build changes any more; `COMPLETED` comes before its post-build steps.
const LAST: &str = "FINALIZED";

/// The plugin sends no id; the same phase of the same build is the same delivery.
pub fn parse(jenkins: &Jenkins, json: &Value) -> Result<Parsed, Reject> {
    let fields = Fields(json);
    let phase = fields.required_text("/build/phase")?;
    let status = fields.text("/build/status").unwrap_or_default();
    let url = fields.required_text("/build/full_url")?;
    let key = delivery::digest(&[url.as_bytes(), phase.as_bytes(), status.as_bytes()]);
    let event = format!("build {}/{}", cut(&phase, WORD_BYTES), cut(&status, WORD_BYTES));
    let signals = match outcome(&status).filter(|_| phase == LAST) {
        None => Vec::new(),
        Some(outcome) => {
            let (job, build) = (job(&fields)?, fields.required_number("/build/number")?);
            vec![Signal::RunFinished { keys_begin: jenkins.keys_begin(&job, build), run: run(&job, build), outcome }]
        }
    };
    Ok(Parsed { key, event, signals })
}

/// An unstable build went through and found faults: it is no success.
fn outcome(status: &str) -> Option<DeploymentOutcome> {
    match status {
        "SUCCESS" => Some(DeploymentOutcome::Success),
        "FAILURE" | "UNSTABLE" => Some(DeploymentOutcome::Failure),
        "ABORTED" | "NOT_BUILT" => Some(DeploymentOutcome::Cancelled),
        _ => None,
    }
}

/// `name` is the job's last name only; the URL has its folders: `job/payments/job/checkout/`.
fn job(fields: &Fields<'_>) -> Result<String, Reject> {
    let fault = || Reject::malformed("/url", "this is not the URL of a job: job/<folder>/job/<name>/");
    let url = fields.required_text("/url")?;
    let segments: Vec<&str> = url.split('/').filter(|segment| !segment.is_empty()).collect();
    let names = segments.chunks(2).map(|pair| match pair {
        ["job", name] => segment::decoded(name).ok_or_else(fault),
        _ => Err(fault()),
    });
    names.collect::<Result<Vec<String>, Reject>>().map(|names| names.join("/"))
}
