//! What people choose and try to do, by the names that the log has for it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Approve,
    Reject,
    /// Not like this: the round ends, and the requester is asked to mend it.
    RequestChanges,
    /// Has looked and leaves it to the others; counts for nobody, at most for a board's turnout.
    Abstain,
}

/// What a person tried to do to a change, as refused attempts and repeated interactions record it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attempt {
    Approve,
    Reject,
    RequestChanges,
    Abstain,
    /// To take one's own vote back.
    WithdrawVote,
    /// To withdraw the change.
    Withdraw,
    /// To fill in what is missing, or to ask again.
    Submit,
    /// To say whether a newer change replaces an older one or waits for it.
    Settle,
    /// To lift a freeze for one change.
    Override,
    SupplyFact,
    /// To make an exception for a gate.
    Waive,
}

impl From<Choice> for Attempt {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Approve => Self::Approve,
            Choice::Reject => Self::Reject,
            Choice::RequestChanges => Self::RequestChanges,
            Choice::Abstain => Self::Abstain,
        }
    }
}

/// Whether a newer change replaces the older one of its lane, or waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precedence {
    Replace,
    Queue,
}
