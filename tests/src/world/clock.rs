//! Time in a story: it stands still until it is told to move, or it is the machine's, because the program has no other.

use engine::Timestamp;
use router::clock::{Clock, SystemClock, pause};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Monday, 5 January 2026, 10:00 UTC.
const START_S: i64 = 1_767_607_200;
/// A story waits no longer than this for the machine's clock.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub enum StoryClock {
    /// In microseconds since 1970.
    Held(AtomicI64),
    Machine,
}

impl StoryClock {
    pub fn held() -> Self {
        Self::Held(AtomicI64::new(START_S * 1_000_000))
    }

    pub async fn advance(&self, by: Duration) {
        match self {
            Self::Held(micros) => {
                micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX / 4), Ordering::SeqCst);
            }
            Self::Machine => {
                assert!(by <= LONGEST_WAIT, "a story that moves the clock by {by:?} can't be played with the program as it ships");
                pause(by).await;
            }
        }
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        match self {
            Self::Held(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)).expect("an instant of this century"),
            Self::Machine => SystemClock.now(),
        }
    }
}
