//! After an approval: GitLab unblocks the deployment, but its job stays manual until somebody starts it.

use super::decision::{Approval, State};
use super::target::{Step, Target, message, unexpected};
use crate::sources::reading::Fields;
use crate::sources::{Exchange, Turn};
use engine::event::ToolDecision;

/// The job is read before it is started: who has it running already must not hear of it again.
pub fn start(target: &Target<'_>) -> Turn {
    match target.job() {
        Some(read) => Turn::Call(read),
        None => Turn::Confirmed { note: "GitLab names no job for this deployment, so none was started".to_owned() },
    }
}

/// GitLab says that the deployment does not wait for approvals: has it been let through, or is it over?
pub fn read_back(target: &Target<'_>, state: &State) -> Turn {
    if state.rejected {
        return otherwise("the deployment was rejected in GitLab");
    }
    match state.status.as_str() {
        "blocked" | "created" => start(target),
        "running" | "success" => Turn::Confirmed { note: format!("the deployment had gone ahead already: {}", state.status) },
        "failed" if state.approved => Turn::Confirmed { note: "the deployment had been approved already, and has failed".to_owned() },
        "failed" | "canceled" | "skipped" => otherwise(&format!("the deployment was over before it was approved: {}", state.status)),
        unknown => Turn::Failed { why: format!("reading the deployment: its status “{unknown}” is not known to this build") },
    }
}

/// Also read a second time, when GitLab would not start it.
pub fn job(target: &Target<'_>, so_far: &[Exchange], answer: &Exchange) -> Turn {
    let fields = Fields(&answer.body);
    let Some(status) = fields.text("/status").filter(|_| answer.status == 200) else {
        return unexpected(answer, &format!("reading the job{}", after_what(so_far)));
    };
    match status.as_str() {
        "manual" => play(target, so_far),
        "created" | "waiting_for_resource" | "waiting_for_callback" | "preparing" | "pending" | "scheduled" | "running" | "success" => {
            Turn::Confirmed { note: format!("the job had been started already: {status}") }
        }
        "failed" if fields.text("/failure_reason").as_deref() == Some("deployment_rejected") => {
            otherwise("the deployment was rejected in GitLab")
        }
        "failed" => Turn::Confirmed { note: "the job had run already, and has failed".to_owned() },
        "canceled" | "canceling" | "skipped" => otherwise(&format!("the job was stopped in GitLab: {status}")),
        unknown => Turn::Failed { why: format!("reading the job: its status “{unknown}” is not known to this build") },
    }
}

fn play(target: &Target<'_>, so_far: &[Exchange]) -> Turn {
    if so_far.iter().any(|exchange| target.step(&exchange.call) == Step::Play) {
        return Turn::Wait { why: "GitLab does not start the job yet: it may wait for further approvals".to_owned() };
    }
    target.play().map_or_else(|| start(target), Turn::Call)
}

pub fn played(target: &Target<'_>, so_far: &[Exchange], answer: &Exchange) -> Turn {
    match answer.status {
        200..=299 if was_taken(so_far) => Turn::Confirmed { note: "approved, and the job was started".to_owned() },
        200..=299 => Turn::Confirmed { note: "GitLab asked for no approval; the job was started".to_owned() },
        400 if message(answer).to_lowercase().contains("unplayable") => start(target),
        _ => unexpected(answer, &format!("starting the job{}", after_what(so_far))),
    }
}

fn was_taken(so_far: &[Exchange]) -> bool {
    so_far.first().is_some_and(|first| matches!(Approval::of(first), Approval::Taken))
}

/// Whoever looks into a failure has to know that half of it is done.
fn after_what(so_far: &[Exchange]) -> &'static str {
    if was_taken(so_far) { " (the approval itself was taken)" } else { "" }
}

fn otherwise(note: &str) -> Turn {
    Turn::DecidedOtherwise { decision: ToolDecision::Reject, note: note.to_owned() }
}
