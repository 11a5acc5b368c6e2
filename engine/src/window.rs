//! When what is approved may go out: while a calendar is open, as a change's rules have it.

use crate::calendar::Hours;
use crate::hold::{Because, Closed, Hold};
use crate::ids::HoldId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The window of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The policy's name of it.
    pub name: String,
    pub hours: Hours,
    /// Seconds of the wall clock after the approval.
    pub earliest_after_approval_s: u64,
    /// Seconds before the calendar closes.
    pub not_in_last_s: u64,
}

impl Window {
    /// The first instant from now on at which it may go out; `None`: not within the calendar's horizon.
    pub fn opens(&self, approved_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let earliest = approved_at.plus_seconds(self.earliest_after_approval_s).max(now);
        self.hours.open_for(earliest, self.not_in_last_s)
    }

    /// The hold that it is now, unless it is open.
    pub fn hold_at(&self, approved_at: Timestamp, now: Timestamp) -> Option<Hold> {
        let opens = self.opens(approved_at, now);
        let closed = || Closed { window: self.name.clone(), opens };
        (opens != Some(now)).then(|| Hold { id: HoldId::new(format!("window:{}", self.name)), because: Because::OutsideWindow(closed()) })
    }
}
