//! Known instants, and properties over all zones against a reference that walks from minute to minute.

use super::*;
use crate::calendar::office::{Day, MINUTES_OF_A_DAY, Opening};
use chrono::{DateTime, Datelike, TimeZone, Timelike};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::prelude::*;
use std::collections::BTreeSet;

const WORKDAYS: [Day; 5] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri];
const ALL_DAYS: [Day; 7] = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun];
const MINUTE_US: i64 = 60 * SECOND_US;
const HOUR_S: u64 = 60 * 60;

fn at(text: &str) -> Timestamp {
    Timestamp::from_utc(text.parse().unwrap())
}

/// Minutes after midnight of `9:30`.
fn minute(text: &str) -> u16 {
    let (hours, minutes) = text.split_once(':').unwrap();
    hours.parse::<u16>().unwrap() * 60 + minutes.parse::<u16>().unwrap()
}

fn office(zone: &str, days: &[Day], from: &str, to: &str) -> Office {
    let open = vec![Opening { days: days.iter().copied().collect(), from_minute: minute(from), to_minute: minute(to) }];
    Office { time_zone: zone.to_owned(), open, closed: BTreeSet::new() }
}

fn hours(offices: &[Office]) -> Hours {
    Hours { name: "office".to_owned(), offices: offices.to_vec() }
}

#[test]
fn the_clock_stands_still_at_night_at_weekends_and_on_closed_days() {
    let mut berlin = office("Europe/Berlin", &WORKDAYS, "9:00", "17:30");
    berlin.closed = ["2026-12-25".parse().unwrap()].into();
    // Berlin is an hour ahead of UTC in winter; 2026-12-23 is a Wednesday.
    let table = [
        ("2026-12-23T10:00:00Z", HOUR_S, "2026-12-23T11:00:00Z"),
        ("2026-12-23T10:00:00Z", 0, "2026-12-23T10:00:00Z"),
        ("2026-12-23T03:00:00Z", 0, "2026-12-23T03:00:00Z"),
        ("2026-12-23T03:00:00Z", 1, "2026-12-23T08:00:01Z"),
        ("2026-12-23T15:30:00Z", HOUR_S, "2026-12-23T16:30:00Z"),
        ("2026-12-23T15:30:00Z", HOUR_S + 1, "2026-12-24T08:00:01Z"),
        ("2026-12-24T16:00:00Z", HOUR_S, "2026-12-28T08:30:00Z"),
        ("2026-12-25T10:00:00.250Z", HOUR_S, "2026-12-28T09:00:00Z"),
        ("2026-12-23T10:00:00.250Z", HOUR_S, "2026-12-23T11:00:00.250Z"),
        ("2026-12-23T08:00:00Z", 17 * HOUR_S, "2026-12-24T16:30:00Z"),
    ];
    for (from, seconds, expected) in table {
        assert_eq!(hours(std::slice::from_ref(&berlin)).after(at(from), seconds), Some(at(expected)), "{from} {seconds}");
    }
}

#[test]
fn wall_times_hold_on_both_sides_of_a_clock_change() {
    let berlin = hours(&[office("Europe/Berlin", &WORKDAYS, "9:00", "17:00")]);
    // The clock goes forward on Sunday 2026-03-29 and back on Sunday 2026-10-25.
    assert_eq!(berlin.after(at("2026-03-27T15:00:00Z"), 2 * HOUR_S), Some(at("2026-03-30T08:00:00Z")));
    assert_eq!(berlin.after(at("2026-10-23T14:00:00Z"), 2 * HOUR_S), Some(at("2026-10-26T09:00:00Z")));
}

