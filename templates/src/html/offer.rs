//! What the reader can do on the page of a change: one form for each kind of deed, posted to the page's own address.
//!
//! A form sends `csrf`, `interaction`, `round`, `digest` and `deed` (a [`Verb::word`]); with a reason `rationale`, with a vote
//! `requirement`, with the requester's answers `field.<name>` and `note`.

use super::waive::{WaiveContext, WrittenWaiver, waive};
use crate::card::{Role, Verb};
use crate::form::{RATIONALE_MAX, form};
use crate::line::Line;
use crate::override_form::overriding;
use crate::view::View;
use crate::words::{self, NAME_MAX};
use engine::event::Choice;
use engine::fields::{ANSWER_MAX, FieldFault, FieldKind, FieldRule, FieldValue, label};
use engine::phase::{Phase, Unfinished};
use serde::Serialize;
use std::collections::BTreeMap;

/// What works now for this reader.
#[derive(Clone, Debug, Default)]
pub struct Offer<'a> {
    /// Where every form is posted.
    pub action: &'a str,
    pub csrf: &'a str,
    /// The same for every sending of this rendered page, so that a doubled one is known.
    pub interaction: &'a str,
    /// What may be sent, of all verbs.
    pub verbs: &'a [Verb],
    /// Requirements that a vote could be for, where there are several.
    pub requirements: &'a [String],
    /// Gates that the reader may make an exception for.
    pub gates: &'a [String],
    /// Why the reader can't decide, or what else there is to say.
    pub note: Option<&'a str>,
    pub written: Written<'a>,
}

/// What was written before, when the page comes back with a refusal.
#[derive(Clone, Debug, Default)]
pub struct Written<'a> {
    /// Why it came back.
    pub problem: Option<&'a str>,
    /// The reason of a vote, an override or a withdrawal.
    pub rationale: &'a str,
    pub note: &'a str,
    /// What was typed into each field.
    pub fields: BTreeMap<String, String>,
    pub faults: &'a [FieldFault],
    /// It was an exception for a gate that came back, and nothing else.
    pub waiver: Option<WrittenWaiver<'a>>,
}

#[derive(Serialize)]
pub(super) struct OfferContext<'a> {
    action: &'a str,
    csrf: &'a str,
    interaction: &'a str,
    round: u32,
    digest: String,
    problem: Option<&'a str>,
    rationale: &'a str,
    max: u32,
    note: Option<&'a str>,
    vote: Option<VoteContext<'a>>,
    submit: Option<SubmitContext<'a>>,
    take_back: Option<&'static str>,
    withdraw: Option<&'static str>,
    lift: Option<LiftContext>,
    settle: Vec<ButtonView>,
    waive: Option<WaiveContext<'a>>,
    /// What was written, where no form is left to hold it.
    left_over: Option<&'a str>,
}

#[derive(Serialize)]
struct VoteContext<'a> {
    hints: Vec<String>,
    min: u32,
    requirements: &'a [String],
    buttons: Vec<ButtonView>,
}

/// To override a freeze.
#[derive(Serialize)]
struct LiftContext {
    verb: &'static str,
    label: String,
    hint: String,
    min: u32,
}

#[derive(Serialize)]
struct ButtonView {
    value: &'static str,
    label: &'static str,
    class: &'static str,
}

#[derive(Serialize)]
struct SubmitContext<'a> {
    verb: &'static str,
    fields: Vec<FieldView>,
    note: Option<&'a str>,
    /// It came back, and not for the sake of a field.
    note_begins: bool,
    submit: &'static str,
}

#[derive(Serialize)]
struct FieldView {
    name: String,
    label: String,
    hint: String,
    value: String,
    /// Empty: it is typed, not chosen.
    options: Vec<String>,
    fault: Option<String>,
    /// Whoever mends the form begins here.
    begins: bool,
    /// It may be left empty.
    optional: bool,
    max: usize,
}

const CHOICES: [Choice; 4] = [Choice::Approve, Choice::Reject, Choice::RequestChanges, Choice::Abstain];

