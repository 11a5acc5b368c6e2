//! What a workspace holds: channels with their messages, opened views, triggers, reply addresses, private answers.

use super::faults::Faults;
use engine::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// A reply address is good for so many answers.
pub const REPLIES: u32 = 5;
/// And for so long, in seconds.
pub const REPLY_LIFE_S: u64 = 30 * 60;

/// One call of the Web API as it came.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    pub body: Value,
}

impl Call {
    /// The channel that it names, as it was written.
    pub fn channel(&self) -> &str {
        self.body["channel"].as_str().unwrap_or_default()
    }
}

#[derive(Clone, Debug)]
pub struct Message {
    pub channel: String,
    pub ts: String,
    /// The message below which it stands.
    pub thread: Option<String>,
    pub text: String,
    /// `Null` for a message without.
    pub blocks: Value,
    /// Who wrote it.
    pub user: String,
    /// `Null` for a message without.
    pub metadata: Value,
    pub edits: usize,
}

#[derive(Clone, Debug)]
pub struct View {
    pub id: String,
    pub user: String,
    pub trigger: String,
    pub content: Value,
}

/// A sentence that one person alone reads.
#[derive(Clone, Debug)]
pub struct Whisper {
    pub user: String,
    pub text: String,
}

pub struct Trigger {
    pub user: String,
    pub made_at: Timestamp,
    pub is_used: bool,
    pub is_expired: bool,
}

pub struct ReplyAddress {
    pub user: String,
    pub made_at: Timestamp,
    pub uses: u32,
}

#[derive(Default)]
pub struct State {
    pub messages: Vec<Message>,
    pub views: Vec<View>,
    pub whispers: Vec<Whisper>,
    /// What everybody in the channel of a command read beside its answer.
    pub lines: Vec<String>,
    pub calls: Vec<Call>,
    /// Calls of what Slack does not have.
    pub unexpected: Vec<String>,
    /// The app was installed without the scopes that let it read.
    pub may_not_read: bool,
    pub(super) faults: Faults,
    pub(super) triggers: BTreeMap<String, Trigger>,
    pub(super) replies: BTreeMap<String, ReplyAddress>,
    /// Name → id.
    channels: BTreeMap<String, String>,
    /// User → the channel of their direct messages.
    directs: BTreeMap<String, String>,
    count: u64,
}

impl State {
    pub fn add_channel(&mut self, name: &str) {
        let id = format!("C{:09}", self.next());
        self.channels.insert(name.to_owned(), id);
    }

    /// By id or by name, as posting takes it.
    pub fn channel(&self, named: &str) -> Option<String> {
        let name = named.trim_start_matches('#');
        let by_id = || self.channels.values().chain(self.directs.values()).find(|id| *id == named).cloned();
        self.channels.get(name).cloned().or_else(by_id)
    }

    /// The channel of direct messages with this user; it is opened once.
    pub fn direct(&mut self, user: &str) -> String {
        let id = format!("D{:09}", self.next());
        self.directs.entry(user.to_owned()).or_insert(id).clone()
    }

    /// What this user was told directly, oldest first.
    pub fn directs_to(&self, user: &str) -> Vec<&Message> {
        let Some(channel) = self.directs.get(user) else { return Vec::new() };
        self.messages.iter().filter(|message| &message.channel == channel).collect()
    }

    /// The messages of a channel that stand in no thread, oldest first.
    pub fn cards(&self, channel: &str) -> Vec<&Message> {
        let id = self.channel(channel).unwrap_or_default();
        self.messages.iter().filter(|message| message.channel == id && message.thread.is_none()).collect()
    }

    /// The lines below a message, oldest first.
    pub fn thread(&self, ts: &str) -> Vec<&Message> {
        self.messages.iter().filter(|message| message.thread.as_deref() == Some(ts)).collect()
    }

    pub fn message(&self, channel: &str, ts: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.channel == channel && message.ts == ts)
    }

    pub(super) fn message_mut(&mut self, channel: &str, ts: &str) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.channel == channel && message.ts == ts)
    }

    pub fn delete(&mut self, channel: &str, ts: &str) {
        self.messages.retain(|message| message.channel != channel || message.ts != ts);
    }

    /// How often this method was called, failures included.
    pub fn count(&self, method: super::Method) -> usize {
        self.calls.iter().filter(|call| call.method == method.word()).count()
    }

    /// Slack's ids of messages are seconds and a counter.
    pub(super) fn new_ts(&mut self, now: Timestamp) -> String {
        format!("{}.{:06}", now.micros().div_euclid(1_000_000), self.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}
