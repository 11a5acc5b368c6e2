//! The opening hours of one place, as the clock on its wall shows them: open is every instant whose local time is within
//! them. So hours keep their wall time on both sides of a clock change, what a change skips is not there, and what it
//! repeats is open twice.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

pub const MINUTES_OF_A_DAY: u16 = 24 * 60;
const MINUTE_S: i64 = 60;

/// One place with its zone, hours and closed days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// An IANA name. One that the time-zone database no longer has is never open.
    pub time_zone: String,
    pub open: Vec<Opening>,
    /// Local dates on which it stays closed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub closed: BTreeSet<NaiveDate>,
}

/// From one wall time to a later one of the same day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub days: BTreeSet<Day>,
    /// Minutes after midnight.
    pub from_minute: u16,
    /// Minutes after midnight, later than `from_minute`, not itself open; at most `MINUTES_OF_A_DAY`.
    pub to_minute: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Mon,
            Weekday::Tue => Self::Tue,
            Weekday::Wed => Self::Wed,
            Weekday::Thu => Self::Thu,
            Weekday::Fri => Self::Fri,
            Weekday::Sat => Self::Sat,
            Weekday::Sun => Self::Sun,
        }
    }
}

impl Office {
    /// The open times within these Unix seconds, each of them within it. They may overlap and come in any order.
    pub(super) fn open_within(&self, window: Range<i64>) -> Vec<Range<i64>> {
        let Ok(zone) = self.time_zone.parse::<Tz>() else { return Vec::new() };
        let mut open = Vec::new();
        let mut from = window.start;
        while from < window.end {
            let Some(offset) = offset_at(zone, from) else { return open };
            let to = first_change(zone, from..window.end).unwrap_or(window.end);
            let local = self.open_on_the_wall((from + offset)..(to + offset));
            open.extend(local.into_iter().map(|span| (span.start - offset)..(span.end - offset)));
            from = to;
        }
        open
    }

    /// As `open_within`, in seconds that the clock on the wall shows and runs through without a change.
    fn open_on_the_wall(&self, window: Range<i64>) -> Vec<Range<i64>> {
        let Some(first) = DateTime::from_timestamp(window.start, 0) else { return Vec::new() };
        let dates = first.date_naive().iter_days().take_while(|date| midnight(*date) < window.end);
        let open_dates = dates.filter(|date| !self.closed.contains(date));
        open_dates.flat_map(|date| self.open_on(date)).filter_map(|span| overlap(&span, &window)).collect()
    }

    fn open_on(&self, date: NaiveDate) -> impl Iterator<Item = Range<i64>> {
        let day = Day::from(date.weekday());
        let minute = move |minute: u16| midnight(date) + i64::from(minute) * MINUTE_S;
        self.open
            .iter()
            .filter(move |opening| opening.days.contains(&day))
            .map(move |opening| minute(opening.from_minute)..minute(opening.to_minute))
    }
}

fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}

fn overlap(one: &Range<i64>, other: &Range<i64>) -> Option<Range<i64>> {
    let both = one.start.max(other.start)..one.end.min(other.end);
    (!both.is_empty()).then_some(both)
}

/// Seconds that local time is ahead of UTC.
fn offset_at(zone: Tz, at: i64) -> Option<i64> {
    let utc = DateTime::from_timestamp(at, 0)?.naive_utc();
    Some(i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()))
}

/// The first second with another offset than the window's first one, by halving. Windows are so short that no zone
/// changes its clock and changes it back within one.
fn first_change(zone: Tz, window: Range<i64>) -> Option<i64> {
    let before = offset_at(zone, window.start)?;
    if offset_at(zone, window.end - 1)? == before {
        return None;
    }
    let (mut same, mut other) = (window.start, window.end - 1);
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if offset_at(zone, middle)? == before {
            same = middle;
        } else {
            other = middle;
        }
    }
    Some(other)
}
