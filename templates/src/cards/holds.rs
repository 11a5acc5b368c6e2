//! Why a change may not be released now, in the words of card, thread and page.

use super::summary::quoted;
use crate::card::{Banner, Tone};
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::View;
use crate::words::{FOREIGN_MAX, NAME_MAX};
use engine::event::{ChangeRef, Precedence};
use engine::freeze::OverrideRule;
use engine::hold::{Because, Closed, Frozen, Hold, LetThrough, Out, Pause, Unproven};
use engine::overriding::{Overridable, rule_of, signed};
use engine::phase::State;
use engine::sentence;
use std::collections::BTreeSet;

/// One banner for each hold, oldest first. What is out already is not held any more.
pub fn banners<'a>(view: &'a View<'_>) -> impl Iterator<Item = Banner> + 'a {
    let state = view.change.state();
    let holds = view.change.holds.iter().filter(move |_| state.can_be_superseded());
    holds.map(move |hold| Banner { tone: Tone::Warning, text: text(view, hold).text(goes_on(hold, state)) })
}

/// A pause or a freeze stops the release and not the votes.
fn goes_on(hold: &Hold, state: State) -> &'static str {
    if hold.ahead().is_none() && state == State::Pending { " Voting goes on." } else { "" }
}

/// “Paused by … (production) until …: “INC-88”.”, “Paused by the freeze year-end until …”, or what it waits for.
pub fn text(view: &View<'_>, hold: &Hold) -> Rich {
    match &hold.because {
        Because::Paused(pause) => paused(view, pause),
        Because::Frozen(frozen) => self::frozen(view, frozen),
        Because::OutsideWindow(closed) => outside(closed),
        Because::Unproven(unproven) => self::unproven(view, unproven),
        Because::Lock(out) => locked(view, out),
        Because::Gate(trouble) => Rich::from(Line::from(trouble.sentence()).cut(2 * FOREIGN_MAX)),
        Because::Behind { change } => linked(view, "Waits for ", change).text(" to end, which came first."),
        Because::NewerThan { change } => {
            linked(view, "It is newer than ", change).text(", which is still open. Say whether it replaces that one or waits.")
        }
    }
}

fn paused(view: &View<'_>, pause: &Pause) -> Rich {
    let scope = Line::from(pause.scope.to_string()).cut(NAME_MAX);
    let start = Rich::from("Paused by ").person(PersonRef::of(&pause.by, view.directory).named_only()).text(format!(" ({scope}) until "));
    let reason = Line::new(&pause.reason).cut(FOREIGN_MAX);
    let start = match pause.until {
        Some(until) => start.when(until, WhenStyle::Absolute),
        None => start.text("it is resumed"),
    };
    if reason.is_empty() { start.text(".") } else { start.text(format!(": {}", quoted(&reason))) }
}

fn unproven(view: &View<'_>, unproven: &Unproven) -> Rich {
    let environment = Line::new(unproven.environment.as_str()).cut(NAME_MAX);
    if let Some(until) = unproven.soaks_until {
        return Rich::from(format!("Has succeeded in {environment}, and soaks until ")).when(until, WhenStyle::Absolute).text(".");
    }
    let waits = Rich::from(format!("Waits until it has succeeded in {environment}."));
    match view.change.request.subject.promoted() {
        Some(_) => waits,
        None => waits.text(" It has neither a commit nor an artifact to be known by there."),
    }
}

fn locked(view: &View<'_>, out: &Out) -> Rich {
    let start = linked(view, "Waits for ", &out.change).text(" to end, which is out there now, or until ");
    start.when(out.until, WhenStyle::Absolute).text(" at the latest.")
}

fn outside(closed: &Closed) -> Rich {
    let window = Line::new(&closed.window).cut(NAME_MAX);
    let start = Rich::from(format!("Waits for the window {window}, which "));
    match closed.opens {
        Some(opens) => start.text("opens ").when(opens, WhenStyle::Absolute).text("."),
        None => start.text("does not open for years."),
    }
}

pub fn frozen(view: &View<'_>, frozen: &Frozen) -> Rich {
    let freeze = Line::new(&frozen.freeze).cut(NAME_MAX);
    let rule = rule_of(view.change, frozen);
    let start = Rich::from(format!("Paused by the freeze {freeze} until ")).when(frozen.until, WhenStyle::Absolute).text(".");
    let told = start.text(exceptions(&frozen.lets_through, rule));
    match rule {
        Some(rule) => told.text(so_far(view, Overridable { frozen, rule })),
        None => told,
    }
}

/// What goes out all the same, and who can see to it; begins with a space.
pub fn exceptions(lets_through: &BTreeSet<LetThrough>, rule: Option<&OverrideRule>) -> String {
    match rule {
        Some(rule) if lets_through.is_empty() => format!(" {}", sentence::overriding(rule)),
        Some(rule) => format!("{} {}", goes_out(lets_through), sentence::overriding(rule)),
        None => goes_out(lets_through).to_owned(),
    }
}

/// How far it has come.
fn so_far(view: &View<'_>, of: Overridable<'_>) -> String {
    match signed(view.change, of, view.directory) {
        0 => String::new(),
        1 => " 1 person has.".to_owned(),
        people => format!(" {people} people have."),
    }
}

/// Which changes it leaves alone.
fn goes_out(lets_through: &BTreeSet<LetThrough>) -> &'static str {
    let has = |kind| lets_through.contains(&kind);
    match (has(LetThrough::Emergency), has(LetThrough::Rollback)) {
        (true, true) => " Only emergencies and rollbacks go out before.",
        (true, false) => " Only emergencies go out before.",
        (false, true) => " Only rollbacks go out before.",
        (false, false) => " Nothing goes out before.",
    }
}

/// “Said by …: CHG-1041 is replaced.”
pub fn settled(view: &View<'_>, older: &ChangeRef, precedence: Precedence) -> Rich {
    match precedence {
        Precedence::Replace => linked(view, "It replaces ", older).text("."),
        Precedence::Queue => linked(view, "It waits for ", older).text(" to end."),
    }
}

fn linked(view: &View<'_>, start: &str, change: &ChangeRef) -> Rich {
    Rich::from(start.to_owned()).link(&view.web_of(change.number), change.number.to_string())
}
