//! Whether what somebody says fits what is asked: may they fill it, does it still help, and what a rejection comes to.

use super::draft::Draft;
use crate::change::Change;
use crate::event::Choice;
use crate::ids::{GroupName, PersonId};
use crate::input::{Ballot, SIGNED_IN};
use crate::quorum::Rejection;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::standing::{self, Voice, is_eligible, is_on_open_board, is_useful, joined_later, needs_sign_in};

pub(super) fn fits(draft: &Draft<'_>, rules: &Rules, person: &PersonId, ballot: &Ballot) -> Result<(), Refusal> {
    let (change, directory) = (&draft.change, draft.world.directory);
    if let Some(name) = &ballot.requirement
        && rules.requirement(name).is_none()
    {
        return Err(Refusal::UnknownRequirement { requirement: name.to_string() });
    }
    let voice = Voice { person, wish: ballot.requirement.as_ref(), via: &ballot.via };
    let number = change.number;
    let useful = is_useful(change, rules, directory, voice);
    is_no_repetition(change, person, ballot.choice, useful)?;
    if !useful && !is_eligible(change, rules, person, directory) {
        return Err(not_eligible(draft, rules, person));
    }
    let would_help = || is_useful(change, rules, directory, Voice { via: SIGNED_IN[0], ..voice });
    if needs_sign_in(change, rules, directory, voice) || ballot.choice == Choice::Approve && !useful && would_help() {
        return Err(Refusal::NeedsSignIn { number });
    }
    match (ballot.choice, rejection(draft, person, ballot)) {
        (Choice::Approve, _) if !useful => Err(Refusal::NotNeeded { number }),
        (Choice::Abstain, _) if has_decided_a_stage(draft, rules, person) => Err(Refusal::StageDecided { number }),
        (Choice::Reject, None) => Err(Refusal::NotNeeded { number }),
        (Choice::RequestChanges, None | Some(Rejection::IsAVote)) => Err(Refusal::OneOfMany { number }),
        (Choice::Approve | Choice::Reject | Choice::RequestChanges | Choice::Abstain, _) => Ok(()),
    }
}

/// What a rejection by this person comes to; `None`: nothing, because what they could speak to is closed.
pub(super) fn rejection(draft: &Draft<'_>, person: &PersonId, ballot: &Ballot) -> Option<Rejection> {
    let rules = draft.change.rules.as_ref()?;
    standing::rejection(&draft.change, rules, person, draft.world.directory, ballot.requirement.as_ref())
}

/// The same once more, unless it is for something that an earlier vote does not cover.
fn is_no_repetition(change: &Change, person: &PersonId, choice: Choice, useful: bool) -> Result<(), Refusal> {
    let open = change.open_stage();
    let mut own = change.standing_votes().filter(|vote| &vote.voted.person == person && vote.voted.choice == choice);
    match own.find(|vote| vote.stage == open || choice == Choice::Approve && !useful) {
        Some(vote) => Err(Refusal::AlreadyVoted { number: change.number, choice, at: vote.at }),
        None => Ok(()),
    }
}

fn not_eligible(draft: &Draft<'_>, rules: &Rules, person: &PersonId) -> Refusal {
    match joined_later(&draft.change, rules, person, draft.world.directory) {
        Some(group) => Refusal::JoinedLater { group },
        None => Refusal::NotEligible { groups: open_groups(&draft.change, rules) },
    }
}

/// A vote of a stage that is closed stays; only a veto, or the vote on another board, can still follow it.
fn has_decided_a_stage(draft: &Draft<'_>, rules: &Rules, person: &PersonId) -> bool {
    let change = &draft.change;
    let open = change.open_stage();
    let mut earlier = change.standing_votes().filter(|vote| &vote.voted.person == person);
    let has_approved = earlier.any(|vote| vote.voted.choice == Choice::Approve && vote.stage != open);
    has_approved && !is_on_open_board(change, rules, person, draft.world.directory)
}

/// The groups that the open stage asks, without doubles, in the order of the policy.
pub(super) fn open_groups(change: &Change, rules: &Rules) -> Vec<GroupName> {
    let Some(stage) = change.open_stage() else { return Vec::new() };
    let names = rules.stages.get(stage).into_iter().flat_map(|stage| &stage.requirements);
    let mut groups: Vec<GroupName> = Vec::new();
    for group in names.filter_map(|name| rules.requirement(name)).flat_map(|requirement| &requirement.from) {
        if !groups.contains(group) {
            groups.push(group.clone());
        }
    }
    groups
}
