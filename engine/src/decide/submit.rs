//! The requester's side: filling in what is missing, asking again after changes were requested, and withdrawing.
//!
//! A form may ask for some of the fields only: every answer that is sent has to fit, and what is still missing is asked
//! for again.

use super::advance::from_gating;
use super::draft::Draft;
use super::person::{Known, person};
use super::refused::refuse;
use super::wake::expire_if_due;
use crate::clean::clean;
use crate::effect::Effect;
use crate::event::{Attempt, Submitted, What};
use crate::fields::{self, Answers, FieldFault, Fields};
use crate::ids::PersonId;
use crate::input::{Deed, Submission};
use crate::phase::{Phase, State, Unfinished};
use crate::policy::unneeded;
use crate::rationale;
use crate::refusal::Refusal;
use crate::request::Subject;
use crate::rules::{RationaleRule, Rules};

/// Visible characters of what a requester says when asking again after changes were requested, or when withdrawing.
pub const NOTE_MIN: u32 = 10;

/// A click on the button: refused like a submission, else nothing happens yet.
pub(super) fn ask(draft: &mut Draft<'_>, deed: &Deed) {
    expire_if_due(draft);
    if let Err(refusal) = requester_of_draft(draft, deed) {
        refuse(draft, Attempt::Submit, &deed.interaction, refusal);
    }
}

pub(super) fn submit(draft: &mut Draft<'_>, submission: Submission) {
    expire_if_due(draft);
    match judge(draft, &submission) {
        Ok(submitted) => {
            draft.say(What::Submitted(submitted));
            draft.wants(Effect::ShowCards);
            from_gating(draft);
        }
        Err(refusal) => refuse(draft, Attempt::Submit, &submission.deed.interaction, refusal),
    }
}

fn judge(draft: &Draft<'_>, submission: &Submission) -> Result<Submitted, Refusal> {
    let person = requester_of_draft(draft, &submission.deed)?;
    let change = &draft.change;
    let fields = laid_over(&change.request.subject.fields, &submission.fields);
    let faults = unfit(draft, &submission.fields, &fields);
    if !faults.is_empty() {
        return Err(Refusal::FieldsUnfit { faults });
    }
    let note = clean(&submission.note);
    rationale::judge(&note, Attempt::Submit, note_rule(&change.phase))?;
    let subject = Subject { fields: fields.clone(), ..change.request.subject.clone() };
    let Deed { via, interaction, .. } = submission.deed.clone();
    Ok(Submitted { person, note, fields, subject_digest: subject.digest(), round: change.round, via, interaction })
}

fn note_rule(phase: &Phase) -> RationaleRule {
    let is_second = matches!(phase, Phase::Draft { why: Unfinished::ChangesRequested { .. } });
    RationaleRule { required: is_second, min_length: NOTE_MIN }
}

/// The answers that do not fit; where nothing was answered, everything that is missing.
fn unfit(draft: &Draft<'_>, answers: &Fields, all: &Fields) -> Vec<FieldFault> {
    let Some(rules) = &draft.change.rules else { return Vec::new() };
    let faults = faults(draft, rules, all);
    if rules.fields.iter().any(|rule| answers.contains_key(&rule.name)) {
        faults.into_iter().filter(|fault| answers.contains_key(&fault.name)).collect()
    } else {
        faults
    }
}

/// What is wrong with these answers, by what is known now.
pub(super) fn faults(draft: &Draft<'_>, rules: &Rules, fields: &Fields) -> Vec<FieldFault> {
    let unneeded = unneeded(&rules.fields, fields, draft.world.incidents);
    fields::faults(
        &rules.fields,
        &Answers { fields, unneeded: &unneeded, catalogue: draft.world.catalogue, incidents: draft.world.incidents },
    )
}

fn laid_over(earlier: &Fields, later: &Fields) -> Fields {
    earlier.iter().chain(later).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn requester_of_draft(draft: &Draft<'_>, deed: &Deed) -> Result<PersonId, Refusal> {
    let person = requester(draft, deed, Attempt::Submit)?;
    let change = &draft.change;
    if change.state() == State::Draft { Ok(person) } else { Err(Refusal::NotADraft { number: change.number }) }
}

/// Only who asked for it, in this run or an earlier one.
fn requester(draft: &Draft<'_>, deed: &Deed, attempt: Attempt) -> Result<PersonId, Refusal> {
    let person = person(draft, Known { by: &deed.by, seen: &deed.seen, interaction: &deed.interaction })?;
    if draft.change.asked_for_it(&person) { Ok(person) } else { Err(Refusal::NotYours { number: draft.change.number, attempt }) }
}

/// A click on the button: refused like a withdrawal, else nothing happens yet.
pub(super) fn ask_withdraw(draft: &mut Draft<'_>, deed: &Deed) {
    expire_if_due(draft);
    if let Err(refusal) = may_be_withdrawn(draft, deed) {
        refuse(draft, Attempt::Withdraw, &deed.interaction, refusal);
    }
}

/// The requester takes the change back. What is out already can't be.
pub(super) fn withdraw(draft: &mut Draft<'_>, deed: &Deed, rationale: &str) {
    expire_if_due(draft);
    match may_withdraw(draft, deed, rationale) {
        Ok(why) => {
            draft.say(What::Cancelled { why });
            draft.wants(Effect::ShowCards);
            draft.wants_answer();
        }
        Err(refusal) => refuse(draft, Attempt::Withdraw, &deed.interaction, refusal),
    }
}

fn may_withdraw(draft: &Draft<'_>, deed: &Deed, rationale: &str) -> Result<String, Refusal> {
    may_be_withdrawn(draft, deed)?;
    let text = clean(rationale);
    rationale::judge(&text, Attempt::Withdraw, RationaleRule { required: true, min_length: NOTE_MIN })?;
    Ok(text)
}

fn may_be_withdrawn(draft: &Draft<'_>, deed: &Deed) -> Result<(), Refusal> {
    requester(draft, deed, Attempt::Withdraw)?;
    let (number, state) = (draft.change.number, draft.change.state());
    match state {
        _ if state.can_be_superseded() => Ok(()),
        State::Released | State::Deploying | State::Succeeded | State::Failed => Err(Refusal::OutAlready { number }),
        State::Draft
        | State::Gating
        | State::Blocked
        | State::Pending
        | State::Approved
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => Err(Refusal::NotOpen { number, state, ended_by: None }),
    }
}