#[test]
fn what_a_clock_change_skips_is_not_there_and_what_it_repeats_is_open_twice() {
    let night = hours(&[office("Europe/Berlin", &ALL_DAYS, "1:00", "4:00")]);
    // Three hours on the wall: two on 2026-03-29, four on 2026-10-25.
    assert_eq!(night.after(at("2026-03-28T12:00:00Z"), 2 * HOUR_S), Some(at("2026-03-29T02:00:00Z")));
    assert_eq!(night.after(at("2026-03-28T12:00:00Z"), 2 * HOUR_S + 1), Some(at("2026-03-29T23:00:01Z")));
    assert_eq!(night.after(at("2026-10-24T12:00:00Z"), 4 * HOUR_S), Some(at("2026-10-25T03:00:00Z")));
    let skipped = hours(&[office("Europe/Berlin", &ALL_DAYS, "2:00", "3:00")]);
    assert_eq!(skipped.after(at("2026-03-28T12:00:00Z"), HOUR_S), Some(at("2026-03-30T01:00:00Z")));
    // Samoa left out the whole of 2011-12-30, a Friday.
    let fridays = hours(&[office("Pacific/Apia", &[Day::Fri], "0:00", "24:00")]);
    assert_eq!(fridays.after(at("2011-12-26T00:00:00Z"), 24 * HOUR_S), Some(at("2012-01-06T10:00:00Z")));
}

#[test]
fn somebody_is_at_work_at_either_office() {
    let berlin = office("Europe/Berlin", &WORKDAYS, "9:00", "17:30");
    let new_york = office("America/New_York", &WORKDAYS, "9:00", "17:00");
    // On 2026-06-01 one is open from 07:00 to 15:30 UTC, the other from 13:00 to 21:00.
    let either = hours(&[berlin, new_york]);
    assert_eq!(either.after(at("2026-06-01T00:00:00Z"), 14 * HOUR_S), Some(at("2026-06-01T21:00:00Z")));
    assert_eq!(either.after(at("2026-06-01T00:00:00Z"), 14 * HOUR_S + 1), Some(at("2026-06-02T07:00:01Z")));
}

#[test]
fn what_never_opens_or_opens_too_late_never_comes() {
    let from = at("2026-06-01T00:00:00Z");
    assert_eq!(hours(&[]).after(from, 1), None);
    assert_eq!(hours(&[office("Mars/Phobos", &ALL_DAYS, "0:00", "24:00")]).after(from, 1), None);
    assert_eq!(hours(&[office("UTC", &[], "0:00", "24:00")]).after(from, 1), None);
    let minute_a_week = hours(&[office("UTC", &[Day::Mon], "9:00", "9:01")]);
    assert_eq!(minute_a_week.after(from, 10 * HOUR_S), None);
    assert_eq!(minute_a_week.after(from, u64::MAX), None);
    let always = hours(&[office("UTC", &ALL_DAYS, "0:00", "24:00")]);
    let horizon = u64::from(HORIZON_DAYS) * 24 * HOUR_S;
    assert_eq!(always.after(from, horizon), Some(from.plus_seconds(horizon)));
    assert_eq!(always.after(from, horizon + 1), None);
    let end_of_time = Timestamp::from_utc(DateTime::<chrono::Utc>::MAX_UTC);
    assert_eq!(always.after(end_of_time, 1), None);
}

#[test]
fn an_office_that_never_closes_is_the_wall_clock_in_every_zone() {
    let days = |month: i64| at("2024-01-01T00:00:00Z").plus_seconds(u64::try_from(month).unwrap() * 30 * 24 * HOUR_S + 12_345);
    for zone in TZ_VARIANTS {
        let always = hours(&[office(zone.name(), &ALL_DAYS, "0:00", "24:00")]);
        for from in (0..85).map(days) {
            let length = 31 * 24 * HOUR_S + 7;
            assert_eq!(always.after(from, length), Some(from.plus_seconds(length)), "{zone} {from}");
        }
    }
}

#[test]
fn it_is_pinned_in_few_words_and_read_back() {
    let mut berlin = office("Europe/Berlin", &[Day::Mon, Day::Tue], "9:00", "17:30");
    berlin.closed = ["2026-12-25".parse().unwrap()].into();
    let written = serde_json::to_string(&crate::calendar::Clock::Open(hours(&[berlin.clone()]))).unwrap();
    assert_eq!(
        written,
        r#"{"runs":"open","name":"office","offices":[{"time_zone":"Europe/Berlin","open":[{"days":["mon","tue"],"from_minute":540,"to_minute":1050}],"closed":["2026-12-25"]}]}"#
    );
    let read: crate::calendar::Clock = serde_json::from_str(&written).unwrap();
    assert_eq!(read, crate::calendar::Clock::Open(hours(&[berlin])));
}

