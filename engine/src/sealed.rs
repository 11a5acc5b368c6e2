//! What nobody is shown yet: where people sign blind, no vote is seen before all of them are in.
//!
//! The log keeps everything; this is about what cards, pages and answers are made from.

use crate::change::{CastVote, Change};
use crate::directory::Directory;
use crate::event::Voted;
use crate::phase::State;
use crate::rules::Rules;
use crate::standing::standing;
use std::collections::BTreeSet;

/// The change as people may see it: without the votes of stages in which somebody still has to sign blind.
pub fn as_shown(change: &Change, directory: &Directory) -> Change {
    let mut shown = change.clone();
    let stages = sealed_stages(change, directory);
    if !stages.is_empty() {
        shown.votes.retain(|vote| !is_in(&stages, vote));
    }
    shown
}

/// Whether this vote is kept from everybody for now.
pub fn is_sealed(change: &Change, directory: &Directory, vote: &CastVote) -> bool {
    is_in(&sealed_stages(change, directory), vote)
}

/// Whether a vote of the change's log is missing in what is shown of it.
pub fn is_left_out(shown: &Change, voted: &Voted) -> bool {
    let is_of_now = voted.round == shown.round && !shown.state().is_end();
    is_of_now && !shown.votes.iter().any(|vote| vote.voted.interaction == voted.interaction)
}

/// Whether the stage asks anybody to sign blind.
pub fn is_blind(rules: &Rules, stage: usize) -> bool {
    let asked = rules.stages.get(stage).into_iter().flat_map(|stage| &stage.requirements);
    asked.filter_map(|name| rules.requirement(name)).any(|requirement| requirement.blind)
}

fn is_in(stages: &BTreeSet<usize>, vote: &CastVote) -> bool {
    vote.stage.is_some_and(|stage| stages.contains(&stage))
}

/// A vote tells the others what its voter thinks, whichever requirement of the stage it is for.
fn sealed_stages(change: &Change, directory: &Directory) -> BTreeSet<usize> {
    let Some(rules) = change.rules.as_ref().filter(|rules| rules.requirements.iter().any(|requirement| requirement.blind)) else {
        return BTreeSet::new();
    };
    if !takes_votes_still(change.state()) {
        return BTreeSet::new();
    }
    let standing = standing(change, directory);
    let missing = standing.requirements.iter().filter(|place| place.missing() > 0);
    let blind = missing.filter(|place| rules.requirement(&place.name).is_some_and(|requirement| requirement.blind));
    blind.map(|place| place.stage).collect()
}

/// After a block is lifted the same votes stand.
fn takes_votes_still(state: State) -> bool {
    match state {
        State::Draft | State::Gating | State::Blocked | State::Pending => true,
        State::Approved
        | State::Released
        | State::Deploying
        | State::Succeeded
        | State::Failed
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => false,
    }
}
