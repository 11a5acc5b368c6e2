//! The history of a change for a page: every event, refused attempts included, oldest first.

use crate::card::Mark;
use crate::form::RATIONALE_MAX;
use crate::line::Line;
use crate::rich::{PersonRef, Rich};
use crate::sentences::{self, SEALED};
use crate::view::View;
use crate::words::{self, NAME_MAX};
use engine::event::{Actor, Event, What};
use engine::sealed::is_left_out;
use engine::{Timestamp, directory::Directory};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub seq: u64,
    pub at: Timestamp,
    pub mark: Mark,
    pub sentence: Rich,
    /// What somebody wrote, whole.
    pub quote: Option<Line>,
    /// Who caused it, and through which door.
    pub actor: Line,
}

pub fn timeline(view: &View<'_>, events: &[Event]) -> Vec<Entry> {
    events.iter().map(|event| entry(view, event)).collect()
}

fn entry(view: &View<'_>, event: &Event) -> Entry {
    if let What::Voted(voted) = &event.what
        && is_left_out(view.change, voted)
    {
        return sealed(event);
    }
    Entry {
        seq: event.seq,
        at: event.at,
        mark: sentences::mark(event),
        sentence: sentences::sentence(view, event),
        quote: quote(event),
        actor: actor(&event.actor, view.directory),
    }
}

/// Neither who, nor how, nor why.
fn sealed(event: &Event) -> Entry {
    Entry { seq: event.seq, at: event.at, mark: Mark::Open, sentence: Rich::from(SEALED), quote: None, actor: Line::new("signed blind") }
}

fn quote(event: &Event) -> Option<Line> {
    let words = Line::new(sentences::own_words(&event.what)?).cut(RATIONALE_MAX as usize);
    (!words.is_empty()).then_some(words)
}

fn actor(actor: &Actor, directory: &Directory) -> Line {
    let words = match actor {
        Actor::Person { id, via } => format!("{}, {}", PersonRef::of(id, directory).name, door(via)),
        Actor::Account { platform, account } => format!("{platform} account {account}, linked to nobody"),
        Actor::Integration { name } => format!("{name}"),
        Actor::Token { id } => format!("API token {}", words::short_id(id)),
        Actor::Timer => "the clock".to_owned(),
        Actor::System => "Countersign".to_owned(),
    };
    Line::from(words).cut(2 * NAME_MAX)
}

/// The doors of our own have a name; the others are called as they are.
fn door(via: &str) -> String {
    match via {
        "api" => "through the API".to_owned(),
        "console" => "in the console".to_owned(),
        platform => format!("in {}", words::capitalised(platform)),
    }
}
