//! Telling GitLab a decision: the approval is posted, and what it answers is read back, never guessed.

use super::target::{Step, Target, message, unexpected};
use super::{approve, reject};
use crate::sources::reading::Fields;
use crate::sources::{Exchange, Turn};
use engine::event::ToolDecision;
use engine::request::Callback;

/// The longest conversation is approval, read-back, job, play, job; anything longer runs in circles.
const EXCHANGES: usize = 6;

/// Approvals first, whatever the project's plan: only GitLab knows whether its environment asks for them.
pub fn next(callback: &Callback, decision: ToolDecision, comment: &str, so_far: &[Exchange]) -> Turn {
    let target = match Target::of(callback) {
        Ok(target) => target,
        Err(failed) => return failed,
    };
    let Some(last) = so_far.last() else { return Turn::Call(target.approval(decision, comment)) };
    if so_far.len() >= EXCHANGES {
        return Turn::Wait { why: "GitLab keeps giving answers that lead nowhere".to_owned() };
    }
    match (target.step(&last.call), decision) {
        (Step::Approval, _) => after_approval(&target, decision, last),
        (Step::Deployment, ToolDecision::Approve) => with_deployment(last, |state| approve::read_back(&target, state)),
        (Step::Deployment, ToolDecision::Reject) => with_deployment(last, reject::read_back),
        (Step::Job, _) => approve::job(&target, so_far, last),
        (Step::Play, _) => approve::played(&target, so_far, last),
    }
}

/// What GitLab said to the approval.
pub enum Approval {
    Taken,
    /// Decided before, by us or by others, or over.
    NotWaiting,
    /// The environment asks for no approvals, or GitLab's edition has none.
    NotAsked,
    Refused,
}

impl Approval {
    /// By the sentences of GitLab's approval service. Sentences that are not known are refusals.
    pub fn of(answer: &Exchange) -> Self {
        let said = message(answer).to_lowercase();
        match answer.status {
            200..=299 => Self::Taken,
            404 => Self::NotAsked,
            400 if said.contains("not waiting for approval") => Self::NotWaiting,
            400 if said.contains("environment is not protected") || said.contains("approvals is not configured") => Self::NotAsked,
            _ => Self::Refused,
        }
    }
}

fn after_approval(target: &Target<'_>, decision: ToolDecision, answer: &Exchange) -> Turn {
    match (Approval::of(answer), decision) {
        (Approval::Taken, ToolDecision::Approve) => approve::start(target),
        (Approval::Taken, ToolDecision::Reject) => Turn::Confirmed { note: String::new() },
        (Approval::NotAsked, ToolDecision::Approve) => approve::start(target),
        (Approval::NotAsked, ToolDecision::Reject) | (Approval::NotWaiting, _) => Turn::Call(target.deployment()),
        (Approval::Refused, ToolDecision::Approve) => unexpected(answer, "approving the deployment"),
        (Approval::Refused, ToolDecision::Reject) => unexpected(answer, "rejecting the deployment"),
    }
}

/// A deployment as GitLab's API shows it.
pub struct State {
    pub status: String,
    pub approved: bool,
    pub rejected: bool,
}

fn with_deployment(answer: &Exchange, judge: impl Fn(&State) -> Turn) -> Turn {
    let Some(status) = Fields(&answer.body).text("/status").filter(|_| answer.status == 200) else {
        return unexpected(answer, "reading the deployment");
    };
    let given = |wanted: &str| {
        let approvals = answer.body.get("approvals").and_then(|approvals| approvals.as_array());
        approvals.into_iter().flatten().any(|approval| approval.get("status").and_then(|status| status.as_str()) == Some(wanted))
    };
    judge(&State { status, approved: given("approved"), rejected: given("rejected") })
}
