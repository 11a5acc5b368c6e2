//! The only place where something about a change is decided.

use crate::change::Change;
use crate::directory::Directory;
use crate::effect::Effect;
use crate::event::Event;
use crate::input::{Input, Opening};
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// What a decision may depend on besides the change itself; read in the same transaction.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    pub directory: &'a Directory,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub events: Vec<Event>,
    pub effects: Vec<Effect>,
    /// Set when the attempt was refused; the events then hold its record, if its cap allowed one.
    pub refusal: Option<Refusal>,
}

pub fn open(opening: Opening, world: World<'_>, now: Timestamp) -> Decision {
    let _ = (opening, world, now);
    Decision { events: vec![], effects: vec![], refusal: None }
}

pub fn decide(change: &Change, input: Input, world: World<'_>, now: Timestamp) -> Decision {
    let _ = (change, input, world, now);
    Decision { events: vec![], effects: vec![], refusal: None }
}
