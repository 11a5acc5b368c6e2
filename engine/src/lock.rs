//! `lock`: whether the changes of a lane go out one at a time.

use crate::hold::{Because, Hold, Out};
use crate::ids::HoldId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an environment asks of the changes of one lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    #[default]
    Free,
    /// While one is out, the others wait.
    OneAtATime,
}

impl Lock {
    pub fn is_free(&self) -> bool {
        *self == Self::Free
    }

    /// The hold of a change that is approved while another one of its lane is out.
    pub fn hold_at(self, out: Option<&Out>, now: Timestamp) -> Option<Hold> {
        let out = out.filter(|out| self == Self::OneAtATime && now < out.until)?;
        Some(Hold { id: HoldId::new(format!("lock:{}", out.change.id)), because: Because::Lock(out.clone()) })
    }
}