/// Whether one of the offices is open in the minute that begins then: its wall is looked at.
fn is_open(hours: &Hours, at_us: i64) -> bool {
    let utc = DateTime::from_timestamp_micros(at_us).unwrap().naive_utc();
    hours.offices.iter().any(|office| {
        let local = office.time_zone.parse::<Tz>().unwrap().from_utc_datetime(&utc).naive_local();
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap();
        let is_within = |opening: &Opening| {
            opening.days.contains(&Day::from(local.weekday())) && (opening.from_minute..opening.to_minute).contains(&minute)
        };
        !office.closed.contains(&local.date()) && office.open.iter().any(is_within)
    })
}

/// Open microseconds between two instants.
fn walked(hours: &Hours, from: Timestamp, to: Timestamp) -> i64 {
    let mut open = 0;
    let mut minute = from.micros().div_euclid(MINUTE_US) * MINUTE_US;
    while minute < to.micros() {
        if is_open(hours, minute) {
            open += (minute + MINUTE_US).min(to.micros()) - minute.max(from.micros());
        }
        minute += MINUTE_US;
    }
    open
}

fn any_office() -> impl Strategy<Value = Office> {
    let days = prop::collection::btree_set(prop::sample::select(ALL_DAYS.to_vec()), 1..7);
    let range = (0..MINUTES_OF_A_DAY, 1..MINUTES_OF_A_DAY).prop_map(|(from, length)| (from, (from + length).min(MINUTES_OF_A_DAY)));
    let opening = (days, range).prop_map(|(days, (from_minute, to_minute))| Opening { days, from_minute, to_minute });
    let closed = prop::collection::btree_set(0u64..2_500, 0..40);
    let day = |day: u64| at("2024-01-01T00:00:00Z").plus_seconds(day * 24 * HOUR_S).utc().date_naive();
    (prop::sample::select(TZ_VARIANTS.to_vec()), prop::collection::vec(opening, 1..4), closed).prop_map(move |(zone, open, closed)| {
        Office { time_zone: zone.name().to_owned(), open, closed: closed.into_iter().map(day).collect() }
    })
}

fn any_hours() -> impl Strategy<Value = Hours> {
    prop::collection::vec(any_office(), 1..3).prop_map(|offices| hours(&offices))
}

