//! What a tool shows while it waits for a decision. Short and without names: whoever can see the run reads it.

use super::App;
use super::comment::link;
use engine::change::Change;
use engine::directory::Directory;
use engine::phase::Phase;
use engine::sealed::as_shown;
use engine::sentence::listed;
use engine::standing::standing;

/// `None` while there is nothing to say yet, and once there is a decision to tell.
pub fn report(app: &App, change: &Change, directory: &Directory) -> Option<String> {
    let number = change.number;
    let state = match &change.phase {
        Phase::Draft { .. } => "waits for its requester".to_owned(),
        Phase::Blocked { .. } => "is blocked".to_owned(),
        Phase::Pending { .. } => format!("waits for approval: {}", missing(change, directory)),
        Phase::Approved { .. } if !change.holds.is_empty() => "is approved and held".to_owned(),
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

/// The requirements that miss somebody.
fn missing(change: &Change, directory: &Directory) -> String {
    let standing = standing(&as_shown(change, directory), directory);
    let names: Vec<&str> = standing.open_and_missing().map(|requirement| requirement.name.as_str()).collect();
    listed(&names, "and")
}