pub(super) fn offer<'a>(view: &View<'_>, offer: &'a Offer<'a>) -> OfferContext<'a> {
    let has = |verb: Verb| offer.verbs.contains(&verb);
    let vote = vote(view, offer);
    let submit = [Verb::FillIn, Verb::AskAgain].into_iter().find(|verb| has(*verb)).map(|verb| submit(view, offer, verb));
    let withdraw = has(Verb::Withdraw).then(|| Verb::Withdraw.word());
    let lift = has(Verb::Override).then(|| lift(view));
    let waive = waive(offer.gates, offer.written.waiver);
    let (problem, rationale) = match offer.written.waiver {
        // It stands in its own form, if that is still there.
        Some(written) if waive.is_none() => (None, written.rationale),
        Some(_) => (None, ""),
        None => (offer.written.problem, offer.written.rationale),
    };
    let has_place = vote.is_some() || withdraw.is_some() || lift.is_some();
    OfferContext {
        action: offer.action,
        csrf: offer.csrf,
        interaction: offer.interaction,
        round: view.change.round,
        digest: view.change.subject_digest.to_string(),
        problem,
        rationale,
        max: RATIONALE_MAX,
        note: offer.note,
        left_over: Some(rationale).filter(|text| !has_place && !text.is_empty()),
        vote,
        waive,
        submit,
        take_back: has(Verb::WithdrawVote).then(|| Verb::WithdrawVote.word()),
        withdraw,
        lift,
        settle: [Verb::Replace, Verb::Queue].into_iter().filter(|verb| has(*verb)).map(settle_button).collect(),
    }
}

fn lift(view: &View<'_>) -> LiftContext {
    let form = overriding(view);
    let (label, hint) = (form.rationale.label.to_string(), form.rationale.hint.to_string());
    LiftContext { verb: form.verb.word(), label, hint, min: form.rationale.min }
}

fn settle_button(verb: Verb) -> ButtonView {
    ButtonView { value: verb.word(), label: words::button(verb), class: class(Role::Plain) }
}

fn vote<'a>(view: &View<'_>, offer: &'a Offer<'a>) -> Option<VoteContext<'a>> {
    let forms = CHOICES.map(|choice| form(view, choice));
    let possible: Vec<_> = forms.iter().filter(|form| offer.verbs.contains(&form.verb)).collect();
    let least = possible.iter().map(|form| form.rationale.min).min()?;
    let same = possible.iter().all(|form| form.rationale.hint == possible[0].rationale.hint);
    let hints = match same {
        true => vec![possible[0].rationale.hint.to_string()],
        false => possible.iter().map(|form| format!("{}: {}", form.submit, form.rationale.hint)).collect(),
    };
    let button =
        |form: &&crate::form::Form| ButtonView { value: form.verb.word(), label: submit_word(form.verb), class: class(role(form.verb)) };
    Some(VoteContext { hints, min: least, requirements: offer.requirements, buttons: possible.iter().map(button).collect() })
}

/// A button that sends at once ends without “…”.
fn submit_word(verb: Verb) -> &'static str {
    words::button(verb).trim_end_matches('…')
}

fn role(verb: Verb) -> Role {
    match verb {
        Verb::Approve => Role::Primary,
        Verb::Reject => Role::Danger,
        Verb::RequestChanges
        | Verb::Abstain
        | Verb::WithdrawVote
        | Verb::FillIn
        | Verb::AskAgain
        | Verb::Withdraw
        | Verb::Override
        | Verb::Replace
        | Verb::Queue
        | Verb::Waive
        | Verb::Details => Role::Plain,
    }
}

fn class(role: Role) -> &'static str {
    match role {
        Role::Primary => "primary",
        Role::Danger => "danger",
        Role::Plain => "plain",
    }
}

fn submit<'a>(view: &View<'_>, offer: &'a Offer<'a>, verb: Verb) -> SubmitContext<'a> {
    let rules = view.change.rules.iter().flat_map(|rules| &rules.fields);
    let is_second = matches!(view.change.phase, Phase::Draft { why: Unfinished::ChangesRequested { .. } });
    SubmitContext {
        verb: verb.word(),
        fields: rules.map(|rule| field(view, offer, rule)).collect(),
        note: is_second.then_some(offer.written.note),
        note_begins: offer.written.problem.is_some() && offer.written.faults.is_empty(),
        submit: if is_second { "Ask again" } else { "Send in" },
    }
}

fn field(view: &View<'_>, offer: &Offer<'_>, rule: &FieldRule) -> FieldView {
    let earlier = || view.change.request.subject.fields.get(&rule.name).map(FieldValue::typed).unwrap_or_default();
    let fault = offer.written.faults.iter().find(|fault| fault.name == rule.name);
    FieldView {
        name: rule.name.clone(),
        label: Line::from(label(&rule.name)).cut(NAME_MAX).to_string(),
        hint: rule.hint(),
        value: offer.written.fields.get(&rule.name).cloned().unwrap_or_else(earlier),
        optional: rule.required_when.is_some(),
        options: if let FieldKind::Choice { of } = &rule.kind { of.clone() } else { Vec::new() },
        begins: fault.is_some() && offer.written.faults.first() == fault,
        fault: fault.map(|fault| fault.sentence.clone()),
        max: ANSWER_MAX,
    }
}
