//! What this Discord holds: messages, threads, conversations, and the tokens of interactions.

use super::faults::{Faults, Route};
use engine::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct Message {
    pub channel: u64,
    pub id: u64,
    pub content: String,
    pub embeds: Value,
    pub components: Value,
    /// Users whom its posting notified.
    pub notified: Vec<String>,
    pub edits: usize,
    pub(super) nonce: Option<String>,
    pub(super) made_at: Timestamp,
}

impl Message {
    /// The title of its embed; its text where it has none.
    pub fn title(&self) -> &str {
        self.embeds[0]["title"].as_str().unwrap_or(&self.content)
    }

    /// Everything that a reader sees of it.
    pub fn text(&self) -> String {
        let embed = &self.embeds[0];
        let part = |name: &str| embed[name].as_str().unwrap_or_default().to_owned();
        [self.content.clone(), part("title"), part("description"), embed["footer"]["text"].as_str().unwrap_or_default().to_owned()]
            .join("\n")
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "id": self.id.to_string(), "channel_id": self.channel.to_string(), "content": self.content,
            "embeds": self.embeds, "components": self.components, "nonce": self.nonce,
        })
    }
}

/// A sentence that one person alone reads, beside the answer to an interaction.
#[derive(Clone, Debug)]
pub struct Whisper {
    pub user: String,
    pub text: String,
}

#[derive(Default)]
pub struct State {
    pub channels: BTreeSet<u64>,
    pub messages: Vec<Message>,
    pub whispers: Vec<Whisper>,
    /// What everybody in the channel of a command read beside its answer.
    pub lines: Vec<String>,
    /// The commands that were registered last.
    pub commands: Value,
    /// Those of one server, by its id.
    pub server_commands: BTreeMap<u64, Value>,
    /// What an operator has entered on the application's page.
    pub interactions_url: String,
    pub calls: Vec<Route>,
    /// Calls of what Discord does not have, and messages that leave mentions to its defaults.
    pub unexpected: Vec<String>,
    pub(super) faults: Faults,
    /// Threads have the id of the message that they begin at.
    pub(super) threads: BTreeSet<u64>,
    /// Token of an interaction → user.
    pub(super) tokens: BTreeMap<String, String>,
    /// User → the channel of their direct messages.
    directs: BTreeMap<String, u64>,
    count: u64,
}

impl State {
    /// The messages of a channel, oldest first.
    pub fn messages_in(&self, channel: u64) -> Vec<&Message> {
        self.messages.iter().filter(|message| message.channel == channel).collect()
    }

    pub fn message(&self, id: u64) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }

    /// What this user was told directly, oldest first.
    pub fn directs_to(&self, user: &str) -> Vec<&Message> {
        self.directs.get(user).map(|channel| self.messages_in(*channel)).unwrap_or_default()
    }

    /// How often this route was called, failures included.
    pub fn count(&self, route: Route) -> usize {
        self.calls.iter().filter(|call| **call == route).count()
    }

    pub(super) fn has_channel(&self, id: u64) -> bool {
        self.channels.contains(&id) || self.threads.contains(&id) || self.directs.values().any(|channel| *channel == id)
    }

    /// The channel of direct messages with this user; it is opened once.
    pub(super) fn direct(&mut self, user: &str) -> u64 {
        let id = self.next();
        *self.directs.entry(user.to_owned()).or_insert(id)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        900_000 + self.count
    }
}
