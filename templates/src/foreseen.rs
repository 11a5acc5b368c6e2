//! A freeze of the policy that is in force or comes soon, in the words of `/pauses` and of the command `status`.

use crate::cards::holds::exceptions;
use crate::line::Line;
use crate::rich::{Rich, WhenStyle};
use crate::words::{FOREIGN_MAX, NAME_MAX};
use engine::Timestamp;
use engine::policy::Foreseen;

/// “year-end: frozen until …, where `environment == 'production'`. Only emergencies go out before.”
pub fn foreseen(one: &Foreseen, now: Timestamp) -> Rich {
    let start = Rich::new().strong(Line::new(&one.freeze).cut(NAME_MAX));
    let start = match one.is_in_force(now) {
        true => start.text(": frozen until "),
        false => start.text(": freezes from ").when(one.span.from, WhenStyle::Absolute).text(" until "),
    };
    let told = start.when(one.span.to, WhenStyle::Absolute);
    let told = match &one.covers {
        Some(condition) => told.text(", where ").code(Line::new(condition).cut(FOREIGN_MAX)),
        None => told.text(", every change"),
    };
    told.text(".").text(exceptions(&one.lets_through, one.overridden_by.as_ref()))
}