/// 2024 to 2030, to the microsecond.
fn any_instant() -> impl Strategy<Value = Timestamp> {
    (at("2024-01-01T00:00:00Z").micros()..at("2031-01-01T00:00:00Z").micros()).prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

#[test]
fn a_window_is_left_before_it_closes_and_entered_when_it_opens() {
    let berlin = hours(&[office("Europe/Berlin", &WORKDAYS, "9:00", "17:30")]);
    // Fridays: 2026-03-27 is before the clock goes forward, 2026-10-23 before it goes back.
    let table = [
        ("2026-11-23T10:00:00Z", 45 * 60, "2026-11-23T10:00:00Z"),
        ("2026-11-23T15:44:59.999Z", 45 * 60, "2026-11-23T15:44:59.999Z"),
        ("2026-11-23T15:45:00Z", 45 * 60, "2026-11-24T08:00:00Z"),
        ("2026-11-23T16:29:59.999Z", 0, "2026-11-23T16:29:59.999Z"),
        ("2026-11-23T16:30:00Z", 0, "2026-11-24T08:00:00Z"),
        ("2026-11-23T05:00:00.250Z", 0, "2026-11-23T08:00:00Z"),
        ("2026-03-27T17:00:00Z", 0, "2026-03-30T07:00:00Z"),
        ("2026-10-23T17:00:00Z", 0, "2026-10-26T08:00:00Z"),
    ];
    for (from, seconds, expected) in table {
        assert_eq!(berlin.open_for(at(from), seconds), Some(at(expected)), "{from} {seconds}");
    }
    assert_eq!(berlin.open_for(at("2026-11-23T10:00:00Z"), 8 * HOUR_S + 1_800), None, "no day is longer");
    let over_midnight = hours(&[office("UTC", &ALL_DAYS, "22:00", "24:00"), office("UTC", &ALL_DAYS, "0:00", "2:00")]);
    assert_eq!(over_midnight.open_for(at("2026-11-23T10:00:00Z"), 4 * HOUR_S - 1), Some(at("2026-11-23T22:00:00Z")));
    let always = hours(&[office("Europe/Berlin", &ALL_DAYS, "0:00", "24:00")]);
    assert_eq!(always.open_for(at("2026-11-23T10:00:00Z"), 90 * 24 * HOUR_S), Some(at("2026-11-23T10:00:00Z")));
}

/// The first minute from this one on that is open and has so many whole open minutes after it, found by looking at walls.
fn walked_to(hours: &Hours, from: Timestamp, minutes: i64) -> Option<i64> {
    let first = from.micros().div_euclid(MINUTE_US) * MINUTE_US;
    let mut begun = None;
    for minute in (0..10 * 24 * 60 + minutes).map(|later| first + later * MINUTE_US) {
        begun = if is_open(hours, minute) { begun.or(Some(minute)) } else { None };
        if let Some(begun) = begun.filter(|begun| minute - begun >= minutes * MINUTE_US) {
            return Some(begun);
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// To the minute, over all zones and the years 2024 to 2030, near clock changes as well as far from them.
    #[test]
    fn it_opens_when_the_wall_says_so(hours in any_hours(), from in any_instant(), minutes in 0i64..600) {
        let from = Timestamp::from_micros(from.micros().div_euclid(MINUTE_US) * MINUTE_US).unwrap();
        let opens = hours.open_for(from, u64::try_from(minutes * 60).unwrap());
        prop_assert!(opens.is_none_or(|opens| opens >= from && is_open(&hours, opens.micros())));
        match (walked_to(&hours, from, minutes), opens) {
            (Some(walked), opens) => prop_assert_eq!(opens.map(Timestamp::micros), Some(walked)),
            (None, opens) => prop_assert!(opens.is_none_or(|opens| opens.seconds_since(from) >= 10 * 24 * HOUR_S)),
        }
    }

    #[test]
    fn a_stricter_window_never_opens_earlier(hours in any_hours(), from in any_instant(), seconds in 0u64..40_000, more in 0u64..40_000) {
        let Some(opens) = hours.open_for(from, seconds) else { return Ok(()) };
        prop_assert!(hours.open_for(from, seconds + more).is_none_or(|other| other >= opens));
        prop_assert_eq!(hours.open_for(opens, seconds), Some(opens));
    }

    #[test]
    fn exactly_so_many_open_seconds_pass(hours in any_hours(), from in any_instant(), seconds in 1u64..100_000) {
        let Some(to) = hours.after(from, seconds) else {
            let horizon = Timestamp::from_micros(from.micros() + i64::from(HORIZON_DAYS) * DAY_S * SECOND_US).unwrap();
            prop_assert!(walked(&hours, from, horizon) < i64::try_from(seconds).unwrap() * SECOND_US);
            return Ok(());
        };
        prop_assert_eq!(walked(&hours, from, to), i64::try_from(seconds).unwrap() * SECOND_US);
        prop_assert!(is_open(&hours, (to.micros() - 1).div_euclid(MINUTE_US) * MINUTE_US), "it is the first such instant");
    }

    #[test]
    fn later_and_longer_never_come_earlier(
        hours in any_hours(), from in any_instant(), later in 0u64..400_000, seconds in 0u64..200_000, longer in 0u64..100_000,
    ) {
        let Some(after) = hours.after(from, seconds) else { return Ok(()) };
        prop_assert!(after >= from);
        prop_assert!(hours.after(from.plus_seconds(later), seconds).is_none_or(|other| other >= after));
        prop_assert!(hours.after(from, seconds + longer).is_none_or(|other| other >= after));
    }
}
