//! Why something could not be done that was right to ask: logged once at the boundary, then retried or answered 5xx.

use engine::change::FoldError;
use engine::ids::ChangeId;
use entities::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the log of change {change} can’t be read: {why}")]
    Log { change: ChangeId, why: FoldError },
    #[error("change {0} is not in the log")]
    NoSuchChange(ChangeId),
    #[error("another writer was first {0} times in a row")]
    TooManyConflicts(u32),
    /// The caller's time was over before the commit began: nothing was recorded.
    #[error("there was no time left to record it")]
    TooLate,
    #[error("no policy is in force; start with a policy file, or run `countersign check`")]
    NoPolicy,
    #[error("the policy in force can’t be read by this build: {0}")]
    PolicyUnreadable(String),
    #[error("{what} can’t be read: {why}")]
    Unreadable { what: String, why: String },
    /// The writer task has ended: the process is going down.
    #[error("shutting down")]
    ShuttingDown,
}

impl Failure {
    /// Whether asking again later may help: the door answers 503, a worker tries again.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Store(StoreError::Unavailable(_) | StoreError::Conflict | StoreError::KeyTaken)
            | Self::TooManyConflicts(_)
            | Self::TooLate
            | Self::ShuttingDown => true,
            Self::Store(
                StoreError::NotDurable(_) | StoreError::Corrupt { .. } | StoreError::BelongsElsewhere { .. } | StoreError::Database(_),
            )
            | Self::Log { .. }
            | Self::NoSuchChange(_)
            | Self::NoPolicy
            | Self::PolicyUnreadable(_)
            | Self::Unreadable { .. } => false,
        }
    }
}
