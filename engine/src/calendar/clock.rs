//! What lengths of time are measured by: every second, or only those in which somebody is at work.

use super::hours::Hours;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Absent in events of before calendars: the wall clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "runs", rename_all = "snake_case")]
pub enum Clock {
    #[default]
    Wall,
    /// Stands still while these are closed.
    Open(Hours),
}

impl Clock {
    /// When so many seconds have passed by this clock; `None` if that is not within its horizon.
    pub fn after(&self, from: Timestamp, seconds: u64) -> Option<Timestamp> {
        match self {
            Self::Wall => Some(from.plus_seconds(seconds)),
            Self::Open(hours) => hours.after(from, seconds),
        }
    }
}
