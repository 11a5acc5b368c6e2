//! Looking until something is there, within a bound.

use router::clock::{Clock, SystemClock, pause};
use std::time::Duration;

const LOOK_AGAIN: Duration = Duration::from_millis(15);

/// What was looked for. Ends the test with `what` if it never comes.
pub async fn seen<T>(what: &str, within: Duration, look: impl AsyncFnMut() -> Option<T>) -> T {
    maybe_seen(within, look).await.unwrap_or_else(|| panic!("{what}: not seen within {within:?}"))
}

/// As [`seen`], for whoever can say more about what is missing.
pub async fn maybe_seen<T>(within: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let until = now_micros() + i64::try_from(within.as_micros()).unwrap_or(i64::MAX / 2);
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if now_micros() > until {
            return None;
        }
        pause(LOOK_AGAIN).await;
    }
}

/// Microseconds since 1970, for durations and seeds.
pub fn now_micros() -> i64 {
    SystemClock.now().micros()
}
