//! The card: what everybody in a channel and on the web sees of one change, before any surface has formatted it.

use crate::line::Line;
use crate::rich::{PersonRef, Rich};
use engine::ids::ChangeNumber;
use engine::phase::State;

/// One change at one sequence number, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub number: ChangeNumber,
    /// What a vote on this card is for.
    pub round: u32,
    /// The last event that this card shows; it changes with every edit.
    pub seq: u64,
    pub state: State,
    pub tone: Tone,
    /// State word, what, where; at most [`crate::words::TITLE_MAX`] units.
    pub title: Line,
    /// The change in its requester's words; may be empty.
    pub about: Rich,
    /// What happened last and what happens next, in a sentence or two.
    pub summary: Rich,
    /// What is out of the ordinary; mostly none.
    pub banners: Vec<Banner>,
    /// The first two are never dropped; what its requester filled in comes last.
    pub facts: Vec<Fact>,
    /// `None` where nobody was asked.
    pub quorum: Option<Quorum>,
    /// Only controls that work now.
    pub actions: Vec<Action>,
    pub foot: Rich,
    /// The same card on the web.
    pub web: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    pub tone: Tone,
    pub text: Rich,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub label: Line,
    pub value: Rich,
}

/// How far the approvals are, by the same requirements that `decide` enforces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    pub given: usize,
    pub needed: usize,
    pub votes: Vec<VoteLine>,
    /// Who is still needed, in words; empty when nobody is.
    pub missing: Vec<Line>,
    /// People who could fill an open requirement and are asked.
    pub asked: Vec<PersonRef>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteLine {
    pub mark: Mark,
    pub who: PersonRef,
    /// The requirement that it fills, if it counts for one.
    pub counts_for: Option<Line>,
    /// The voter's own words, cut to [`crate::words::REASON_MAX`].
    pub reason: Line,
    /// Why it no longer counts.
    pub struck: Option<Line>,
}

/// A control; its target is the card's number and round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub verb: Verb,
    pub place: Place,
    pub label: Line,
    pub role: Role,
    /// What a screen reader says: names the object and that a form follows.
    pub description: Line,
    /// What a menu says beside the label; empty elsewhere.
    pub hint: Line,
}

/// Where a control stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The first row: three at most.
    Row,
    /// A row of its own: the answers to what a banner asks.
    Question,
    /// A menu or a row for what is wanted seldom: five at most.
    More,
}

/// What a control asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Approve,
    Reject,
    RequestChanges,
    Abstain,
    /// One's own vote.
    WithdrawVote,
    /// The requester's form for missing fields.
    FillIn,
    /// The requester's form after changes were requested.
    AskAgain,
    /// The whole change, by its requester.
    Withdraw,
    /// A freeze, for this change.
    Override,
    /// This change replaces the older one of its lane.
    Replace,
    /// This change waits for the older one of its lane.
    Queue,
    /// An exception for a gate.
    Waive,
    Details,
}

impl Verb {
    pub const ALL: [Self; 13] = [
        Self::Approve,
        Self::Reject,
        Self::RequestChanges,
        Self::Abstain,
        Self::WithdrawVote,
        Self::FillIn,
        Self::AskAgain,
        Self::Withdraw,
        Self::Override,
        Self::Replace,
        Self::Queue,
        Self::Waive,
        Self::Details,
    ];

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::RequestChanges => "request_changes",
            Self::Abstain => "abstain",
            Self::WithdrawVote => "withdraw_vote",
            Self::FillIn => "fill_in",
            Self::AskAgain => "ask_again",
            Self::Withdraw => "withdraw",
            Self::Override => "override",
            Self::Replace => "replace",
            Self::Queue => "queue",
            Self::Waive => "waive",
            Self::Details => "details",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Primary,
    Danger,
    Plain,
}

/// The accent of a state; it never stands without the word and the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Calm,
    Good,
    Bad,
    Warning,
    Over,
}

/// A text symbol, readable without colour and without an emoji font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Open,
    Yes,
    No,
    Under,
    Gone,
}

impl Tone {
    pub fn of(state: State) -> Self {
        match state {
            State::Gating | State::Pending | State::Deploying => Self::Calm,
            State::Draft => Self::Warning,
            State::Approved | State::Released | State::Succeeded => Self::Good,
            State::Blocked | State::Rejected | State::Failed => Self::Bad,
            State::Expired | State::Cancelled | State::Superseded => Self::Over,
        }
    }

    /// The name of its colour in the style sheet.
    pub fn word(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warning => "warning",
            Self::Over => "over",
        }
    }
}

impl Mark {
    pub fn of(state: State) -> Self {
        match state {
            State::Draft | State::Gating | State::Pending => Self::Open,
            State::Approved | State::Released | State::Succeeded => Self::Yes,
            State::Blocked | State::Rejected | State::Failed => Self::No,
            State::Deploying => Self::Under,
            State::Expired | State::Cancelled | State::Superseded => Self::Gone,
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            Self::Open => "○",
            Self::Yes => "✓",
            Self::No => "✕",
            Self::Under => "›",
            Self::Gone => "–",
        }
    }
}
