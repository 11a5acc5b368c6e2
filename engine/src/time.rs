//! Instants: UTC, cut to microseconds, because that is what both databases keep alike.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An instant in UTC with microseconds. Written as RFC 3339 with six decimals and `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// Cuts anything finer than a microsecond.
    pub fn from_utc(instant: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(DateTime::UNIX_EPOCH))
    }

    /// `None` outside the years that the calendar knows.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// Later by `seconds`; stays where it is if the calendar ends before that.
    #[must_use]
    pub fn plus_seconds(self, seconds: u64) -> Self {
        let delta = i64::try_from(seconds).ok().and_then(TimeDelta::try_seconds);
        Self(delta.and_then(|delta| self.0.checked_add_signed(delta)).unwrap_or(self.0))
    }

    /// Whole seconds from `earlier` to here; 0 if it is not earlier.
    pub fn seconds_since(self, earlier: Self) -> u64 {
        u64::try_from((self.0 - earlier.0).num_seconds()).unwrap_or(0)
    }
}

/// From one instant up to a later one, which is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    pub fn touches(&self, other: &Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::<Utc>::deserialize(deserializer).map(Self::from_utc)
    }
}
