//! When to try again: exponential with full jitter, so that many who failed together don't come back together.

use engine::Timestamp;
use rand::RngExt;

const FIRST_PAUSE_MS: u64 = 1_000;
const LONGEST_PAUSE_MS: u64 = 600_000;
/// However long a receiver asks to be left alone, we look again within this time.
const LONGEST_WISH_S: u64 = 3_600;

/// `attempts` counts those made, the failed one included. A receiver's own wish is a least, never a most.
pub fn next(now: Timestamp, attempts: u64, wished_s: Option<u64>) -> Timestamp {
    let ceiling = FIRST_PAUSE_MS
        .saturating_mul(1_u64.checked_shl(u32::try_from(attempts.saturating_sub(1)).unwrap_or(63).min(20)).unwrap_or(u64::MAX));
    let pause_ms = rand::rng().random_range(1..=ceiling.min(LONGEST_PAUSE_MS));
    let least = now.plus_seconds(wished_s.unwrap_or(0).min(LONGEST_WISH_S));
    let micros = i64::try_from(pause_ms * 1_000).unwrap_or(i64::MAX);
    Timestamp::from_micros(least.micros().saturating_add(micros)).unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_keep_to_a_wish() {
        let now = Timestamp::from_micros(1_795_437_000_000_000).unwrap();
        for attempts in [0, 1, 2, 10, 64, 1_000, u64::MAX] {
            let again = next(now, attempts, None);
            assert!(again > now && again <= now.plus_seconds(LONGEST_PAUSE_MS / 1_000), "{attempts}");
        }
        assert!(next(now, 1, Some(30)) > now.plus_seconds(30));
        assert!(next(now, 1, Some(1_000_000)) < now.plus_seconds(LONGEST_WISH_S + 2));
    }
}
