//! A decision in the making: each event is applied as soon as it is said, so that what follows sees it.

use super::{Decision, World};
use crate::change::Change;
use crate::effect::Effect;
use crate::event::{Actor, EVENT_VERSION, Event, What};
use crate::refusal::Refusal;
use crate::rules::Tell;
use crate::time::Timestamp;
use std::collections::BTreeSet;

pub(super) struct Draft<'a> {
    pub change: Change,
    pub world: World<'a>,
    pub actor: Actor,
    /// The later of the clock and the last event.
    pub now: Timestamp,
    events: Vec<Event>,
    effects: BTreeSet<Effect>,
    refusal: Option<Refusal>,
}

impl<'a> Draft<'a> {
    pub fn new(change: &Change, actor: Actor, world: World<'a>, now: Timestamp) -> Self {
        let now = now.max(change.last_at);
        Self { change: change.clone(), world, actor, now, events: Vec::new(), effects: BTreeSet::new(), refusal: None }
    }

    /// A stream that begins with this event.
    pub fn born(change: Change, first: Event, world: World<'a>) -> Self {
        let (actor, now) = (first.actor.clone(), first.at);
        Self { change, world, actor, now, events: vec![first], effects: BTreeSet::new(), refusal: None }
    }

    /// Appends an event; returns its sequence number.
    pub fn say(&mut self, what: What) -> u64 {
        let seq = self.change.last_seq + 1;
        let event = Event { v: EVENT_VERSION, seq, at: self.now, actor: self.actor.clone(), what };
        self.change.absorb(&event);
        self.events.push(event);
        seq
    }

    pub fn wants(&mut self, effect: Effect) {
        self.effects.insert(effect);
    }

    /// The tool hears of the decision, if there is one to hear it.
    pub fn wants_answer(&mut self) {
        if self.change.request.origin.callback.is_some() {
            self.wants(Effect::Answer { attempt: self.change.attempt });
        }
    }

    /// The requester hears of the state that event `seq` led to, if the policy says so.
    pub fn tells_requester(&mut self, state: Tell, seq: u64) {
        let wanted = self.change.rules.as_ref().is_some_and(|rules| rules.tell_requester.contains(&state));
        if wanted && self.change.initiator().person().is_some() {
            self.wants(Effect::TellRequester { seq });
        }
    }

    pub fn refuse(&mut self, refusal: Refusal) {
        self.refusal = Some(refusal);
    }

    pub fn finish(self) -> Decision {
        Decision { change: self.change, events: self.events, effects: self.effects.into_iter().collect(), refusal: self.refusal }
    }
}
