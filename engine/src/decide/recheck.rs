//! When memberships change: votes lose their ground or a block falls away.

use super::advance::{Obstacle, after_vote, from_gating, obstacle};
use super::draft::Draft;
use super::duty;
use super::gate;
use super::hold;
use super::open::block;
use super::waive;
use crate::duties::asks_for_authors;
use crate::effect::Effect;
use crate::event::{BlockReason, What};
use crate::phase::Phase;
use crate::request::{Authors, Initiator};
use crate::standing::{lost_votes, unsatisfiable};

/// Invariant 24: a membership removed before the verdict removes the vote.
pub(super) fn strike_lost_votes(draft: &mut Draft<'_>) {
    for (person, why) in lost_votes(&draft.change, draft.world.directory) {
        draft.say(What::VoteStruck { person, why });
        draft.wants(Effect::ShowCards);
    }
}

pub(super) fn directory_changed(draft: &mut Draft<'_>) {
    learn_initiator(draft);
    duty::compare(draft);
    recheck(draft);
}

/// Before anything else is decided: a handover binds from its instant on, whether or not the timer has run. It completes
/// nothing, for the clock never approves (invariant 9).
pub(super) fn hand_over_if_due(draft: &mut Draft<'_>) {
    let is_due = draft.change.handover_at().is_some_and(|at| at <= draft.now);
    if is_due && draft.now < draft.change.expires_at && duty::compare(draft) {
        strike_lost_votes(draft);
        block_if_nobody_can(draft);
    }
}

/// Who comes to have a part before the release is kept apart from then on: what is approved and held is looked at once
/// more before it goes out. Where the forge is still to be asked, it will name them itself.
pub(super) fn authors_joined(draft: &mut Draft<'_>, joined: &Authors) {
    let (Some(rules), Some(authors)) = (&draft.change.rules, &draft.change.authors) else { return };
    let all = authors.and(joined);
    if !asks_for_authors(rules) || !draft.change.state().can_be_superseded() || all == *authors {
        return;
    }
    draft.say(What::AuthorsKnown { authors: all });
    waive::strike(draft);
    recheck(draft);
    gate::look_again(draft);
    hold::changed(draft);
}

/// What is known of people has changed: whose votes stand, who is kept apart, who is left.
pub(super) fn recheck(draft: &mut Draft<'_>) {
    match draft.change.phase.clone() {
        Phase::Pending { .. } => recheck_open(draft),
        Phase::Blocked { why } => unblock(draft, &why),
        Phase::Draft { .. }
        | Phase::Gating
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. }
        | Phase::Rejected { .. }
        | Phase::Expired { .. }
        | Phase::Cancelled { .. }
        | Phase::Superseded { .. } => {}
    }
}

fn learn_initiator(draft: &mut Draft<'_>) {
    let Initiator::Unknown { kind, account } = draft.change.initiator() else { return };
    if draft.change.state().is_end() {
        return;
    }
    if let Some(person) = draft.world.directory.by_account(kind, account).cloned() {
        draft.say(What::InitiatorKnown { person });
        draft.wants(Effect::ShowCards);
    }
}

fn recheck_open(draft: &mut Draft<'_>) {
    strike_lost_votes(draft);
    if !block_if_nobody_can(draft) {
        after_vote(draft);
    }
}

/// Whether it is blocked now: somebody is not known, or too few are left who could approve.
fn block_if_nobody_can(draft: &mut Draft<'_>) -> bool {
    let found = draft.change.rules.as_ref().map_or(Obstacle::None, |rules| obstacle(&draft.change, rules));
    let why = match found {
        Obstacle::Block(why) => Some(why),
        Obstacle::None | Obstacle::AuthorsNotAsked => unsatisfiable(&draft.change, draft.world.directory),
    };
    let is_blocked = why.is_some();
    if let Some(why) = why {
        block(draft, why);
    }
    is_blocked
}

fn unblock(draft: &mut Draft<'_>, why: &BlockReason) {
    match why {
        BlockReason::UnknownInitiator { .. } | BlockReason::NobodyCanApprove { .. } => from_gating(draft),
        BlockReason::UnknownAuthor { .. } | BlockReason::AuthorsNotLookedUp { .. } => draft.wants(Effect::LookUpAuthors),
        BlockReason::UnknownEnvironment { .. }
        | BlockReason::UnknownService { .. }
        | BlockReason::UnknownCondition { .. }
        | BlockReason::NoClass
        | BlockReason::NoRequirement { .. }
        | BlockReason::NoFlow { .. }
        | BlockReason::EmptyGroup { .. }
        | BlockReason::BoardTooLarge { .. }
        | BlockReason::AlreadyRejected { .. }
        | BlockReason::Gates { .. } => {}
    }
}
