//! The workspace of a story: what its channel and its people see.

use super::World;
use super::card::Card;
use crate::fakes::slack::{Fault, Method, State, shown};
use std::sync::MutexGuard;

#[derive(Clone, Copy)]
pub struct Slack<'w> {
    pub(super) world: &'w World,
}

impl<'w> Slack<'w> {
    pub fn channel(self, name: &str) -> Channel<'w> {
        Channel { world: self.world, name: name.to_owned() }
    }

    /// What the bot told this person directly, oldest first.
    pub fn directs_to(self, person: &str) -> Vec<String> {
        let account = self.world.account(person);
        let user = account.rsplit('/').next().unwrap_or_default().to_owned();
        let state = self.state();
        state.directs_to(&user).into_iter().map(|message| format!("{}\n{}", message.text, shown(&message.blocks))).collect()
    }

    pub fn fails_next(self, method: Method, count: usize, fault: Fault) {
        self.world.slack.fail_next(method, count, fault);
    }

    pub fn goes_away(self) {
        self.world.slack.goes_away();
    }

    pub fn comes_back(self) {
        self.world.slack.comes_back();
    }

    pub fn state(self) -> MutexGuard<'w, State> {
        self.world.slack.state()
    }

    /// How often this method was called, failures included.
    pub fn count(self, method: Method) -> usize {
        self.state().count(method)
    }
}

pub struct Channel<'w> {
    world: &'w World,
    name: String,
}

impl<'w> Channel<'w> {
    /// The one card whose title contains this.
    pub fn sees(&self, title: &str) -> Card<'w> {
        let titles = self.titles();
        let found: Vec<usize> = titles.iter().enumerate().filter(|(_, shown)| shown.contains(title)).map(|(index, _)| index).collect();
        let [index] = found.as_slice() else { panic!("not one card but {} say “{title}”: {titles:#?}", found.len()) };
        let state = self.world.slack.state();
        let cards = state.cards(&self.name);
        let message = cards.get(*index).expect("a card");
        Card { world: self.world, channel: message.channel.clone(), ts: message.ts.clone() }
    }

    /// The first lines of all cards, oldest first.
    pub fn titles(&self) -> Vec<String> {
        let state = self.world.slack.state();
        let title = |message: &&crate::fakes::slack::Message| {
            let header = message.blocks[0]["text"]["text"].as_str();
            header.unwrap_or(&message.text).to_owned()
        };
        state.cards(&self.name).iter().map(title).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.titles().is_empty()
    }
}
