//! The only door for a vote. The steps and their order are those of docs/architecture.md; each has its own refusal.

use super::advance::after_vote;
use super::draft::Draft;
use super::recheck::strike_lost_votes;
use super::wake::expire_if_due;
use crate::change::Change;
use crate::duties::own_part;
use crate::effect::Effect;
use crate::event::{Actor, Choice, Refused, Voted, What};
use crate::ids::{GroupName, PersonId};
use crate::input::{Ballot, Voter};
use crate::phase::Phase;
use crate::rationale;
use crate::refusal::Refusal;
use crate::rules::{Rules, Tell};
use crate::standing::{is_eligible, is_useful};

/// Refusals of one actor that are recorded within a minute; further ones are refused without a record.
pub const REFUSALS_PER_MINUTE: usize = 10;

pub(super) fn vote(draft: &mut Draft<'_>, ballot: Ballot) {
    expire_if_due(draft);
    let judged = judge(draft, &ballot);
    match judged {
        Ok((person, rationale)) => record(draft, ballot, person, rationale),
        Err(refusal) => refuse(draft, &ballot, refusal),
    }
}

/// A click on a button: refused like a vote, else nothing happens yet.
pub(super) fn ask(draft: &mut Draft<'_>, ballot: &Ballot) {
    expire_if_due(draft);
    if let Err(refusal) = judge_person(draft, ballot) {
        refuse(draft, ballot, refusal);
    }
}

/// Whether the vote may be written, by whom, and with which cleaned rationale.
fn judge(draft: &Draft<'_>, ballot: &Ballot) -> Result<(PersonId, String), Refusal> {
    let (person, rules) = judge_person(draft, ballot)?;
    let rule = match ballot.choice {
        Choice::Approve => rules.rationale.approve,
        Choice::Reject => rules.rationale.reject,
    };
    let text = rationale::clean(&ballot.rationale);
    rationale::judge(&text, ballot.choice, rule)?;
    Ok((person, text))
}

/// Everything but the reason.
fn judge_person<'d>(draft: &'d Draft<'_>, ballot: &Ballot) -> Result<(PersonId, &'d Rules), Refusal> {
    let change = &draft.change;
    if let Some(earlier) = change.interactions.get(&ballot.interaction) {
        return Err(Refusal::Repeated { number: change.number, earlier: *earlier });
    }
    saw_the_current_round(change, ballot)?;
    let rules = takes_votes(change)?;
    let person = voter(draft, ballot)?;
    has_no_part(change, rules, &person, ballot.choice)?;
    may_vote(draft, rules, &person, ballot)?;
    Ok((person, rules))
}

fn saw_the_current_round(change: &Change, ballot: &Ballot) -> Result<(), Refusal> {
    let same_digest = ballot.seen.digest.as_ref().is_none_or(|digest| digest == &change.subject_digest);
    if ballot.seen.round == change.round && same_digest {
        return Ok(());
    }
    Err(Refusal::ChangedSinceSeen { number: change.number, digest: change.subject_digest.to_string() })
}

fn takes_votes(change: &Change) -> Result<&Rules, Refusal> {
    let ended_by = match &change.phase {
        Phase::Rejected { by, .. } => Some(by.clone()),
        Phase::Approved { .. } | Phase::Released { .. } | Phase::Deploying { .. } | Phase::Finished { .. } => {
            change.standing_votes().last().map(|vote| vote.voted.person.clone())
        }
        Phase::Gating
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

fn voter(draft: &Draft<'_>, ballot: &Ballot) -> Result<PersonId, Refusal> {
    match &ballot.voter {
        Voter::Unlinked { platform, .. } => Err(Refusal::NotLinked { platform: platform.clone() }),
        Voter::Person(person) if draft.world.directory.person(person).is_none() => Err(Refusal::NotInDirectory { person: person.clone() }),
        Voter::Person(person) => Ok(person.clone()),
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
        Choice::Approve | Choice::Reject => Ok(()),
    }
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
        Choice::Approve => {
            strike_lost_votes(draft);
            after_vote(draft);
        }
    }
}

/// Every refusal is recorded, unless one actor makes too many of them.
fn refuse(draft: &mut Draft<'_>, ballot: &Ballot, refusal: Refusal) {
    if matches!(refusal, Refusal::Repeated { .. }) {
        draft.refuse(refusal);
        return;
    }
    let actor = &draft.actor;
    let recent = draft.change.refusals.iter().filter(|(who, at)| is_same(who, actor) && draft.now.seconds_since(*at) < 60);
    if recent.count() >= REFUSALS_PER_MINUTE {
        draft.refuse(Refusal::TooManyAttempts);
        return;
    }
    let refused = Refused { attempt: ballot.choice, code: refusal.code().to_owned(), interaction: ballot.interaction.clone() };
    draft.say(What::Refused(refused));
    draft.refuse(refusal);
}

fn is_same(one: &Actor, other: &Actor) -> bool {
    match (one, other) {
        (Actor::Person { id: one, .. }, Actor::Person { id: other, .. }) => one == other,
        (one, other) => one == other,
    }
}
