//! What a decision means to a pipeline: its exit code. Anything that is not clearly an approval is none.

use anyhow::{Context, bail};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Approved,
    Rejected,
    Expired,
    Cancelled,
    Superseded,
    /// Not decided yet, or decided and held.
    StillWaiting,
    /// It was approved, and its deployment failed.
    Failed,
}

impl Ending {
    /// Of an answer of `GET /v1/changes/{id}/decision`.
    pub fn of(decision: &Value) -> anyhow::Result<Self> {
        let outcome = decision.get("outcome").context("the server’s answer names no outcome; is it another version?")?;
        let holds = decision["holds"].as_array().context("the server’s answer names no holds; is it another version?")?;
        Ok(match outcome.as_str() {
            None if outcome.is_null() => Self::StillWaiting,
            // What is paused by a freeze, an incident or a lock must not go ahead.
            Some("approved") if !holds.is_empty() => Self::StillWaiting,
            Some("approved" | "succeeded") => Self::Approved,
            Some("rejected") => Self::Rejected,
            Some("expired") => Self::Expired,
            Some("cancelled") => Self::Cancelled,
            Some("superseded") => Self::Superseded,
            Some("failed") => Self::Failed,
            _ => bail!("the server answers the outcome {outcome}, which this version does not know. Use the version that the server has."),
        })
    }

    pub fn code(self) -> u8 {
        match self {
            Self::Approved => 0,
            Self::Rejected => 10,
            Self::Expired => 11,
            Self::Cancelled => 12,
            Self::Superseded => 13,
            Self::StillWaiting => 14,
            Self::Failed => 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_outcome_has_its_code() {
        let table = [
            (json!("approved"), 0),
            (json!("succeeded"), 0),
            (json!("rejected"), 10),
            (json!("expired"), 11),
            (json!("cancelled"), 12),
            (json!("superseded"), 13),
            (Value::Null, 14),
            (json!("failed"), 20),
        ];
        for (outcome, code) in table {
            let decision = json!({ "outcome": outcome, "holds": [] });
            assert_eq!(Ending::of(&decision).unwrap().code(), code, "{decision}");
        }
    }

    #[test]
    fn nothing_unclear_is_an_approval() {
        let held = json!({ "outcome": "approved", "holds": [{ "kind": "freeze" }] });
        assert_eq!(Ending::of(&held).unwrap(), Ending::StillWaiting);
        for unclear in
            [json!({}), json!({ "outcome": "approved" }), json!({ "outcome": "fine", "holds": [] }), json!({ "outcome": 1, "holds": [] })]
        {
            assert!(Ending::of(&unclear).is_err(), "{unclear}");
        }
    }
}
