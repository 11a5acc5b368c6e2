//! The only place where something about a change is decided: one file for each kind of input.

mod advance;
mod answer;
mod ballot;
mod deployment;
mod draft;
mod duty;
mod freeze;
mod gate;
mod hold;
mod open;
mod overriding;
mod person;
mod recheck;
mod refused;
mod steps;
mod submit;
mod vote;
mod waive;
mod wake;
mod who;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tables;

use crate::change::Change;
use crate::directory::Directory;
use crate::effect::Effect;
use crate::event::{ChangeRef, Event, What};
use crate::hold::{Hold, Out};
use crate::incident::Incident;
use crate::input::{Act, Input};
use crate::promotion::Succeeded;
use crate::refusal::Refusal;
use crate::rules::Superseded;
use crate::time::Timestamp;
use draft::Draft;

pub use open::open;
pub use submit::NOTE_MIN;
pub use who::{Member, Wanted, who};

/// What a decision may depend on besides the change itself; read in the same transaction.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// As it is at the instant of the decision: with those on duty then.
    pub directory: &'a Directory,
    /// The pauses that are in force, whichever changes they cover.
    pub holds: &'a [Hold],
    /// The incidents that are open, and those that were resolved within `KNOWN_AFTER_S`; at most `MAX_KNOWN`.
    pub incidents: &'a [Incident],
    /// The newest deployment of the change's subject into the environment that its rules name as the one before; `None`: it
    /// did not go well, there was none, or nobody looked.
    pub succeeded: Option<&'a Succeeded>,
    /// Another change of the lane that is out; `None`: there is none, or the rules do not ask.
    pub out: Option<&'a Out>,
    /// The names of the catalogue's services, as the policy in force has them.
    pub catalogue: &'a [String],
}

impl<'a> World<'a> {
    /// These people, and nothing else that matters.
    pub fn of(directory: &'a Directory) -> Self {
        Self { directory, holds: &[], incidents: &[], succeeded: None, out: None, catalogue: &[] }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The change after these events.
    pub change: Change,
    /// Numbered from the stream's next sequence number on.
    pub events: Vec<Event>,
    pub effects: Vec<Effect>,
    /// Set when the attempt was refused; `events` then holds its record, if the cap on records allowed one.
    pub refusal: Option<Refusal>,
}

/// What one input does to an open or ended change. The same arguments give the same decision.
pub fn decide(change: &Change, input: Input, world: World<'_>, now: Timestamp) -> Decision {
    let mut draft = Draft::new(change, input.actor, world, now);
    freeze::begin_due(&mut draft);
    gate::begin_due(&mut draft);
    // After whatever holds a change from now on.
    recheck::hand_over_if_due(&mut draft);
    match input.act {
        Act::Ask(ballot) => vote::ask(&mut draft, &ballot),
        Act::Vote(ballot) => vote::vote(&mut draft, ballot),
        Act::WithdrawVote(deed) => vote::withdraw(&mut draft, &deed),
        Act::AskWithdraw(deed) => submit::ask_withdraw(&mut draft, &deed),
        Act::Withdraw { deed, rationale } => submit::withdraw(&mut draft, &deed, &rationale),
        Act::AskSubmit(deed) => submit::ask(&mut draft, &deed),
        Act::Submit(submission) => submit::submit(&mut draft, submission),
        Act::Settle { deed, precedence } => hold::settle(&mut draft, &deed, precedence),
        Act::AskOverride(deed) => overriding::ask(&mut draft, &deed),
        Act::Override { deed, rationale } => overriding::sign(&mut draft, deed, &rationale),
        Act::SupplyFact(supply) => gate::supply(&mut draft, supply),
        Act::WaiveGate(wish) => waive::waive(&mut draft, &wish),
        Act::HoldsChanged => hold::changed(&mut draft),
        Act::QueueBehind { change } => hold::queue_behind(&mut draft, change),
        Act::AheadEnded { change } => hold::ahead_ended(&mut draft, change),
        // A late answer about an earlier subject would put other people's names to this one.
        Act::AuthorsKnown { commit, .. } | Act::AuthorsUnknown { commit, .. } | Act::AuthorsJoined { commit, .. }
            if commit != change.request.subject.commit => {}
        Act::AuthorsKnown { authors, .. } => advance::authors_known(&mut draft, authors),
        Act::AuthorsUnknown { why, .. } => advance::authors_unknown(&mut draft, why),
        Act::AuthorsJoined { authors, .. } => recheck::authors_joined(&mut draft, &authors),
        Act::Retarget(again) => answer::retarget(&mut draft, again),
        Act::Supersede { by } => supersede(&mut draft, by),
        Act::Cancel { why } => cancel(&mut draft, why),
        Act::Wake => wake::wake(&mut draft),
        Act::Reported { attempt, words } => answer::reported(&mut draft, attempt, words),
        Act::Answered { decision, attempt, note } => answer::answered(&mut draft, decision, attempt, note),
        Act::AnswerFailed { decision, attempt, error } => answer::failed(&mut draft, decision, attempt, error),
        Act::DecidedOutside { decision, by } => answer::decided_outside(&mut draft, decision, by),
        Act::DeploymentStarted { run } => deployment::started(&mut draft, run),
        Act::DeploymentFinished { run, outcome } => deployment::finished(&mut draft, run, outcome),
        Act::DirectoryChanged => recheck::directory_changed(&mut draft),
    }
    draft.finish()
}

fn supersede(draft: &mut Draft<'_>, by: ChangeRef) {
    if !draft.change.state().can_be_superseded() || by.id == draft.change.id {
        return;
    }
    // Where only one is out at a time it finishes, or the newer one would go out beside it.
    if draft.change.verdict_is_on_its_way() {
        return;
    }
    draft.say(What::Superseded { by });
    draft.wants(Effect::ShowCards);
    if draft.change.rules.as_ref().is_some_and(|rules| rules.superseded == Superseded::Reject) {
        draft.wants_answer();
    }
}

fn cancel(draft: &mut Draft<'_>, why: String) {
    if draft.change.state().can_be_superseded() {
        draft.say(What::Cancelled { why });
        draft.wants(Effect::ShowCards);
        draft.wants_answer();
    }
}
