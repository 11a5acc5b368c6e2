//! How often something fails within a minute, so that a door need not go on answering at length.

use engine::Timestamp;
use std::sync::{Mutex, PoisonError};

const MINUTE_US: i64 = 60_000_000;

/// Counts by whole minutes of the clock: simple, and never more than twice as many within any sixty seconds.
#[derive(Debug)]
pub struct Attempts {
    most: u32,
    /// The minute that is counted, and how many there were.
    counted: Mutex<(i64, u32)>,
}

impl Attempts {
    pub fn new(most: u32) -> Self {
        Self { most, counted: Mutex::new((0, 0)) }
    }

    /// One more failed; whether that is too many for this minute.
    pub fn failed(&self, now: Timestamp) -> bool {
        let minute = now.micros().div_euclid(MINUTE_US);
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let before = if counted.0 == minute { counted.1 } else { 0 };
        *counted = (minute, before.saturating_add(1));
        before >= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_its_own_count() {
        let attempts = Attempts::new(2);
        let at = |seconds: u64| Timestamp::from_micros(1_800_000_000_000_000).unwrap().plus_seconds(seconds);
        let found: Vec<bool> = [0, 1, 2, 59, 60, 61, 62].into_iter().map(|seconds| attempts.failed(at(seconds))).collect();
        assert_eq!(found, [false, false, true, true, false, false, true]);
    }
}
