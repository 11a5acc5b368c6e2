//! From one stage to the next: what has to be known before people are asked, and what follows when a stage is full.

use super::draft::Draft;
use super::duty;
use super::gate;
use super::hold;
use super::open::block;
use super::recheck::strike_lost_votes;
use super::steps::steps_due;
use super::submit::faults;
use super::waive;
use crate::change::{Answer, Change};
use crate::duties::{asks_for_authors, unknown_initiator};
use crate::effect::Effect;
use crate::event::{BlockReason, Counted, RejectedBefore, What};
use crate::lock::Lock;
use crate::phase::{Phase, State};
use crate::request::Authors;
use crate::rules::{Rules, Tell, UnknownAuthor};
use crate::standing::{outvoted, standing, unsatisfiable};
use crate::time::Span;

/// Goes as far as what is known allows: to the first stage, to a block, or to waiting for the authors.
pub(super) fn from_gating(draft: &mut Draft<'_>) {
    let Some(rules) = draft.change.rules.clone() else { return };
    if let Some(why) = already_rejected(&draft.change) {
        block_once(draft, why);
        return;
    }
    let missing = faults(draft, &rules, &draft.change.request.subject.fields);
    if !missing.is_empty() {
        draft.say(What::FieldsMissing { fields: missing.into_iter().map(|fault| fault.name).collect() });
        draft.wants(Effect::ShowCards);
        return;
    }
    if !gate::lets_ask(draft, &rules) {
        return;
    }
    if rules.stages.is_empty() {
        approve(draft, Vec::new());
        return;
    }
    match obstacle(&draft.change, &rules) {
        Obstacle::None => ask(draft, &rules),
        Obstacle::AuthorsNotAsked => draft.wants(Effect::LookUpAuthors),
        Obstacle::Block(why) => block_once(draft, why),
    }
}

/// Invariant 11: a rejected subject is not asked again until facts or an appeal exist, whoever fills it in again.
fn already_rejected(change: &Change) -> Option<BlockReason> {
    let RejectedBefore { number, by, rationale, .. } =
        change.rejected_before.clone().filter(|rejected| rejected.digest == change.subject_digest)?;
    Some(BlockReason::AlreadyRejected { number, by, rationale })
}

pub(super) enum Obstacle {
    None,
    AuthorsNotAsked,
    Block(BlockReason),
}

pub(super) fn obstacle(change: &Change, rules: &Rules) -> Obstacle {
    if let Some(who) = unknown_initiator(change, rules) {
        return Obstacle::Block(BlockReason::UnknownInitiator { who });
    }
    if !asks_for_authors(rules) {
        return Obstacle::None;
    }
    match (&change.authors, rules.separation.unknown_author) {
        (None, _) => Obstacle::AuthorsNotAsked,
        (Some(authors), UnknownAuthor::Block) if !authors.unknown.is_empty() => {
            Obstacle::Block(BlockReason::UnknownAuthor { who: authors.unknown.clone() })
        }
        (Some(_), UnknownAuthor::Block | UnknownAuthor::InitiatorOnly) => Obstacle::None,
    }
}

fn ask(draft: &mut Draft<'_>, rules: &Rules) {
    match unsatisfiable(&draft.change, draft.world.directory) {
        Some(why) => block_once(draft, why),
        None => {
            open_stage(draft, rules, 0);
            // Votes given before a block was lifted still stand.
            after_vote(draft);
        }
    }
}

/// A block that is in force already is not said again.
fn block_once(draft: &mut Draft<'_>, why: BlockReason) {
    if draft.change.phase != (Phase::Blocked { why: why.clone() }) {
        block(draft, why);
    }
}

pub(super) fn authors_known(draft: &mut Draft<'_>, authors: Authors) {
    if !draft.change.waits_for_authors() {
        return;
    }
    if draft.change.authors.as_ref() != Some(&authors) {
        draft.say(What::AuthorsKnown { authors });
        waive::strike(draft);
    }
    from_gating(draft);
}

