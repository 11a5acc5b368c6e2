//! Turns that follow one another, each from one handover to the next: whose turn it is at an instant.
//!
//! Handovers are wall times: what a clock change skips comes with the first instant after it, what it repeats comes once,
//! at the first of the two. So at every instant it is the turn of exactly one.

use super::cron::Cron;
use super::wall::shown;
use crate::time::Timestamp;
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

/// Turns are counted one by one from the first on, so there are only so many: three a day.
pub const MAX_HANDOVERS_A_YEAR: usize = 1_100;
/// Of these, more than forty years. It is nobody's turn after them.
const MAX_TURNS: usize = 50_000;
const YEAR: TimeDelta = TimeDelta::days(366);

#[derive(Clone, Debug)]
pub struct Rotation {
    pub time_zone: Tz,
    /// When the first turn begins.
    pub begins: NaiveDateTime,
    pub handover: Cron,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// From 0; `None` before the first.
    pub number: Option<usize>,
    /// When the next one begins; `None` if none does.
    pub until: Option<Timestamp>,
}

impl Rotation {
    pub fn turn_at(&self, now: Timestamp) -> Turn {
        let Some((begins, _)) = shown(self.begins, self.time_zone) else { return Turn { number: None, until: None } };
        if now < begins {
            return Turn { number: None, until: Some(begins) };
        }
        let handovers = self.handover.local_after(self.begins).filter_map(|local| shown(local, self.time_zone));
        let mut turns = handovers.map(|(first, _)| first).take(MAX_TURNS).enumerate();
        let turn = turns.find(|(_, until)| *until > now);
        Turn { number: turn.map(|(number, _)| number), until: turn.map(|(_, until)| until) }
    }
}

/// How often it comes in the year after 1970 began; at most one more than `MAX_HANDOVERS_A_YEAR`.
pub fn handovers_a_year(handover: &Cron) -> usize {
    let start = DateTime::UNIX_EPOCH.naive_utc();
    handover.local_after(start).take_while(|local| *local - start < YEAR).take(MAX_HANDOVERS_A_YEAR + 1).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_utc(text.parse().unwrap())
    }

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn rotation(zone: Tz, begins: &str, handover: &str) -> Rotation {
        Rotation { time_zone: zone, begins: local(begins), handover: Cron::parse(handover).unwrap() }
    }

    #[test]
    fn a_turn_lasts_from_one_handover_to_the_next_on_the_wall() {
        let weekly = rotation(chrono_tz::Europe::Berlin, "2026-10-12T09:00:00", "0 9 * * MON");
        let table = [
            ("2026-10-12T06:59:59Z", None, "2026-10-12T07:00:00Z"),
            ("2026-10-12T07:00:00Z", Some(0), "2026-10-19T07:00:00Z"),
            ("2026-10-19T06:59:59Z", Some(0), "2026-10-19T07:00:00Z"),
            ("2026-10-19T07:00:00Z", Some(1), "2026-10-26T08:00:00Z"),
            // The clock was set back on Sunday: it is 09:00 an hour later by UTC.
            ("2026-10-26T07:59:59Z", Some(1), "2026-10-26T08:00:00Z"),
            ("2026-10-26T08:00:00Z", Some(2), "2026-11-02T08:00:00Z"),
        ];
        for (now, number, until) in table {
            assert_eq!(weekly.turn_at(at(now)), Turn { number, until: Some(at(until)) }, "{now}");
        }
    }

    #[test]
    fn a_handover_that_a_clock_change_skips_or_repeats_comes_once() {
        // Berlin: 02:00 to 03:00 is skipped on 29 March 2026, repeated on 25 October.
        let nightly = rotation(chrono_tz::Europe::Berlin, "2026-03-28T02:30:00", "30 2 * * *");
        assert_eq!(nightly.turn_at(at("2026-03-29T00:59:59Z")), Turn { number: Some(0), until: Some(at("2026-03-29T01:00:00Z")) });
        assert_eq!(nightly.turn_at(at("2026-03-29T01:00:00Z")).number, Some(1));
        let autumn = rotation(chrono_tz::Europe::Berlin, "2026-10-24T02:30:00", "30 2 * * *");
        for (now, number) in [("2026-10-25T00:29:59Z", 0), ("2026-10-25T00:30:00Z", 1), ("2026-10-25T01:30:00Z", 1)] {
            assert_eq!(autumn.turn_at(at(now)).number, Some(number), "{now}");
        }
    }

    #[test]
    fn what_hands_over_too_often_is_seen() {
        let table = [("0 9 * * MON", 52), ("0 9,21 * * *", 732), ("0 0 30 2 *", 0), ("* * * * *", MAX_HANDOVERS_A_YEAR + 1)];
        for (expression, expected) in table {
            assert_eq!(handovers_a_year(&Cron::parse(expression).unwrap()), expected, "{expression}");
        }
    }

    fn any_rotation() -> impl Strategy<Value = Rotation> {
        let zone = prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec());
        let times = (0u32..60, 0u32..24, 0i64..7 * 365 * 24);
        let days = prop::sample::select(vec!["*", "MON", "1-5", "SUN,3"]);
        (zone, times, days).prop_map(|(zone, (minute, hour, hours), days)| Rotation {
            time_zone: zone,
            begins: local("2024-01-01T00:00:00") + TimeDelta::hours(hours),
            handover: Cron::parse(&format!("{minute} {hour} * * {days}")).unwrap(),
        })
    }

    proptest! {
        /// Invariant 23, over all zones.
        #[test]
        fn turns_touch_and_never_overlap(rotation in any_rotation(), seconds in 0u64..400 * 86_400) {
            let (begins, _) = shown(rotation.begins, rotation.time_zone).unwrap();
            let now = begins.plus_seconds(seconds);
            let turn = rotation.turn_at(now);
            let (number, until) = (turn.number.unwrap(), turn.until.unwrap());
            prop_assert!(until > now);
            prop_assert_eq!(rotation.turn_at(Timestamp::from_micros(until.micros() - 1).unwrap()), turn);
            let next = rotation.turn_at(until);
            prop_assert!(next.number.unwrap() > number && next.until.unwrap() > until);
            prop_assert_eq!(rotation.turn_at(begins).number, Some(0));
        }

        /// The wall shows a time of the expression, unless the clock was set forward over it then.
        #[test]
        fn a_handover_is_at_its_wall_time(rotation in any_rotation(), seconds in 0u64..400 * 86_400) {
            let (begins, _) = shown(rotation.begins, rotation.time_zone).unwrap();
            let until = rotation.turn_at(begins.plus_seconds(seconds)).until.unwrap();
            let wall = |at: Timestamp| at.utc().with_timezone(&rotation.time_zone).naive_local();
            let named = rotation.handover.local_after(wall(until) - TimeDelta::seconds(1)).next() == Some(wall(until));
            let before = Timestamp::from_micros(until.micros() - 1).unwrap();
            let skipped = wall(until) - wall(before) > TimeDelta::seconds(1);
            prop_assert!(named || skipped, "{until} {}", rotation.time_zone);
        }
    }
}
