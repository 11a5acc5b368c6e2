//! The four facts of a card: who asked, until when, for what exactly, and under which rules.

use crate::card::Fact;
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::View;
use crate::words::{self, NAME_MAX};
use engine::request::Initiator;

/// People that one fact names.
const NAMED: usize = 3;

/// In the order of their weight; a crowded card drops the last two.
pub fn facts(view: &View<'_>) -> Vec<Fact> {
    let change = view.change;
    let mut facts = vec![fact("Requested by", requester(view)), time(view), fact("Subject", subject(view))];
    if let Some(rules) = &change.rules {
        facts.push(fact("Change class", Rich::from(Line::new(rules.class.as_str()).cut(NAME_MAX))));
    }
    facts
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
