//! What a chat platform can do for us, and how it says that it could not.

use crate::inbound::ReplyHandle;
use crate::secret::Secret;
use async_trait::async_trait;
use engine::Timestamp;
use templates::{Card, Details, Form, Notice, Rich};

/// One chat platform. Every call is one attempt that ends within a fixed time; trying again is the caller's.
#[async_trait]
pub trait Platform: Send + Sync {
    /// The word that configuration, accounts and policies use for it: `slack`.
    fn name(&self) -> &'static str;

    /// Posts a new card. A layout that the platform refuses is posted again as text, never dropped.
    async fn post(&self, post: Post<'_>, card: &Card) -> Result<Posted, SendError>;

    /// Shows the card in the message that holds an older one.
    async fn update(&self, place: Place<'_>, card: &Card) -> Result<(), SendError>;

    /// A line in the card's thread.
    async fn thread(&self, place: Place<'_>, line: ThreadLine<'_>) -> Result<(), SendError>;

    /// A message to one account, written as the directory has it.
    async fn direct(&self, account: &str, notice: &Notice) -> Result<Posted, SendError>;

    /// How forms open after a press was acknowledged; `None` where the answer to the press is what opens them.
    fn form_opener(&self) -> Option<&dyn FormOpener>;

    /// Asks the platform who we are there, and compares that with how we are configured.
    async fn check(&self) -> Result<Checked, SendError>;

    /// Makes our command known, in one server or everywhere; says what was done.
    async fn register(&self, server: Option<&str>) -> Result<String, SendError>;

    /// A sentence that only the person who pressed or submitted reads.
    async fn whisper(&self, reply: &ReplyHandle, text: &str) -> Result<(), SendError>;

    /// What follows the first answer to a command, where it was typed.
    async fn tell(&self, reply: &ReplyHandle, words: &Rich, audience: Audience) -> Result<(), SendError>;

    /// The message that a link of this platform leads to; `None` for any other link.
    fn linked(&self, link: &str) -> Option<Posted>;
}

/// Who reads an answer to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Whoever typed it, and nobody else.
    Asker,
    /// Everybody in the channel.
    Everybody,
}

/// Opens what a press asked for, by a call of its own.
#[async_trait]
pub trait FormOpener: Send + Sync {
    /// Opens a form for the person who has just pressed a button; the trigger lives for seconds and works once.
    async fn open_form(&self, trigger: &Secret, form: &Form) -> Result<(), SendError>;

    /// Opens the details for the person who has just pressed a button.
    async fn open_details(&self, trigger: &Secret, details: &Details) -> Result<(), SendError>;
}

/// What a platform says of us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Who we are there, in a sentence.
    pub identity: String,
    /// What does not fit together, and what to do about each; empty where all is well.
    pub faults: Vec<String>,
}

/// Where a card goes for the first time. The same post, tried again, differs in its doubt alone, whatever the card shows by
/// then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Post<'a> {
    pub channel: &'a str,
    /// The message that showed the change there before and can't be edited any more.
    pub replaces: Option<&'a str>,
    pub doubt: Doubt,
}

/// Whether an earlier attempt to send the same may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    None,
    /// One ended without an answer; it was made at this time or later. A platform that can look for it does.
    Since(Timestamp),
}

/// What a thread is told about one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadLine<'a> {
    /// The event's number; the same line, tried again, has the same.
    pub seq: u64,
    pub words: &'a Rich,
    pub doubt: Doubt,
}

/// Where a message is, as the platform answered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub channel: String,
    pub message: String,
}

/// A message that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub channel: &'a str,
    pub message: &'a str,
}

/// Why something did not get through, sorted by what is to be done about it. Texts hold no secret and no payload.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Again, but not before `seconds`.
    #[error("the platform asks for a pause of {seconds} s")]
    RetryAfter { seconds: u64 },
    /// Nothing happened there; again later.
    #[error("the platform is away: {0}")]
    Away(String),
    /// It may have happened: trying again may do it twice.
    #[error("it is not known whether the platform did it: {0}")]
    Ambiguous(String),
    /// The message can't be edited any more: post a fresh card.
    #[error("the message can't be edited any more: {0}")]
    Gone(String),
    /// The channel, the user or our own access is at fault; somebody has to change a setting.
    #[error("the platform can't reach it: {0}")]
    Unreachable(String),
    /// The platform refused what we sent; again won't help.
    #[error("the platform refused it: {0}")]
    Refused(String),
}
