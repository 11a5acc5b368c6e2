//! The only door for a vote. The steps and their order are those of docs/architecture.md; each has its own refusal.

use super::advance::after_vote;
use super::draft::Draft;
use super::person::{is_new, member, saw_the_current_round};
use super::recheck::strike_lost_votes;
use super::refused::refuse;
use super::wake::expire_if_due;
use crate::change::Change;
use crate::clean::clean;
use crate::duties::own_part;
use crate::effect::Effect;
use crate::event::{Attempt, Choice, Voted, What};
use crate::ids::{GroupName, PersonId};
use crate::input::{Ballot, Deed};
use crate::phase::Phase;
use crate::rationale;
use crate::refusal::Refusal;
use crate::rules::{Rules, Tell};
use crate::standing::{is_eligible, is_useful};

pub(super) fn vote(draft: &mut Draft<'_>, ballot: Ballot) {
    expire_if_due(draft);
    let judged = judge(draft, &ballot);
    match judged {
        Ok((person, rationale)) => record(draft, ballot, person, rationale),
        Err(refusal) => refuse(draft, ballot.choice.into(), &ballot.interaction, refusal),
    }
}

/// A click on a button: refused like a vote, else nothing happens yet.
pub(super) fn ask(draft: &mut Draft<'_>, ballot: &Ballot) {
    expire_if_due(draft);
    if let Err(refusal) = judge_person(draft, ballot) {
        refuse(draft, ballot.choice.into(), &ballot.interaction, refusal);
    }
}

/// Whether the vote may be written, by whom, and with which cleaned rationale.
fn judge(draft: &Draft<'_>, ballot: &Ballot) -> Result<(PersonId, String), Refusal> {
    let (person, rules) = judge_person(draft, ballot)?;
    let text = clean(&ballot.rationale);
    rationale::judge(&text, ballot.choice.into(), rationale::rule(&rules.rationale, ballot.choice))?;
    Ok((person, text))
}

/// Everything but the reason.
fn judge_person<'d>(draft: &'d Draft<'_>, ballot: &Ballot) -> Result<(PersonId, &'d Rules), Refusal> {
    let change = &draft.change;
    is_new(change, &ballot.interaction)?;
    saw_the_current_round(change, &ballot.seen)?;
    let rules = takes_votes(change)?;
    let person = member(draft, &ballot.voter)?;
    has_no_part(change, rules, &person, ballot.choice)?;
    may_vote(draft, rules, &person, ballot)?;
    Ok((person, rules))
}

pub(super) fn takes_votes(change: &Change) -> Result<&Rules, Refusal> {
    let ended_by = match &change.phase {
        Phase::Rejected { by, .. } => Some(by.clone()),
        Phase::Approved { .. } | Phase::Released { .. } | Phase::Deploying { .. } | Phase::Finished { .. } => {
            change.standing_votes().last().map(|vote| vote.voted.person.clone())
        }
        Phase::Draft { .. }
        | Phase::Gating
        | Phase::Blocked { .. }
        | Phase::Pending { .. }
        | Phase::Expired { .. }
        | Phase::Cancelled { .. }
        | Phase::Superseded { .. } => None,
    };
    match (&change.phase, &change.rules) {
        (Phase::Pending { .. }, Some(rules)) => Ok(rules),
        _ => Err(Refusal::NotOpen { number: change.number, state: change.state(), ended_by }),
    }
}

fn has_no_part(change: &Change, rules: &Rules, person: &PersonId, choice: Choice) -> Result<(), Refusal> {
    let Some(own) = own_part(change, rules, person) else { return Ok(()) };
    Err(Refusal::OwnPart { choice, part: own.part, commit: own.commit, others: open_groups(change, rules) })
}

