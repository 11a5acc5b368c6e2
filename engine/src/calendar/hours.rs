//! Time that runs only while somebody is at work: at any of several offices.

use super::office::Office;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How far ahead open time is looked for, in days. What takes longer does not come: every change has expired by then.
pub const HORIZON_DAYS: u32 = 3 * 366;

const DAY_S: i64 = 24 * 60 * 60;
const SECOND_US: i64 = 1_000_000;

/// The opening hours that a policy calls by this name: open is whenever one of the offices is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    pub name: String,
    pub offices: Vec<Office>,
}

impl Hours {
    /// The first instant at which so many open seconds have passed since `from`; `None` if they have not within
    /// `HORIZON_DAYS`. Nothing to wait for is over at once, open or not.
    pub fn after(&self, from: Timestamp, seconds: u64) -> Option<Timestamp> {
        let mut left_us = i64::try_from(seconds).ok()?.checked_mul(SECOND_US)?;
        if left_us == 0 {
            return Some(from);
        }
        let first_s = from.micros().div_euclid(SECOND_US);
        for day in 0..i64::from(HORIZON_DAYS) {
            let start = first_s + day * DAY_S;
            for open in self.open_within(start..start + DAY_S) {
                let start_us = (open.start * SECOND_US).max(from.micros());
                let length_us = open.end * SECOND_US - start_us;
                if length_us >= left_us {
                    return Timestamp::from_micros(start_us + left_us);
                }
                left_us -= length_us;
            }
        }
        None
    }

    /// The first instant from this one on that is open and has more than so many open seconds after it, without a break;
    /// `None` if there is none within `HORIZON_DAYS`.
    pub fn open_for(&self, from: Timestamp, seconds: u64) -> Option<Timestamp> {
        let least_us = i64::try_from(seconds).ok()?.checked_mul(SECOND_US)?;
        let first_s = from.micros().div_euclid(SECOND_US);
        let mut period: Option<Range<i64>> = None;
        for day in 0..i64::from(HORIZON_DAYS) {
            let start = first_s + day * DAY_S;
            for open in self.open_within(start..start + DAY_S) {
                let begun = period.filter(|before| before.end == open.start).map_or(open.start, |before| before.start);
                let start_us = (begun * SECOND_US).max(from.micros());
                if open.end * SECOND_US - start_us > least_us {
                    return Timestamp::from_micros(start_us);
                }
                period = Some(begun..open.end);
            }
        }
        None
    }

    /// The open times within these Unix seconds, in order and apart from each other.
    fn open_within(&self, window: Range<i64>) -> Vec<Range<i64>> {
        let mut open: Vec<Range<i64>> = self.offices.iter().flat_map(|office| office.open_within(window.clone())).collect();
        open.sort_by_key(|span| (span.start, span.end));
        let mut joined: Vec<Range<i64>> = Vec::new();
        for span in open {
            match joined.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                Some(_) | None => joined.push(span),
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests;
