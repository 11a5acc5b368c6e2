//! The one state of a change. States carry their own data, so impossible ones can't be written down.

use crate::event::{BlockReason, ChangeRef, DeploymentOutcome};
use crate::ids::{PersonId, RequirementName};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The requester has to write something first.
    Draft {
        why: Unfinished,
    },
    /// Facts are awaited, the authors among them; nobody is asked yet.
    Gating,
    Blocked {
        why: BlockReason,
    },
    /// `stage` indexes `Rules::stages`.
    Pending {
        stage: usize,
    },
    Approved {
        at: Timestamp,
    },
    /// The tool confirmed our decision.
    Released {
        at: Timestamp,
    },
    Deploying {
        at: Timestamp,
    },
    /// `outcome` tells succeeded from failed.
    Finished {
        at: Timestamp,
        outcome: DeploymentOutcome,
    },
    Rejected {
        /// `None`: it was voted down.
        by: Option<PersonId>,
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
}

/// Why a change is a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// Mandatory fields, by name.
    FieldsMissing {
        fields: Vec<String>,
    },
    ChangesRequested {
        by: PersonId,
        rationale: String,
    },
}

/// The state's word, as the API, metrics and exit codes use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    Gating,
    Blocked,
    Pending,
    Approved,
    Released,
    Deploying,
    Succeeded,
    Failed,
    Rejected,
    Expired,
    Cancelled,
    Superseded,
}

impl Phase {
    pub fn state(&self) -> State {
        match self {
            Self::Draft { .. } => State::Draft,
            Self::Gating => State::Gating,
            Self::Blocked { .. } => State::Blocked,
            Self::Pending { .. } => State::Pending,
            Self::Approved { .. } => State::Approved,
            Self::Released { .. } => State::Released,
            Self::Deploying { .. } => State::Deploying,
            Self::Finished { outcome: DeploymentOutcome::Success, .. } => State::Succeeded,
            Self::Finished { outcome: DeploymentOutcome::Failure | DeploymentOutcome::Cancelled, .. } => State::Failed,
            Self::Rejected { .. } => State::Rejected,
            Self::Expired { .. } => State::Expired,
            Self::Cancelled { .. } => State::Cancelled,
            Self::Superseded { .. } => State::Superseded,
        }
    }
}

impl State {
    pub const ALL: [Self; 13] = [
        Self::Draft,
        Self::Gating,
        Self::Blocked,
        Self::Pending,
        Self::Approved,
        Self::Released,
        Self::Deploying,
        Self::Succeeded,
        Self::Failed,
        Self::Rejected,
        Self::Expired,
        Self::Cancelled,
        Self::Superseded,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Gating => "gating",
            Self::Blocked => "blocked",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Released => "released",
            Self::Deploying => "deploying",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Ends are final (invariant 11); everything else is open.
    pub fn is_end(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Rejected | Self::Expired | Self::Cancelled | Self::Superseded => true,
            Self::Draft | Self::Gating | Self::Blocked | Self::Pending | Self::Approved | Self::Released | Self::Deploying => false,
        }
    }

    /// A newer change in the lane ends these; what is released finishes.
    pub fn can_be_superseded(self) -> bool {
        matches!(self, Self::Draft | Self::Gating | Self::Blocked | Self::Pending | Self::Approved)
    }
}
