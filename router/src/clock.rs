//! The only place that looks at a clock or waits for one; ids are made here too, because they carry the time.

use engine::Timestamp;
use engine::ids::ChangeId;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use uuid::{Builder, Uuid};

/// What time it is. Two kinds exist: the machine's, and the demo's, which can be moved on.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one reading of the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::from_utc(chrono::Utc::now())
    }
}

/// The machine's clock, moved on: what the demo calls shortened time. It never goes back.
#[derive(Debug, Default)]
pub struct MovableClock {
    ahead_micros: AtomicI64,
}

impl MovableClock {
    pub fn move_on(&self, by: Duration) {
        self.ahead_micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX / 4), Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now();
        Timestamp::from_micros(now.micros().saturating_add(self.ahead_micros.load(Ordering::SeqCst))).unwrap_or(now)
    }
}

/// A time-ordered id (UUIDv7) of this instant.
pub fn new_id(now: Timestamp) -> Uuid {
    let millis = u64::try_from(now.micros().div_euclid(1_000)).unwrap_or(0);
    // The thread's own generator: asking the kernel for each id costs a system call.
    Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid()
}

pub fn new_change_id(now: Timestamp) -> ChangeId {
    ChangeId(new_id(now))
}

/// Real waiting, for loops that poll; never for anything that a person or a rule waits on.
#[allow(clippy::disallowed_methods, reason = "this is the one place that sleeps")]
pub async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
