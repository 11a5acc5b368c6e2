//! What the larger entries of the log hold.

use super::{Attempt, Choice};
use crate::evaluation::Evaluation;
use crate::fields::Fields;
use crate::ids::{ChangeId, ChangeNumber, Digest, GroupName, InteractionId, PersonId, RequirementName};
use crate::request::Request;
use crate::rules::Rules;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// `None` in events of earlier builds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<Evaluation>,
    /// What was rejected under the same key, in the ended change or in one before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<RejectedBefore>,
}

/// A subject that was rejected, so that it is not asked again as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedBefore {
    pub number: ChangeNumber,
    pub digest: Digest,
    /// `None`: it was voted down.
    pub by: Option<PersonId>,
    pub rationale: String,
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
    /// The rosters of the rules in which the voter was on duty at that moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_duty: Vec<GroupName>,
    pub via: String,
    pub interaction: InteractionId,
}

/// One person's word that the change goes out in spite of one time of a freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOverride {
    /// The policy's name of it.
    pub freeze: String,
    /// When that time of it began.
    pub since: Timestamp,
    pub person: PersonId,
    pub rationale: String,
    /// The rosters of the rules in which the person was on duty at that moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_duty: Vec<GroupName>,
    pub via: String,
    pub interaction: InteractionId,
}

/// What a requester sends in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    pub person: PersonId,
    /// Empty where nothing was written.
    pub note: String,
    /// All the answers that hold from now on.
    pub fields: Fields,
    pub subject_digest: Digest,
    pub round: u32,
    pub via: String,
    pub interaction: InteractionId,
}

/// A refused attempt; the sentence is made from `code` and never stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub attempt: Attempt,
    pub code: String,
    pub interaction: InteractionId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub requirement: RequirementName,
    pub person: PersonId,
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
