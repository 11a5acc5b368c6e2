//! The tool's side of a decision: our answer and its confirmation, decisions made there, and a run that replaces another.

use super::advance::{from_gating, release};
use super::draft::Draft;
use super::hold;
use super::open::block;
use super::recheck::recheck;
use crate::change::{Answer, Change};
use crate::effect::Effect;
use crate::event::{BlockReason, ToolDecision, What};
use crate::ids::Digest;
use crate::phase::{Phase, State};
use crate::request::{Again, Initiator, Subject};
use crate::rules::Tell;

/// What an earlier attempt shows is of no interest any more.
pub(super) fn reported(draft: &mut Draft<'_>, attempt: u32, words: String) {
    if attempt == draft.change.attempt {
        draft.say(What::Reported { attempt, words });
    }
}

/// An answer to an earlier attempt is stale and says nothing about this one.
pub(super) fn answered(draft: &mut Draft<'_>, decision: ToolDecision, attempt: u32, note: String) {
    let confirmed = matches!(&draft.change.answer, Answer::Confirmed { decision: before, .. } if *before == decision);
    if attempt != draft.change.attempt || confirmed {
        return;
    }
    let seq = draft.say(What::Answered { decision, attempt, note });
    draft.wants(Effect::ShowCards);
    if draft.change.state() == State::Released {
        draft.tells_requester(Tell::Released, seq);
    }
}

pub(super) fn failed(draft: &mut Draft<'_>, decision: ToolDecision, attempt: u32, error: String) {
    let failed = Answer::Failed { decision, error: error.clone() };
    let confirmed = matches!(draft.change.answer, Answer::Confirmed { .. });
    if attempt != draft.change.attempt || confirmed || draft.change.answer == failed {
        return;
    }
    draft.say(What::AnswerFailed { decision, attempt, error });
    draft.wants(Effect::ShowCards);
}

pub(super) fn decided_outside(draft: &mut Draft<'_>, decision: ToolDecision, by: String) {
    let known = draft.change.outside.iter().any(|outside| outside.decision == decision && outside.by == by);
    if known {
        return;
    }
    draft.say(What::DecidedOutside { decision, by });
    draft.wants(Effect::ShowCards);
}

/// The decision of the round stands for the new run; each run gets a verdict of its own (a further attempt).
pub(super) fn retarget(draft: &mut Draft<'_>, again: Again) {
    if let Some(digest) = new_subject(&draft.change, &again) {
        begin_again(draft, again, digest);
        return;
    }
    let is_another_run = draft.change.request.origin.callback != again.origin.callback;
    if !is_another_run && !has_new_initiator(&draft.change, &again) {
        return;
    }
    let attempt = draft.change.attempt;
    match draft.change.state() {
        State::Draft | State::Gating | State::Blocked | State::Pending => {
            draft.say(What::Retargeted { again, attempt });
            recheck(draft);
        }
        State::Approved | State::Released | State::Deploying if is_another_run => {
            draft.say(What::Retargeted { again, attempt: attempt + 1 });
            draft.wants(Effect::ShowCards);
            hold::compare(draft);
            release(draft);
        }
        State::Approved
        | State::Released
        | State::Deploying
        | State::Succeeded
        | State::Failed
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => {}
    }
}

/// The digest of another subject than the one that is judged. What the requester wrote so far goes with it.
fn new_subject(change: &Change, again: &Again) -> Option<Digest> {
    let subject = again.subject.as_ref()?;
    if !change.state().can_be_superseded() {
        return None;
    }
    let digest = subject.digest();
    let with_fields = Subject { fields: change.request.subject.fields.clone(), ..subject.clone() };
    let is_same = digest == change.subject_digest || (subject.fields.is_empty() && with_fields.digest() == change.subject_digest);
    (!is_same).then_some(digest)
}

/// Invariant 5: a new digest leaves no vote behind. A verdict that is on its way belongs to an earlier attempt.
fn begin_again(draft: &mut Draft<'_>, again: Again, subject_digest: Digest) {
    let unruled = no_rules(&draft.change);
    let (round, attempt) = (draft.change.round + 1, draft.change.attempt + 1);
    draft.say(What::SubjectChanged { again, subject_digest, round, attempt });
    draft.wants(Effect::ShowCards);
    match unruled {
        Some(why) => block(draft, why),
        None => from_gating(draft),
    }
}

/// Why there are no rules that could judge another subject either.
fn no_rules(change: &Change) -> Option<BlockReason> {
    match (&change.rules, &change.phase) {
        (None, Phase::Blocked { why }) => Some(why.clone()),
        (None | Some(_), _) => None,
    }
}

fn has_new_initiator(change: &Change, again: &Again) -> bool {
    let is_new = match &again.initiator {
        Initiator::Person(person) => !change.asked_for_it(person),
        Initiator::Unknown { .. } => &again.initiator != change.initiator(),
    };
    is_new || again.co_initiators.iter().any(|person| !change.asked_for_it(person))
}
