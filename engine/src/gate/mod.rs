//! Gates: automatic conditions over facts. What a policy asks of one change, what is known of it, and what stands in its way.
//!
//! Judging a fact evaluates an expression, so that is done where decisions are made and recorded; here is only arithmetic
//! with what was recorded, and the clock.

mod evidence;
mod standing;
mod trouble;
mod waiver;

pub use evidence::{Evidence, Judged};
pub use standing::{Ageing, GateState, ends_next, state, troubles};
pub use trouble::{Trouble, Why};
pub use waiver::{Needed, Waiver, WaiverRule};

use crate::ids::{FactName, GateName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The gates of one change, in the order of its environment, with the lists that they name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gates {
    pub rules: Vec<GateRule>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateRule {
    pub name: GateName,
    pub fact: FactName,
    /// The condition over `fact.*`, as it stands in the policy.
    pub pass: String,
    /// `None`: its fact never grows too old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age_s: Option<u64>,
    #[serde(default)]
    pub recheck: Recheck,
    /// `None`: it can't be waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<WaiverRule>,
}

/// Until when its fact may grow too old. A newer fact that fails counts at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recheck {
    /// Until people are asked: what passed then has passed for this round.
    #[default]
    BeforeAsking,
    AtRelease,
}

impl Gates {
    pub fn rule(&self, name: &GateName) -> Option<&GateRule> {
        self.rules.iter().find(|rule| &rule.name == name)
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}