pub(super) fn authors_unknown(draft: &mut Draft<'_>, why: String) {
    let Some(rules) = draft.change.rules.clone() else { return };
    let told_already =
        matches!(&draft.change.phase, Phase::Blocked { why: BlockReason::AuthorsNotLookedUp { why: before } } if before == &why);
    if !draft.change.waits_for_authors() || told_already {
        return;
    }
    draft.say(What::AuthorsUnknown { why: why.clone() });
    match rules.separation.unknown_author {
        UnknownAuthor::Block => block_once(draft, BlockReason::AuthorsNotLookedUp { why }),
        UnknownAuthor::InitiatorOnly if gate::lets_ask(draft, &rules) => ask(draft, &rules),
        UnknownAuthor::InitiatorOnly => {}
    }
}

/// The open stage may be full now: then the next one opens, or everything is agreed.
pub(super) fn after_vote(draft: &mut Draft<'_>) {
    let Some(rules) = draft.change.rules.clone() else { return };
    while let Phase::Pending { stage } = draft.change.phase {
        let standing = standing(&draft.change, draft.world.directory);
        if standing.open_and_missing().next().is_some() {
            end_if_outvoted(draft);
            return;
        }
        if stage + 1 < rules.stages.len() {
            open_stage(draft, &rules, stage + 1);
        } else {
            approve(draft, standing.counted());
        }
    }
}

/// What can't be agreed to any more has ended, as by a veto.
fn end_if_outvoted(draft: &mut Draft<'_>) {
    let Some(outvoted) = outvoted(&draft.change, draft.world.directory) else { return };
    let seq = draft.say(What::Outvoted(outvoted));
    draft.wants(Effect::ShowCards);
    draft.wants_answer();
    draft.tells_requester(Tell::Rejected, seq);
}

/// Deadlines are computed here and stored, so that folding never needs a clock.
fn open_stage(draft: &mut Draft<'_>, rules: &Rules, index: usize) {
    let Some(stage) = rules.stages.get(index) else { return };
    let (steps, never) = steps_due(rules, &Span { from: draft.now, to: draft.change.expires_at });
    draft.say(What::StageOpened { stage: stage.name.clone(), index, steps });
    for step in never {
        draft.say(What::StepSkipped { step });
    }
    duty::compare(draft);
    draft.wants(Effect::ShowCards);
}

fn approve(draft: &mut Draft<'_>, counted: Vec<Counted>) {
    let seq = draft.say(What::Approved { counted });
    draft.wants(Effect::ShowCards);
    draft.tells_requester(Tell::Approved, seq);
    hold::compare(draft);
    release(draft);
}

/// What is approved goes out, unless something holds it. Invariant 24: the votes are looked at once more, for it may have
/// waited long, and who asks again may have voted.
pub(super) fn release(draft: &mut Draft<'_>) {
    let waits = matches!(draft.change.answer, Answer::NotYet | Answer::Failed { .. });
    if draft.change.state() != State::Approved || !draft.change.holds.is_empty() || !waits {
        return;
    }
    strike_lost_votes(draft);
    let standing = standing(&draft.change, draft.world.directory);
    let short = standing.requirements.iter().filter(|requirement| requirement.missing() > 0).map(|requirement| requirement.stage).min();
    match (short, draft.change.rules.clone()) {
        (Some(stage), Some(rules)) => {
            open_stage(draft, &rules, stage);
            end_if_outvoted(draft);
        }
        (Some(_) | None, _) => send(draft, standing.counted()),
    }
}

/// The lane is taken in the same transaction, so of two that are approved at once only one goes out.
fn take_lane(draft: &mut Draft<'_>) {
    let is_locked = draft.change.rules.as_ref().is_some_and(|rules| rules.lock == Lock::OneAtATime);
    if is_locked && !draft.change.has_lane {
        draft.say(What::LaneTaken);
    }
}

/// The record of who counts is made anew where a vote was struck and another stands in for it.
fn send(draft: &mut Draft<'_>, counted: Vec<Counted>) {
    if counted != draft.change.counted {
        draft.say(What::Approved { counted });
        draft.wants(Effect::ShowCards);
    }
    take_lane(draft);
    draft.wants_answer();
}
