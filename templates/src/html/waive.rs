//! The form by which somebody makes an exception for a gate. It sends `gate`, `ticket`, `hours` and `rationale`.

use crate::card::Verb;
use serde::Serialize;

/// What was written for an exception, when the page comes back with a refusal.
#[derive(Clone, Copy, Debug)]
pub struct WrittenWaiver<'a> {
    pub problem: &'a str,
    pub rationale: &'a str,
    pub ticket: &'a str,
    pub hours: &'a str,
}

#[derive(Serialize)]
pub(super) struct WaiveContext<'a> {
    verb: &'static str,
    gates: &'a [String],
    problem: Option<&'a str>,
    rationale: &'a str,
    ticket: &'a str,
    hours: &'a str,
}

/// `None` where the reader may waive none of the gates.
pub(super) fn waive<'a>(gates: &'a [String], written: Option<WrittenWaiver<'a>>) -> Option<WaiveContext<'a>> {
    if gates.is_empty() {
        return None;
    }
    Some(WaiveContext {
        verb: Verb::Waive.word(),
        gates,
        problem: written.map(|written| written.problem).filter(|problem| !problem.is_empty()),
        rationale: written.map_or("", |written| written.rationale),
        ticket: written.map_or("", |written| written.ticket),
        hours: written.map_or("", |written| written.hours),
    })
}
