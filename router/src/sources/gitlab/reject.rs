//! A rejection that GitLab did not take: is it one already, is it none of GitLab's, or is it too late?

use super::decision::State;
use crate::sources::Turn;
use engine::event::ToolDecision;

pub fn read_back(state: &State) -> Turn {
    if state.rejected {
        return confirmed("GitLab held a rejection already");
    }
    match state.status.as_str() {
        "blocked" | "created" if state.approved => otherwise("the deployment was approved in GitLab: whoever may can start its job"),
        "blocked" | "created" => confirmed("GitLab asks for no approval here, so the job stays manual: GitLab does not start it by itself"),
        "running" | "success" => otherwise(&format!("the deployment had gone ahead already: {}", state.status)),
        "failed" if state.approved => otherwise("the deployment had been approved in GitLab, and has failed"),
        "failed" | "canceled" | "skipped" => confirmed(&format!("the deployment was over already: {}", state.status)),
        unknown => Turn::Failed { why: format!("reading the deployment: its status “{unknown}” is not known to this build") },
    }
}

fn confirmed(note: &str) -> Turn {
    Turn::Confirmed { note: note.to_owned() }
}

fn otherwise(note: &str) -> Turn {
    Turn::DecidedOtherwise { decision: ToolDecision::Approve, note: note.to_owned() }
}
