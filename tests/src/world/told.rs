//! A change as the record has it, for what no outside surface shows.

use super::World;
use engine::Event;
use engine::change::Change;
use engine::event::What;
use engine::phase::State;
use entities::{ChangeAddress, ChangeFilter, Summary};

/// Changes of one story at most.
const MANY: u64 = 1_000;

pub struct Told {
    pub change: Change,
    pub events: Vec<Event>,
}

impl Told {
    /// The codes of the attempts that were refused, in order.
    pub fn refusals(&self) -> Vec<&str> {
        let refused = self.events.iter().filter_map(|event| match &event.what {
            What::Refused(refused) => Some(refused.code.as_str()),
            _ => None,
        });
        refused.collect()
    }

    /// How many of the events are like this.
    pub fn count(&self, is_like: impl Fn(&What) -> bool) -> usize {
        self.events.iter().filter(|event| is_like(&event.what)).count()
    }

    pub fn state(&self) -> State {
        self.change.state()
    }
}

impl World {
    /// Every change, oldest first.
    pub async fn changes(&self) -> Vec<Summary> {
        let mut rows = self.app().store.list_changes(&ChangeFilter::default(), None, MANY).await.unwrap();
        rows.reverse();
        rows
    }

    /// The record of the one change that there is.
    pub async fn change(&self) -> Told {
        let rows = self.changes().await;
        let [row] = rows.as_slice() else { panic!("there is not one change but {rows:#?}") };
        self.record_of(&row.number.to_string()).await
    }

    /// The record of a change by its number, as in `CHG-1042`.
    pub async fn record_of(&self, number: &str) -> Told {
        let store = self.app().store.clone();
        let address = ChangeAddress::parse(number).unwrap();
        let row = store.find_change(&address).await.unwrap().unwrap_or_else(|| panic!("there is no {number}"));
        let events = store.events(row.id).await.unwrap();
        Told { change: Change::fold(&events).unwrap(), events }
    }
}
