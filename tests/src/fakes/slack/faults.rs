//! What goes wrong between the two, in the order in which a story asked for it.

use std::collections::VecDeque;

/// The calls that can be told to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Post,
    Update,
    Whisper,
    Converse,
    OpenView,
    Reply,
    History,
    Replies,
}

impl Method {
    pub fn word(self) -> &'static str {
        match self {
            Self::Post => "chat.postMessage",
            Self::Update => "chat.update",
            Self::Whisper => "chat.postEphemeral",
            Self::Converse => "conversations.open",
            Self::OpenView => "views.open",
            Self::Reply => "response_url",
            Self::History => "conversations.history",
            Self::Replies => "conversations.replies",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with `Retry-After`, in seconds; nothing is done.
    Limited(u64),
    /// This status, and nothing is done.
    Status(u16),
    /// `{"ok": false}` with this code; nothing is done.
    Error(&'static str),
    /// The connection breaks before anything is done.
    Drop,
    /// It is done, but the connection breaks before the answer.
    DoneButDropped,
    /// It is done, but nobody ever answers.
    DoneButSilent,
}

#[derive(Default)]
pub struct Faults {
    pub is_away: bool,
    queue: VecDeque<(Method, Fault)>,
}

impl Faults {
    pub fn queue(&mut self, method: Method, count: usize, fault: Fault) {
        self.queue.extend(std::iter::repeat_n((method, fault), count));
    }

    /// The fault that is next for this method.
    pub fn next(&mut self, method: &str) -> Option<Fault> {
        if self.is_away {
            return Some(Fault::Status(503));
        }
        let at = self.queue.iter().position(|(queued, _)| queued.word() == method)?;
        self.queue.remove(at).map(|(_, fault)| fault)
    }
}