fn may_vote(draft: &Draft<'_>, rules: &Rules, person: &PersonId, ballot: &Ballot) -> Result<(), Refusal> {
    let (change, directory) = (&draft.change, draft.world.directory);
    if let Some(name) = &ballot.requirement
        && rules.requirement(name).is_none()
    {
        return Err(Refusal::UnknownRequirement { requirement: name.to_string() });
    }
    let mut own = change.standing_votes().filter(|vote| &vote.voted.person == person && vote.voted.choice == ballot.choice);
    if let Some(vote) = own.next() {
        return Err(Refusal::AlreadyVoted { number: change.number, choice: vote.voted.choice, at: vote.at });
    }
    let useful = is_useful(change, rules, person, directory, ballot.requirement.as_ref());
    let eligible = useful || is_eligible(change, rules, person, directory);
    match ballot.choice {
        _ if !eligible => Err(Refusal::NotEligible { groups: open_groups(change, rules) }),
        Choice::Approve if !useful => Err(Refusal::NotNeeded { number: change.number }),
        Choice::Abstain if has_decided_a_stage(change, person) => Err(Refusal::StageDecided { number: change.number }),
        Choice::Approve | Choice::Reject | Choice::RequestChanges | Choice::Abstain => Ok(()),
    }
}

/// A vote of a stage that is closed stays; only a veto can still follow it.
fn has_decided_a_stage(change: &Change, person: &PersonId) -> bool {
    let open = change.open_stage();
    let mut earlier = change.standing_votes().filter(|vote| &vote.voted.person == person);
    earlier.any(|vote| vote.voted.choice == Choice::Approve && vote.stage != open)
}

/// The groups that the open stage asks, without doubles, in the order of the policy.
fn open_groups(change: &Change, rules: &Rules) -> Vec<GroupName> {
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

fn record(draft: &mut Draft<'_>, ballot: Ballot, person: PersonId, rationale: String) {
    let voted = Voted {
        person: person.clone(),
        choice: ballot.choice,
        rationale: rationale.clone(),
        round: draft.change.round,
        subject_digest: draft.change.subject_digest.clone(),
        requirement: ballot.requirement,
        on_duty: rosters_of(draft, &person),
        via: ballot.via,
        interaction: ballot.interaction,
    };
    draft.say(What::Voted(voted));
    draft.wants(Effect::ShowCards);
    match ballot.choice {
        Choice::Reject => {
            let seq = draft.say(What::Rejected { by: person, rationale });
            draft.wants_answer();
            draft.tells_requester(Tell::Rejected, seq);
        }
        Choice::RequestChanges => {
            let round = draft.change.round + 1;
            draft.say(What::ChangesRequested { by: person, rationale, round });
        }
        Choice::Abstain => {}
        Choice::Approve => {
            strike_lost_votes(draft);
            after_vote(draft);
        }
    }
}

/// The rosters of the rules in which this person is on duty.
fn rosters_of(draft: &Draft<'_>, person: &PersonId) -> Vec<GroupName> {
    let groups = draft.change.rules.iter().flat_map(|rules| &rules.groups);
    let own = groups.filter(|(_, group)| group.is_roster() && group.has(person, draft.world.directory));
    own.map(|(name, _)| name.clone()).collect()
}

/// A vote can be taken back until its stage is decided.
pub(super) fn withdraw(draft: &mut Draft<'_>, deed: &Deed) {
    expire_if_due(draft);
    match may_withdraw(draft, deed) {
        Ok(person) => {
            draft.say(What::VoteWithdrawn { person, interaction: deed.interaction.clone() });
            draft.wants(Effect::ShowCards);
        }
        Err(refusal) => refuse(draft, Attempt::WithdrawVote, &deed.interaction, refusal),
    }
}

fn may_withdraw(draft: &Draft<'_>, deed: &Deed) -> Result<PersonId, Refusal> {
    let change = &draft.change;
    is_new(change, &deed.interaction)?;
    saw_the_current_round(change, &deed.seen)?;
    takes_votes(change)?;
    let person = member(draft, &deed.by)?;
    let own: Vec<_> = change.standing_votes().filter(|vote| vote.voted.person == person).collect();
    match own.iter().any(|vote| vote.stage == change.open_stage()) {
        true => Ok(person),
        false if own.is_empty() => Err(Refusal::NoVoteOfYours { number: change.number }),
        false => Err(Refusal::StageDecided { number: change.number }),
    }
}
