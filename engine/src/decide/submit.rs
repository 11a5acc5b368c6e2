//! The requester's side: filling in what is missing, asking again after changes were requested, and withdrawing.

use super::advance::from_gating;
use super::draft::Draft;
use super::person::{Known, person};
use super::refused::refuse;
use super::wake::expire_if_due;
use crate::clean::clean;
use crate::effect::Effect;
use crate::event::{Attempt, Submitted, What};
use crate::fields::{self, Fields};
use crate::ids::PersonId;
use crate::input::{Deed, Submission};
use crate::phase::{Phase, Unfinished};
use crate::rationale;
use crate::refusal::Refusal;
use crate::request::Subject;
use crate::rules::RationaleRule;

/// After changes were requested, a submission says in as many visible characters what is different now.
const NOTE_MIN: u32 = 10;

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
    let faults = change.rules.as_ref().map(|rules| fields::faults(&rules.fields, &fields)).unwrap_or_default();
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

fn laid_over(earlier: &Fields, later: &Fields) -> Fields {
    earlier.iter().chain(later).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn requester_of_draft(draft: &Draft<'_>, deed: &Deed) -> Result<PersonId, Refusal> {
    let person = requester(draft, deed, Attempt::Submit)?;
    let change = &draft.change;
    match change.phase {
        Phase::Draft { .. } => Ok(person),
        Phase::Gating
        | Phase::Blocked { .. }
        | Phase::Pending { .. }
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. }
        | Phase::Rejected { .. }
        | Phase::Expired { .. }
        | Phase::Cancelled { .. }
        | Phase::Superseded { .. } => Err(Refusal::NotADraft { number: change.number }),
    }
}

/// Only who asked for it, in this run or an earlier one.
fn requester(draft: &Draft<'_>, deed: &Deed, attempt: Attempt) -> Result<PersonId, Refusal> {
    let person = person(draft, Known { by: &deed.by, seen: &deed.seen, interaction: &deed.interaction })?;
    if draft.change.asked_for_it(&person) { Ok(person) } else { Err(Refusal::NotYours { number: draft.change.number, attempt }) }
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
    requester(draft, deed, Attempt::Withdraw)?;
    let change = &draft.change;
    if !change.state().can_be_superseded() {
        return Err(Refusal::NotOpen { number: change.number, state: change.state(), ended_by: None });
    }
    let text = clean(rationale);
    rationale::judge(&text, Attempt::Withdraw, RationaleRule { required: true, min_length: NOTE_MIN })?;
    Ok(text)
}
