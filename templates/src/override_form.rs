//! The form in which somebody signs that a change goes out in spite of a freeze.

use crate::card::Verb;
use crate::cards::holds;
use crate::form::{FORM_TITLE_MAX, Form, RATIONALE_MAX, RationaleField, length_hint, subject};
use crate::line::Line;
use crate::rich::Rich;
use crate::view::View;
use engine::overriding::{Overridable, overridable};

/// What is missing where nothing is frozen any more: the form then says so when it is sent.
const SHORTEST: u32 = 1;

/// With what holds the change, and how long the reason has to be for any of it.
pub fn overriding(view: &View<'_>) -> Form {
    let of = overridable(view.change);
    let intro = of.fold(subject(view), |intro, of| intro.then(Rich::from(" ")).then(holds::frozen(view, of.frozen)));
    let min = overridable(view.change).map(|of| shortest(of)).max().unwrap_or(SHORTEST);
    let (number, round) = (view.change.number, view.change.round);
    Form {
        verb: Verb::Override,
        number,
        round,
        title: Line::from(format!("Override {number}")).cut(FORM_TITLE_MAX),
        intro,
        fields: Vec::new(),
        rationale: RationaleField {
            label: Line::new("Why can’t it wait?"),
            hint: length_hint(min),
            placeholder: Line::new("What happens if it waits for the end?"),
            min,
            max: RATIONALE_MAX,
        },
        submit: Line::new("Override"),
        close: Line::new("Cancel"),
    }
}

fn shortest(of: Overridable<'_>) -> u32 {
    of.rule.min_length.clamp(SHORTEST, RATIONALE_MAX)
}
