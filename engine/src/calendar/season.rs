//! Stretches of local time that come once, or again and again.
//!
//! Both ends are wall times, a length is measured on the wall as well: 65 hours from Friday 15:00 end on Monday at 08:00 in
//! every week. What a clock change skips begins or ends with the first instant after it; what it repeats begins at the first
//! of the two and ends at the last.

use super::cron::Cron;
use super::wall::shown;
use crate::time::{Span, Timestamp};
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

/// How often one may begin while a change is open. A season that begins oftener is taken to last from then on.
pub const MAX_BEGINNINGS: usize = 60;

/// No zone's clock is further from UTC, and no clock change is larger.
const FURTHEST: TimeDelta = TimeDelta::days(2);

#[derive(Clone, Debug)]
pub struct Season {
    pub time_zone: Tz,
    pub comes: Comes,
}

#[derive(Clone, Debug)]
pub enum Comes {
    Once { from: NaiveDateTime, to: NaiveDateTime },
    Again { begins: Box<Cron>, lasts_s: u64 },
}

impl Season {
    /// What of it touches the window, uncut, in order and apart from each other.
    pub fn within(&self, window: &Span) -> Vec<Span> {
        match &self.comes {
            Comes::Once { from, to } => self.span(*from, *to).filter(|span| is_within(span, window)).into_iter().collect(),
            Comes::Again { begins, lasts_s } => self.again(begins, *lasts_s, window),
        }
    }

    /// How often it begins within so many seconds from its first time on; at most one more than `MAX_BEGINNINGS`.
    pub fn beginnings_within(&self, seconds: u64) -> usize {
        let Comes::Again { begins, .. } = &self.comes else { return 1 };
        let mut local = begins.local_after(DateTime::UNIX_EPOCH.naive_utc());
        let Some(first) = local.next() else { return 0 };
        let last = later(first, seconds);
        1 + local.take(MAX_BEGINNINGS).take_while(|next| last.is_none_or(|last| *next < last)).count()
    }

    /// Whether it begins anew before it has ended.
    pub fn never_ends(&self) -> bool {
        let Comes::Again { begins, lasts_s } = &self.comes else { return false };
        let local: Vec<NaiveDateTime> = begins.local_after(DateTime::UNIX_EPOCH.naive_utc()).take(MAX_BEGINNINGS).collect();
        !local.is_empty() && local.windows(2).all(|pair| later(pair[0], *lasts_s).is_none_or(|end| end >= pair[1]))
    }

    fn again(&self, begins: &Cron, lasts_s: u64, window: &Span) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let Some(start) = earliest(window.from, lasts_s) else { return spans };
        let all = begins.local_after(start).map_while(|local| self.span(local, later(local, lasts_s)?));
        let touching = all.take_while(|span| span.from < window.to).filter(|span| is_within(span, window));
        for (begun, span) in touching.enumerate() {
            match spans.last_mut() {
                Some(last) if begun >= MAX_BEGINNINGS => {
                    last.to = last.to.max(window.to);
                    return spans;
                }
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                Some(_) | None => spans.push(span),
            }
        }
        spans
    }

    /// `None` outside the years that the calendar knows.
    fn span(&self, from: NaiveDateTime, to: NaiveDateTime) -> Option<Span> {
        let (from, _) = shown(from, self.time_zone)?;
        let (_, to) = shown(to, self.time_zone)?;
        Some(Span { from, to })
    }
}

/// What a clock change skips altogether is not there.
fn is_within(span: &Span, window: &Span) -> bool {
    span.from < span.to && span.touches(window)
}

/// A local time before whatever may still last at this instant.
fn earliest(at: Timestamp, lasts_s: u64) -> Option<NaiveDateTime> {
    let back = TimeDelta::try_seconds(i64::try_from(lasts_s).ok()?)?.checked_add(&FURTHEST)?;
    at.utc().naive_utc().checked_sub_signed(back)
}

fn later(local: NaiveDateTime, seconds: u64) -> Option<NaiveDateTime> {
    local.checked_add_signed(TimeDelta::try_seconds(i64::try_from(seconds).ok()?)?)
}

#[cfg(test)]
mod tests;
