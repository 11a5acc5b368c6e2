//! The only door for a vote. The steps and their order are those of docs/architecture.md; each has its own refusal.

use super::advance::after_vote;
use super::ballot::{fits, open_groups, rejection};
use super::draft::Draft;
use super::duty::duties_of;
use super::person::{is_new, member, saw_the_current_round};
use super::recheck::strike_lost_votes;
use super::refused::refuse;
use super::wake::expire_if_due;
use crate::change::Change;
use crate::clean::clean;
use crate::duties::own_part;
use crate::effect::Effect;
use crate::event::{Attempt, Choice, Voted, What};
use crate::ids::PersonId;
use crate::input::{Ballot, Deed};
use crate::phase::Phase;
use crate::quorum::Rejection;
use crate::rationale;
use crate::refusal::Refusal;
use crate::rules::{Rules, Tell};

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
    fits(draft, rules, &person, ballot)?;
    Ok((person, rules))
}

pub(super) fn takes_votes(change: &Change) -> Result<&Rules, Refusal> {
    let ended_by = match &change.phase {
        Phase::Rejected { by, .. } => by.clone(),
        Phase::Approved { .. } | Phase::Released { .. } | Phase::Deploying { .. } | Phase::Finished { .. } => {
            change.standing_votes().next_back().map(|vote| vote.voted.person.clone())
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
    Err(Refusal::OwnPart { attempt: choice.into(), part: own.part, commit: own.commit, others: open_groups(change, rules) })
}

fn record(draft: &mut Draft<'_>, ballot: Ballot, person: PersonId, rationale: String) {
    let is_a_veto = rejection(draft, &person, &ballot) == Some(Rejection::IsAVeto);
    let voted = Voted {
        person: person.clone(),
        choice: ballot.choice,
        rationale: rationale.clone(),
        round: draft.change.round,
        subject_digest: draft.change.subject_digest.clone(),
        requirement: ballot.requirement,
        on_duty: duties_of(draft, &person),
        via: ballot.via,
        interaction: ballot.interaction,
    };
    draft.say(What::Voted(voted));
    draft.wants(Effect::ShowCards);
    match ballot.choice {
        Choice::Reject if is_a_veto => {
            let seq = draft.say(What::Rejected { by: person, rationale });
            draft.wants_answer();
            draft.tells_requester(Tell::Rejected, seq);
        }
        Choice::RequestChanges => {
            let round = draft.change.round + 1;
            draft.say(What::ChangesRequested { by: person, rationale, round });
        }
        Choice::Approve | Choice::Reject | Choice::Abstain => {
            strike_lost_votes(draft);
            after_vote(draft);
        }
    }
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
