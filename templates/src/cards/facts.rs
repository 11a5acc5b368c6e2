//! The facts of a card: who asked, until when, for what exactly, under which rules, and what the requester filled in.

use crate::card::Fact;
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::{Controls, View};
use crate::words::{self, NAME_MAX, REASON_MAX};
use engine::request::Initiator;

/// Units of a label.
const LABEL_MAX: usize = 40;
/// People that one fact names.
const NAMED: usize = 3;
/// Answers of the requester that a card in a channel has room for; the details have all of them.
const ANSWERS_SHOWN: usize = 4;

/// In the order of their weight; a crowded card keeps the first two.
pub fn facts(view: &View<'_>) -> Vec<Fact> {
    let room = match view.controls {
        Controls::Vote => ANSWERS_SHOWN,
        Controls::ReadOnly => usize::MAX,
    };
    let answers = answers(view).take(room).map(|(label, value)| Fact { label, value: Rich::from(value.cut(REASON_MAX)) });
    basic(view).into_iter().chain(answers).collect()
}

/// Those that every change has: four, or three without rules.
pub fn basic(view: &View<'_>) -> Vec<Fact> {
    let change = view.change;
    let mut facts = vec![fact("Requested by", requester(view)), time(view), fact("Subject", subject(view))];
    if let Some(rules) = &change.rules {
        facts.push(fact("Change class", Rich::from(Line::new(rules.class.as_str()).cut(NAME_MAX))));
    }
    facts
}

/// What its requester filled in, in the order of the policy, then whatever else there is.
pub fn answers<'a>(view: &'a View<'_>) -> impl Iterator<Item = (Line, Line)> + 'a {
    let fields = &view.change.request.subject.fields;
    let rules = || view.change.rules.iter().flat_map(|rules| &rules.fields).map(|rule| rule.name.as_str());
    let others = fields.keys().map(String::as_str).filter(move |name| !rules().any(|known| known == *name));
    let named = rules().chain(others).filter_map(|name| Some((name, fields.get(name)?)));
    named.map(|(name, value)| (Line::from(engine::fields::label(name)).cut(LABEL_MAX), Line::from(value.line())))
}

pub fn fact(label: &str, value: Rich) -> Fact {
    Fact { label: Line::new(label), value }
}

/// Who asked; a service that asked for somebody stands before them.
pub fn requester(view: &View<'_>) -> Rich {
    let asked = match view.change.initiator() {
        Initiator::Person(id) => Rich::new().person(PersonRef::of(id, view.directory)),
        Initiator::Unknown { kind, account } => Rich::from(Line::from(format!("{kind} account {account}")).cut(NAME_MAX)),
    };
    let others: Vec<PersonRef> = view.change.request.co_initiators.iter().map(|id| PersonRef::of(id, view.directory)).collect();
    if others.is_empty() { asked } else { asked.text(" and ").people(&others, NAMED) }
}

/// While it can run out: when it does. After that: when it was asked for.
fn time(view: &View<'_>) -> Fact {
    let change = view.change;
    if change.state().can_be_superseded() {
        return fact("Expires", Rich::new().when(change.expires_at, WhenStyle::Relative));
    }
    fact("Requested", Rich::new().when(change.opened_at, WhenStyle::Absolute))
}

fn subject(view: &View<'_>) -> Rich {
    Rich::new().code(words::short_digest(&view.change.subject_digest))
}
