//! What is open, sorted by what it means to one person: what waits for them, what they asked for, and the rest.

use super::{App, Failure};
use engine::change::Change;
use engine::directory::Directory;
use engine::ids::PersonId;
use engine::standing::standing;
use entities::{ChangeFilter, Openness};
use std::sync::Arc;

/// Open changes that one look takes in, the newest first.
pub const LOOKS_AT: u64 = 500;

/// Every open change is in exactly one of the three, newest first.
#[derive(Debug, Default)]
pub struct Waiting {
    /// It can't go on without somebody like them: their vote, or their answers.
    pub on_them: Vec<Change>,
    pub asked_by_them: Vec<Change>,
    pub others: Vec<Change>,
    pub directory: Arc<Directory>,
    /// There are more open changes than one look takes in.
    pub is_cut: bool,
}

impl App {
    /// Two queries, however many changes are open. `person` is nobody for a service.
    pub async fn waiting(&self, filter: &ChangeFilter, person: Option<&PersonId>) -> Result<Waiting, Failure> {
        let open = ChangeFilter { openness: Some(Openness::Open), ..filter.clone() };
        let rows = self.store.list_changes(&open, None, LOOKS_AT).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut streams = self.store.events_of(&ids).await?;
        let directory = self.laws.directory_now(&self.store).await?;
        let mut waiting = Waiting { is_cut: rows.len() as u64 == LOOKS_AT, ..Waiting::default() };
        for id in ids {
            // A stream may have ended since the rows were read; the newest state is what counts.
            let Some(events) = streams.remove(&id) else { continue };
            let change = Change::fold(&events).map_err(|why| Failure::Log { change: id, why })?;
            waiting.sort_in(change, &directory, person);
        }
        waiting.directory = directory;
        Ok(waiting)
    }
}

impl Waiting {
    fn sort_in(&mut self, change: Change, directory: &Directory, person: Option<&PersonId>) {
        let Some(person) = person else { return self.others.push(change) };
        let is_theirs = change.asked_for_it(person);
        let is_draft = change.state() == engine::phase::State::Draft;
        if (is_theirs && is_draft) || standing(&change, directory).waiting_on.contains(person) {
            self.on_them.push(change);
        } else if is_theirs {
            self.asked_by_them.push(change);
        } else {
            self.others.push(change);
        }
    }
}
