//! The log: what happened to a change, in words that never change their meaning.
//!
//! Events name people by id only. A new meaning is a new variant or a higher `v`, never an edit of an old one.

mod attempt;
mod contents;

pub use attempt::{Attempt, Choice, Precedence};
pub use contents::{
    Counted, DeploymentOutcome, Opened, Refused, RejectedBefore, SignedOverride, StepDue, Submitted, TakenAct, ToolDecision, Voted,
};

pub use crate::block::BlockReason;
pub use crate::group::OnDuty;
pub use crate::ids::ChangeRef;

use crate::fact::Fact;
use crate::gate::{Judged, Waiver};
use crate::hold::Hold;
use crate::ids::{Digest, GateName, HoldId, IntegrationName, InteractionId, PersonId, RequirementName, StageName};
use crate::quorum::Outvoted;
use crate::request::{Again, Authors};
use crate::rules::Route;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version of the event format that this build writes.
pub const EVENT_VERSION: u8 = 1;

/// One entry of a change's stream. `seq` counts from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub v: u8,
    pub seq: u64,
    /// The later of the clock and the stream's last event.
    pub at: Timestamp,
    pub actor: Actor,
    #[serde(flatten)]
    pub what: What,
}

/// Who caused it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// `via`: `slack`, `console`, `api`, `demo`.
    Person {
        id: PersonId,
        via: String,
    },
    /// An account that is linked to nobody.
    Account {
        platform: String,
        account: String,
    },
    Integration {
        name: IntegrationName,
    },
    /// An API token, by its id.
    Token {
        id: String,
    },
    Timer,
    System,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum What {
    Opened(Box<Opened>),
    /// An account was linked after the change had opened.
    InitiatorKnown {
        person: PersonId,
    },
    /// The forge was asked and answered.
    AuthorsKnown {
        authors: Authors,
    },
    /// The forge could not be asked, or does not know.
    AuthorsUnknown {
        why: String,
    },
    /// Something was measured; with it, what the gates that go by it made of it.
    FactSupplied {
        fact: Fact,
        judged: Vec<Judged>,
    },
    /// Somebody made an exception for a gate.
    GateWaived {
        waiver: Waiver,
        via: String,
        interaction: InteractionId,
    },
    /// Its time is over, or whoever made it had a part in the change.
    WaiverEnded {
        gate: GateName,
        why: String,
    },
    Blocked {
        why: BlockReason,
    },
    StageOpened {
        stage: StageName,
        index: usize,
        steps: Vec<StepDue>,
    },
    /// Who is on duty in the rosters that the rules name: when a stage opens, and at each handover.
    DutyKnown(OnDuty),
    Voted(Voted),
    /// A vote that stopped counting, and why.
    VoteStruck {
        person: PersonId,
        why: String,
    },
    /// A person took their own vote back before the stage was decided.
    VoteWithdrawn {
        person: PersonId,
        interaction: InteractionId,
    },
    Refused(Refused),
    /// Mandatory fields are missing: the requester is asked before anybody else.
    FieldsMissing {
        fields: Vec<String>,
    },
    /// The round ends without a decision; `round` is the next one.
    ChangesRequested {
        by: PersonId,
        rationale: String,
        round: u32,
    },
    /// The requester filled in what was missing, or asks again after changes were requested.
    Submitted(Submitted),
    /// The same wish with another subject: the next round, without the votes of the last.
    SubjectChanged {
        again: Again,
        subject_digest: Digest,
        round: u32,
        attempt: u32,
    },
    /// A reason not to release appeared.
    Held {
        hold: Hold,
    },
    /// It went away: resumed, run out, or what it waited for has ended.
    HoldLifted {
        hold: HoldId,
        why: String,
    },
    /// Somebody said whether this newer change replaces the older one.
    Settled {
        older: ChangeRef,
        precedence: Precedence,
        by: PersonId,
        interaction: InteractionId,
    },
    /// Somebody signed that the change goes out in spite of a freeze; what it comes to follows as `HoldLifted`.
    OverrideSigned(SignedOverride),
    Approved {
        counted: Vec<Counted>,
    },
    /// Its verdict goes out: from here on the others of its lane wait until it has ended (`lock: one_at_a_time`).
    LaneTaken,
    Rejected {
        by: PersonId,
        rationale: String,
    },
    /// Where a rejection is one vote, so many were against it that it can't be agreed to any more.
    Outvoted(Outvoted),
    Expired {
        waiting_on: Vec<RequirementName>,
    },
    Cancelled {
        why: String,
    },
    Superseded {
        by: ChangeRef,
    },
    /// A step of the escalation was taken; `people` are those to be reached.
    StepTaken {
        step: usize,
        act: TakenAct,
        people: Vec<PersonId>,
        via: BTreeSet<Route>,
    },
    /// A step with nobody to reach, or a reminder that a later one has overtaken.
    StepSkipped {
        step: usize,
    },
    /// The same wish came again; the decision goes to the run that waits now, and who asks again is an initiator too.
    Retargeted {
        again: Again,
        attempt: u32,
    },
    /// The tool shows these words while it waits for the decision.
    Reported {
        attempt: u32,
        words: String,
    },
    /// The tool confirmed that it holds our decision.
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
    /// Somebody decided in the tool itself. Evidence, never a vote.
    DecidedOutside {
        decision: ToolDecision,
        by: String,
    },
    DeploymentStarted {
        run: String,
    },
    /// It started although no release was confirmed.
    UnapprovedDeployment {
        run: String,
    },
    DeploymentFinished {
        run: String,
        outcome: DeploymentOutcome,
    },
}
