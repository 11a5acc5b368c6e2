//! What is open, sorted by what it means to one person: one rule for the console, the API and chat.

use super::{App, Failure};
use engine::change::Change;
use engine::directory::Directory;
use engine::event::{Event, What};
use engine::ids::PersonId;
use engine::phase::State;
use engine::standing::standing;
use engine::time::Timestamp;
use entities::{ChangeFilter, Summary};
use std::sync::Arc;

/// Open changes that one look takes in: those that wait for votes first.
pub const LOOKS_AT: usize = 500;

/// An open change, as somebody looks at it.
#[derive(Debug)]
pub struct Open {
    pub summary: Summary,
    pub change: Change,
    /// When its open stage began to wait.
    pub since: Timestamp,
}

/// Every open change is in exactly one of the three.
#[derive(Debug, Default)]
pub struct Waiting {
    /// It can't go on without somebody like them: first what waits for their vote, then what waits for their answers;
    /// both in the order in which they expire.
    pub on_them: Vec<Open>,
    /// Newest first.
    pub asked_by_them: Vec<Open>,
    /// Newest first.
    pub others: Vec<Open>,
    pub directory: Arc<Directory>,
    /// There are more open changes than one look takes in.
    pub is_cut: bool,
}

impl App {
    /// A few queries, however many changes are open. `person` is nobody for a service.
    pub async fn waiting(&self, filter: &ChangeFilter, person: Option<&PersonId>) -> Result<Waiting, Failure> {
        let mut found = self.store.open_at_a_glance(filter, LOOKS_AT as u64 + 1).await?;
        let is_cut = found.len() > LOOKS_AT;
        found.truncate(LOOKS_AT);
        let directory = self.laws.directory_now(&self.store).await?;
        let mut waiting = Waiting { is_cut, ..Waiting::default() };
        for (summary, log) in found {
            // A stream may have gone on since the rows were read; the newest state is what counts.
            let change = Change::fold(&log).map_err(|why| Failure::Log { change: summary.id, why })?;
            waiting.sort_in(Open { since: asked_since(&log).unwrap_or(summary.opened_at), summary, change }, &directory, person);
        }
        waiting.directory = directory;
        Ok(waiting.in_order())
    }
}

impl Open {
    /// Whether its requester has to write something before anybody is asked to vote.
    pub fn waits_for_answers(&self) -> bool {
        self.change.state() == State::Draft
    }
}

impl Waiting {
    /// What waits for them first.
    pub fn all(&self) -> impl Iterator<Item = &Open> {
        self.on_them.iter().chain(&self.asked_by_them).chain(&self.others)
    }

    fn sort_in(&mut self, open: Open, directory: &Directory, person: Option<&PersonId>) {
        let Some(person) = person else { return self.others.push(open) };
        let is_theirs = open.change.asked_for_it(person);
        if (is_theirs && open.waits_for_answers()) || standing(&open.change, directory).waiting_on.contains(person) {
            self.on_them.push(open);
        } else if is_theirs {
            self.asked_by_them.push(open);
        } else {
            self.others.push(open);
        }
    }

    fn in_order(mut self) -> Self {
        self.on_them.sort_by_key(|open| (open.waits_for_answers(), open.change.expires_at, open.summary.number));
        for newest_first in [&mut self.asked_by_them, &mut self.others] {
            newest_first.sort_by_key(|open| std::cmp::Reverse(open.summary.number));
        }
        self
    }
}

fn asked_since(log: &[Event]) -> Option<Timestamp> {
    log.iter().rev().find(|event| matches!(event.what, What::StageOpened { .. })).map(|event| event.at)
}
