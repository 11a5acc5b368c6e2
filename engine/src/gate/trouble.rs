//! What keeps a gate from passing, and the sentence that says it: which gate, on which values, and what it needs.

use crate::fact::{FactFields, said};
use crate::ids::{FactName, GateName};
use crate::length::duration;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A gate that does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub gate: GateName,
    pub fact: FactName,
    /// What it needs, as it stands in the policy.
    pub pass: String,
    #[serde(flatten)]
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// Nobody has supplied the fact yet.
    Missing,
    Failed {
        values: FactFields,
    },
    /// The condition could not be evaluated: unknown never passes.
    Unclear {
        #[serde(rename = "unclear")]
        why: String,
    },
    TooOld {
        observed_at: Timestamp,
        max_age_s: u64,
    },
}

impl Trouble {
    /// Whether it only waits for its first fact.
    pub fn is_missing(&self) -> bool {
        self.why == Why::Missing
    }

    pub fn sentence(&self) -> String {
        let Self { gate, fact, pass, why } = self;
        match why {
            Why::Missing => format!("The gate {gate} waits for the fact {fact}."),
            Why::Failed { values } if values.is_empty() => format!("The gate {gate} fails whatever {fact} says: it needs {pass}."),
            Why::Failed { values } => format!("The gate {gate} fails: {fact} says {}, and it needs {pass}.", said(values)),
            Why::Unclear { why } => format!("The gate {gate} can’t be judged: {why}. It needs {pass}."),
            Why::TooOld { observed_at, max_age_s } => {
                let at = observed_at.utc().format("%-d %b %Y, %H:%M UTC");
                format!("The gate {gate} waits for a newer {fact}: this one is of {at} and counts for {}.", duration(*max_age_s))
            }
        }
    }
}
