//! Chance that can be had again: the same seed gives the same draws (splitmix64, by Steele, Lea and Flood).

#![allow(clippy::panic, reason = "a test ends at the first surprise")]

use router::clock::{Clock, SystemClock};
use std::time::Duration;

/// The seed of a run that is to be had again.
const SEED: &str = "COUNTERSIGN_SEED";

/// The number that this variable of the environment holds, if it is set.
pub fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable}={text} is not a number")))
}

/// The seed that the environment asks for, else a new one; it is said, and shows where a test fails.
pub fn seed() -> u64 {
    let seed = number(SEED).unwrap_or_else(|| SystemClock.now().micros().unsigned_abs());
    println!("the same draws again with {SEED}={seed}");
    seed
}

/// Cheap to fork, so that tasks do not share one.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Draws of its own for somebody else.
    pub fn fork(&mut self) -> Self {
        Self(self.draw())
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, but without, `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }

    pub fn is_one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn millis_below(&mut self, end: u64) -> Duration {
        Duration::from_millis(self.below(end))
    }

    /// 40 hexadecimal digits.
    pub fn sha(&mut self) -> String {
        format!("{:016x}{:016x}{:08x}", self.draw(), self.draw(), self.draw() >> 32)
    }
}
