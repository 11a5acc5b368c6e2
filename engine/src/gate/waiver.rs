//! An exception for one gate of one change: who may make it, what it needs, and how long it lasts.

use crate::ids::{GateName, GroupName, PersonId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the policy says about waiving a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverRule {
    /// Members of any of them may. Nobody who had a part in the change.
    pub by: Vec<GroupName>,
    /// What has to be named; a reason always.
    pub needs: BTreeSet<Needed>,
    /// The longest that one lasts; one without an end gets this one.
    pub longest_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    Ticket,
    Expiry,
}

/// One exception, as it is recorded. It ends by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    pub gate: GateName,
    pub by: PersonId,
    pub rationale: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    pub until: Timestamp,
}
