//! The sentence that goes with our decision into the tool, and by which its echo is known again.

use crate::app::{App, Failure};
use engine::change::Change;
use engine::directory::Directory;
use engine::event::Choice;
use engine::ids::ChangeId;
use engine::phase::Phase;

/// What people of the tool read: where the record is, and who decided what. The link stands first, because tools cut
/// long comments at their end.
pub fn comment(app: &App, change: &Change, directory: &Directory) -> String {
    format!("{} {}", link(app, change), decided(change, directory))
}

fn decided(change: &Change, directory: &Directory) -> String {
    let number = change.number;
    match &change.phase {
        Phase::Rejected { by: Some(by), rationale } => format!("{number} was rejected by {}: {rationale}", directory.name(by)),
        Phase::Rejected { by: None, rationale } => format!("{number} was rejected: {rationale}"),
        Phase::Expired { .. } => format!("{number} expired: no decision in time."),
        Phase::Cancelled { why } => format!("{number} was withdrawn: {why}"),
        Phase::Superseded { by } => format!("{number} was replaced by {}.", by.number),
        Phase::Draft { .. }
        | Phase::Gating
        | Phase::Blocked { .. }
        | Phase::Pending { .. }
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. } => format!("{number} was approved{}.", approvers(change, directory)),
    }
}

fn approvers(change: &Change, directory: &Directory) -> String {
    let approvals = change.standing_votes().filter(|vote| vote.voted.choice == Choice::Approve);
    let names: Vec<&str> = approvals.map(|vote| directory.name(&vote.voted.person)).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!(" by {}", names.join(" and ")),
    }
}

pub(super) fn link(app: &App, change: &Change) -> String {
    format!("{}/changes/{}", app.settings.server.web(), change.number)
}

/// Whether a comment in the tool is the one that went with our own decision.
pub async fn is_ours(app: &App, id: ChangeId, comment: &str) -> Result<bool, Failure> {
    let change = app.change(id).await?;
    Ok(comment.split_whitespace().next() == Some(link(app, &change).as_str()))
}
