//! Time in a story: it stands still until it is told to move.

use engine::Timestamp;
use router::clock::Clock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Monday, 5 January 2026, 10:00 UTC.
const START_S: i64 = 1_767_607_200;

#[derive(Debug)]
pub struct StoryClock {
    micros: AtomicI64,
}

impl Default for StoryClock {
    fn default() -> Self {
        Self { micros: AtomicI64::new(START_S * 1_000_000) }
    }
}

impl StoryClock {
    pub fn advance(&self, by: Duration) {
        self.micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX / 4), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst)).expect("an instant of this century")
    }
}
