//! What the tool reports of the deployment itself, expected or not.

use super::draft::Draft;
use crate::effect::Effect;
use crate::event::{DeploymentOutcome, What};
use crate::phase::State;
use crate::request::Callback;
use crate::rules::Tell;

pub(super) fn started(draft: &mut Draft<'_>, run: String) {
    match draft.change.state() {
        // A hook may overtake our own note of the tool's confirmation, so approved is enough.
        State::Approved | State::Released => {
            draft.say(What::DeploymentStarted { run });
            draft.wants(Effect::ShowCards);
        }
        State::Deploying | State::Succeeded | State::Failed => {}
        State::Draft
        | State::Gating
        | State::Blocked
        | State::Pending
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => {
            unapproved(draft, run);
        }
    }
}

pub(super) fn finished(draft: &mut Draft<'_>, run: String, outcome: DeploymentOutcome) {
    match draft.change.state() {
        State::Approved | State::Released | State::Deploying => conclude(draft, run, outcome),
        State::Draft | State::Gating | State::Blocked | State::Pending => finished_undecided(draft, run, outcome),
        State::Succeeded | State::Failed => {}
        State::Rejected | State::Expired | State::Cancelled | State::Superseded => match outcome {
            DeploymentOutcome::Success => unapproved(draft, run),
            DeploymentOutcome::Failure | DeploymentOutcome::Cancelled => {}
        },
    }
}

fn conclude(draft: &mut Draft<'_>, run: String, outcome: DeploymentOutcome) {
    if is_of_an_earlier_run(draft, &run) {
        return;
    }
    let seq = draft.say(What::DeploymentFinished { run, outcome });
    draft.wants(Effect::ShowCards);
    match outcome {
        DeploymentOutcome::Success => {}
        DeploymentOutcome::Failure | DeploymentOutcome::Cancelled => draft.tells_requester(Tell::Failed, seq),
    }
}

/// A run that ended before anybody decided leaves nothing to decide.
fn finished_undecided(draft: &mut Draft<'_>, run: String, outcome: DeploymentOutcome) {
    if is_of_an_earlier_run(draft, &run) {
        return;
    }
    let why = match outcome {
        DeploymentOutcome::Success => {
            unapproved(draft, run);
            "It was deployed without this approval."
        }
        DeploymentOutcome::Failure => "The deployment failed in the pipeline before anybody decided.",
        DeploymentOutcome::Cancelled => "The deployment was cancelled in the pipeline.",
    };
    draft.say(What::Cancelled { why: why.to_owned() });
    draft.wants(Effect::ShowCards);
}

fn unapproved(draft: &mut Draft<'_>, run: String) {
    // A verdict that was on its way when a newer change came is used all the same: approved, and then replaced.
    let was_overtaken = draft.change.state() == State::Superseded && draft.change.approved_at.is_some();
    if was_overtaken || draft.change.unapproved.contains(&run) {
        return;
    }
    let seq = draft.say(What::UnapprovedDeployment { run });
    draft.wants(Effect::ShowCards);
    draft.wants(Effect::TellOwners { seq });
}

fn is_of_an_earlier_run(draft: &Draft<'_>, run: &str) -> bool {
    let current = draft.change.request.origin.callback.as_ref().and_then(Callback::run);
    current.is_some_and(|current| current != run)
}
