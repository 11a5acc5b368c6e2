//! A time as people write it, `18:00` or `2026-11-24T18:00`, and the instant that it means in a zone.

use crate::time::Timestamp;
use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::fmt;
use std::str::FromStr;

const TIME: &str = "%H:%M";
const DATE: &str = "%Y-%m-%d";
/// `18:00`: both parts have two digits.
const TIME_LENGTH: usize = 5;
/// A time that a clock change skips begins within so many minutes after it.
const LONGEST_GAP_MIN: i64 = 24 * 60;

/// A time of day, on a day or on the next one that has it still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    date: Option<NaiveDate>,
    time: NaiveTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time is written 18:00 or 2026-11-24T18:00")]
pub struct NotATime;

impl Wall {
    /// The local time; `None` for a time of day alone.
    pub fn local(&self) -> Option<NaiveDateTime> {
        Some(self.date?.and_time(self.time))
    }

    /// The instant in this zone; `None` outside the years that the calendar knows. A time of day alone is the next one.
    ///
    /// Where clocks are set back it is the later of the two, where they are set forward the first instant after the gap.
    pub fn instant(&self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        let Some(date) = self.date else {
            let today = now.utc().with_timezone(&zone).date_naive();
            let at = |date: NaiveDate| Some(shown(date.and_time(self.time), zone)?.1);
            return at(today).filter(|at| *at > now).or_else(|| at(today.succ_opt()?));
        };
        Some(shown(date.and_time(self.time), zone)?.1)
    }
}

/// The instant at which the clock on the wall first shows it; the first one after a gap that has it.
pub fn instant_of(local: NaiveDateTime, zone: Tz) -> Option<Timestamp> {
    shown(local, zone).map(|(first, _)| first)
}

/// The first and the last instant at which the clock on the wall shows it, two where clocks are set back. Where they are
/// set forward, both are the first instant after the gap.
pub(super) fn shown(local: NaiveDateTime, zone: Tz) -> Option<(Timestamp, Timestamp)> {
    let at = |minutes| {
        let local = local.checked_add_signed(TimeDelta::try_minutes(minutes)?)?;
        let instant = |at: DateTime<Tz>| Timestamp::from_utc(at.with_timezone(&Utc));
        match zone.from_local_datetime(&local) {
            MappedLocalTime::Single(at) => Some((instant(at), instant(at))),
            MappedLocalTime::Ambiguous(first, last) => Some((instant(first), instant(last))),
            MappedLocalTime::None => None,
        }
    };
    (0..=LONGEST_GAP_MIN).find_map(at)
}

impl FromStr for Wall {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (Some(NaiveDate::parse_from_str(date, DATE).map_err(|_| NotATime)?), time),
            None => (None, text),
        };
        let is_plain = time.len() == TIME_LENGTH && time.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
        let time = NaiveTime::parse_from_str(time, TIME).map_err(|_| NotATime)?;
        if is_plain { Ok(Self { date, time }) } else { Err(NotATime) }
    }
}

/// As it is read.
impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date {
            Some(date) => write!(f, "{}T{}", date.format(DATE), self.time.format(TIME)),
            None => write!(f, "{}", self.time.format(TIME)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_utc(DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    #[test]
    fn a_time_means_an_instant_of_its_zone() {
        let table = [
            ("18:00", "2026-11-24T09:00:00Z", chrono_tz::UTC, "2026-11-24T18:00:00Z"),
            ("18:00", "2026-11-24T09:00:00Z", chrono_tz::Europe::Berlin, "2026-11-24T17:00:00Z"),
            ("18:00", "2026-11-24T17:00:00Z", chrono_tz::Europe::Berlin, "2026-11-25T17:00:00Z"),
            ("00:30", "2026-11-24T23:00:00Z", chrono_tz::Europe::Berlin, "2026-11-24T23:30:00Z"),
            ("2026-11-26T18:00", "2026-11-24T09:00:00Z", chrono_tz::America::New_York, "2026-11-26T23:00:00Z"),
            // Set back at 03:00: the second 02:30. Set forward at 02:00: nothing before 03:00.
            ("2026-10-25T02:30", "2026-10-24T09:00:00Z", chrono_tz::Europe::Berlin, "2026-10-25T01:30:00Z"),
            ("2026-03-29T02:30", "2026-03-28T09:00:00Z", chrono_tz::Europe::Berlin, "2026-03-29T01:00:00Z"),
        ];
        for (text, now, zone, expected) in table {
            let wall: Wall = text.parse().unwrap();
            assert_eq!((wall.instant(at(now), zone), wall.to_string()), (Some(at(expected)), text.to_owned()), "{text} {zone}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "18", "6pm", "24:00", "18:60", "9:00", "18:00:00", "+8:00", "1 :00", "2026-11-24", "2026-13-01T10:00", "T10:00"] {
            assert_eq!(text.parse::<Wall>(), Err(NotATime), "{text}");
        }
    }
}
