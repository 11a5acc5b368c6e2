//! The log: what happened to a change, in words that never change their meaning.
//!
//! Events name people by id only. A new meaning is a new variant or a higher `v`, never an edit of an old one.

use crate::ids::{ChangeId, ChangeNumber, Digest, GroupName, IntegrationName, InteractionId, PersonId, RequirementName, StageName};
use crate::request::{Again, Authors, Request};
use crate::rules::{Route, Rules};
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Approve,
    Reject,
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
    Blocked {
        why: BlockReason,
    },
    StageOpened {
        stage: StageName,
        index: usize,
        steps: Vec<StepDue>,
    },
    Voted(Voted),
    /// A vote that stopped counting, and why.
    VoteStruck {
        person: PersonId,
        why: String,
    },
    Refused(Refused),
    Approved {
        counted: Vec<Counted>,
    },
    Rejected {
        by: PersonId,
        rationale: String,
    },
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
    /// A step with nobody to reach.
    StepSkipped {
        step: usize,
    },
    /// The same wish came again; the decision goes to the run that waits now, and who asks again is an initiator too.
    Retargeted {
        again: Again,
        attempt: u32,
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

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    pub id: ChangeId,
    pub number: ChangeNumber,
    pub request: Request,
    /// The catalogue's name, if it knows the service, else the source's path.
    pub service: String,
    pub subject_digest: Digest,
    /// `None` when no rule could be found; then `Blocked` follows in the same decision.
    pub rules: Option<Rules>,
    pub expires_at: Timestamp,
    /// The ended change with the same key, if there was one.
    pub previous: Option<ChangeId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDue {
    pub step: usize,
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voted {
    pub person: PersonId,
    pub choice: Choice,
    pub rationale: String,
    pub round: u32,
    pub subject_digest: Digest,
    /// The voter's own wish which requirement it is for.
    pub requirement: Option<RequirementName>,
    pub via: String,
    pub interaction: InteractionId,
}

/// A refused attempt; the sentence is made from `code` and never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub attempt: Choice,
    pub code: String,
    pub interaction: InteractionId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub requirement: RequirementName,
    pub person: PersonId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRef {
    pub id: ChangeId,
    pub number: ChangeNumber,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "group", rename_all = "snake_case")]
pub enum TakenAct {
    Reminded,
    Added(GroupName),
    Reassigned(GroupName),
    Told(GroupName),
}

/// What a two-valued tool hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolDecision {
    Approve,
    Reject,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentOutcome {
    Success,
    Failure,
    Cancelled,
}

/// Why nobody is asked. Each says what happened; `sentence` says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum BlockReason {
    UnknownEnvironment {
        environment: String,
    },
    UnknownService {
        service: String,
    },
    /// A condition that could not be evaluated.
    UnknownCondition {
        place: String,
        why: String,
    },
    NoClass,
    NoRequirement {
        class: String,
    },
    NoFlow {
        class: String,
    },
    EmptyGroup {
        group: GroupName,
    },
    UnknownAuthor {
        who: Vec<String>,
    },
    UnknownInitiator {
        who: String,
    },
    /// A failed or impossible look-up.
    AuthorsNotLookedUp {
        why: String,
    },
    NobodyCanApprove {
        requirement: RequirementName,
    },
    AlreadyRejected {
        number: ChangeNumber,
        by: PersonId,
        rationale: String,
    },
}

impl BlockReason {
    /// One sentence what happened, one what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::UnknownEnvironment { environment } => {
                format!("No environment of the policy matches “{environment}”. Add it under environments, or a pattern under its match.")
            }
            Self::UnknownService { service } => {
                format!("The policy’s catalogue does not know “{service}”. Add it under services, or set defaults.service.")
            }
            Self::UnknownCondition { place, why } => {
                format!("The condition of {place} could not be evaluated: {why}. The policy’s owners have to mend it.")
            }
            Self::NoClass => "No class of the policy matched. The last class must be \"true\".".to_owned(),
            Self::NoRequirement { class } => {
                format!(
                    "No requirement of the policy applies to class {class}, and the class does not say that nobody is asked. The policy’s owners have to mend it."
                )
            }
            Self::NoFlow { class } => format!("No flow of the policy was chosen for class {class}. Add one under flow_choice."),
            Self::EmptyGroup { group } => format!("The group {group} has no members, so nobody could approve. Add people to it."),
            Self::UnknownAuthor { who } => {
                format!("Not everybody who wrote this is known: {}. Add their e-mail address or account to the directory.", who.join(", "))
            }
            Self::UnknownInitiator { who } => {
                format!("It is not known who asked for this: {who} is linked to nobody. Add the account to the directory.")
            }
            Self::AuthorsNotLookedUp { why } => format!("The authors could not be looked up: {why}. It is tried again."),
            Self::NobodyCanApprove { requirement } => format!(
                "Nobody left can fill the requirement {requirement}: everybody in its groups asked for this or wrote it. Add people to its groups."
            ),
            Self::AlreadyRejected { number, rationale, .. } => {
                format!("The same subject was rejected in {number}: “{rationale}”. To try again, push a fix.")
            }
        }
    }
}
