//! What a tool shows while it waits for a decision. Short and without names: whoever can see the run reads it.

use super::App;
use super::comment::link;
use engine::block::BlockReason;
use engine::change::Change;
use engine::directory::Directory;
use engine::ids::GateName;
use engine::phase::Phase;
use engine::sealed::as_shown;
use engine::sentence::listed;
use engine::standing::standing;

/// `None` while there is nothing to say yet, and once there is a decision to tell.
pub fn report(app: &App, change: &Change, directory: &Directory) -> Option<String> {
    let number = change.number;
    let state = match &change.phase {
        Phase::Draft { .. } => "waits for its requester".to_owned(),
        Phase::Blocked { why: BlockReason::Gates { troubles } } => {
            format!("is blocked by {}", gates(troubles.iter().map(|trouble| trouble.gate.as_str()).collect()))
        }
        Phase::Blocked { .. } => "is blocked".to_owned(),
        Phase::Gating if !awaited(change).is_empty() => format!("waits for the facts of {}", gates(awaited(change))),
        Phase::Pending { .. } => format!("waits for approval: {}", missing(change, directory)),
        Phase::Approved { .. } if !change.holds.is_empty() => held(change),
        Phase::Gating
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. }
        | Phase::Rejected { .. }
        | Phase::Expired { .. }
        | Phase::Cancelled { .. }
        | Phase::Superseded { .. } => return None,
    };
    Some(format!("{} {number} {state}.", link(app, change)))
}

/// By which gates, if by any.
fn held(change: &Change) -> String {
    let by: Vec<&str> = change.holds.iter().filter_map(|hold| Some(hold.gate()?.gate.as_str())).collect();
    if by.is_empty() { "is approved and held".to_owned() } else { format!("is approved and held by {}", gates(by)) }
}

/// Gates that no fact has come for.
fn awaited(change: &Change) -> Vec<&str> {
    let rules = change.rules.iter().flat_map(|rules| &rules.gates.rules);
    let is_waived = |gate: &GateName| change.evidence.waivers().any(|waiver| &waiver.gate == gate);
    rules.filter(|rule| change.evidence.judged(&rule.name).is_none() && !is_waived(&rule.name)).map(|rule| rule.name.as_str()).collect()
}

fn gates(names: Vec<&str>) -> String {
    let word = if names.len() == 1 { "the gate" } else { "the gates" };
    format!("{word} {}", listed(&names, "and"))
}

/// The requirements that miss somebody.
fn missing(change: &Change, directory: &Directory) -> String {
    let standing = standing(&as_shown(change, directory), directory);
    let names: Vec<&str> = standing.open_and_missing().map(|requirement| requirement.name.as_str()).collect();
    listed(&names, "and")
}
