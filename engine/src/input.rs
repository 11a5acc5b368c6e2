//! Everything that can happen to a change, whichever door it came through.

use crate::evaluation::Evaluation;
use crate::event::{Actor, BlockReason, ChangeRef, Choice, DeploymentOutcome, Precedence, RejectedBefore, ToolDecision};
use crate::fact::Fact;
use crate::fields::Fields;
use crate::ids::{ChangeId, ChangeNumber, Digest, GateName, InteractionId, PersonId, RequirementName};
use crate::request::{Again, Authors, Request};
use crate::rules::Rules;
use crate::time::Timestamp;

/// What a new change begins with; the router has read the policy and drawn the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub id: ChangeId,
    pub number: ChangeNumber,
    pub request: Request,
    pub routed: Routed,
    /// The ended change with the same key, and what was rejected under that key.
    pub previous: Option<Previous>,
    /// Open changes of the lane that go first, where the policy does not replace them.
    pub ahead: Vec<ChangeRef>,
    pub actor: Actor,
}

/// What the policy in force says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// The catalogue's name, if it knows the service, else the source's path.
    pub service: String,
    pub expire_after_s: u64,
    pub rules: Result<Rules, BlockReason>,
    pub evaluation: Evaluation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    pub id: ChangeId,
    /// What was rejected in it, or before it.
    pub rejected: Option<RejectedBefore>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub actor: Actor,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Whether this ballot would be taken, before a reason is written: what opens a form.
    Ask(Ballot),
    Vote(Ballot),
    /// To take one's own vote back.
    WithdrawVote(Deed),
    /// Whether this person could withdraw the change, before a reason is written: what opens a form.
    AskWithdraw(Deed),
    /// To withdraw the change; only who asked for it may.
    Withdraw {
        deed: Deed,
        rationale: String,
    },
    /// Whether this submission would be taken, before it is written: what opens a form.
    AskSubmit(Deed),
    Submit(Submission),
    /// To say whether this change replaces the older one that it waits for.
    Settle {
        deed: Deed,
        precedence: Precedence,
    },
    /// Whether this person could lift a freeze for the change, before a reason is written: what opens a form.
    AskOverride(Deed),
    /// To sign that the change goes out in spite of the freeze that holds it.
    Override {
        deed: Deed,
        rationale: String,
    },
    SupplyFact(Supply),
    /// To make an exception for a gate.
    WaiveGate(WaiverWish),
    /// The holds of the world have changed: compared with those of the change.
    HoldsChanged,
    /// An older change of the lane goes first; it came late.
    QueueBehind {
        change: ChangeRef,
    },
    /// An older change of the lane has ended.
    AheadEnded {
        change: ChangeId,
    },
    /// The forge said who wrote this commit. An answer about another one than the subject's is stale.
    AuthorsKnown {
        commit: Option<String>,
        authors: Authors,
    },
    AuthorsUnknown {
        commit: Option<String>,
        why: String,
    },
    /// The forge says that these have a part in this commit now, besides those whom it named before.
    AuthorsJoined {
        commit: Option<String>,
        authors: Authors,
    },
    /// The same wish once more.
    Retarget(Again),
    Supersede {
        by: ChangeRef,
    },
    Cancel {
        why: String,
    },
    /// Time has passed.
    Wake,
    /// The tool took these words about how far it is.
    Reported {
        attempt: u32,
        words: String,
    },
    Answered {
        decision: ToolDecision,
        attempt: u32,
        note: String,
    },
    AnswerFailed {
        decision: ToolDecision,
        attempt: u32,
        error: String,
    },
    DecidedOutside {
        decision: ToolDecision,
        by: String,
    },
    DeploymentStarted {
        run: String,
    },
    DeploymentFinished {
        run: String,
        outcome: DeploymentOutcome,
    },
    /// Memberships have changed: votes and satisfiability are looked at again.
    DirectoryChanged,
}

/// The doors where people sign in for themselves; what comes by them satisfies `step_up`.
pub const SIGNED_IN: [&str; 1] = ["console"];

/// One person's attempt to vote, as they saw the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    pub voter: Voter,
    pub choice: Choice,
    pub rationale: String,
    pub requirement: Option<RequirementName>,
    pub seen: Sight,
    pub via: String,
    pub interaction: InteractionId,
}

/// One person's deed without a choice, as they saw the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub by: Voter,
    pub seen: Sight,
    pub via: String,
    pub interaction: InteractionId,
}

/// What a requester sends in: answers to be laid over the earlier ones, all or some of them, and what they want to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub deed: Deed,
    pub fields: Fields,
    pub note: String,
}

/// A measurement that somebody brings, or a program of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supply {
    pub fact: Fact,
    /// The commit or the subject's digest that it is about, if that was said.
    pub about: Option<String>,
    pub interaction: InteractionId,
}

/// An exception that somebody wants to make for a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaiverWish {
    pub deed: Deed,
    pub gate: GateName,
    pub rationale: String,
    pub ticket: String,
    /// `None`: as long as the policy lets it last.
    pub until: Option<Timestamp>,
}

/// Who is voting, as far as an explicit link tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voter {
    Person(PersonId),
    /// An account that is linked to nobody.
    Unlinked {
        platform: String,
        account: String,
    },
}

/// What the voter's card showed. Buttons carry the round; the digest comes where the surface has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    pub round: u32,
    pub digest: Option<Digest>,
}
