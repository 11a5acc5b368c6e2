//! When seasons begin and end: at the turn of the year, across clock changes, and where there are too many of them.

use super::*;
use crate::calendar::Wall;
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    Timestamp::from_utc(format!("{text}:00Z").parse().unwrap())
}

fn local(text: &str) -> NaiveDateTime {
    text.parse::<Wall>().unwrap().local().unwrap()
}

fn once(from: &str, to: &str) -> Season {
    Season { time_zone: Berlin, comes: Comes::Once { from: local(from), to: local(to) } }
}

fn again(cron: &str, lasts_s: u64) -> Season {
    Season { time_zone: Berlin, comes: Comes::Again { begins: Box::new(Cron::parse(cron).unwrap()), lasts_s } }
}

fn friday_evening() -> Season {
    again("0 15 * * FRI", 65 * 3_600)
}

fn window(from: &str, to: &str) -> Span {
    Span { from: at(from), to: at(to) }
}

/// As UTC, without seconds.
fn written(spans: &[Span]) -> Vec<String> {
    spans.iter().map(|span| format!("{} {}", span.from.utc().format("%FT%R"), span.to.utc().format("%FT%R"))).collect()
}

#[test]
fn a_season_is_there_at_its_wall_times() {
    let year_end = || once("2026-12-18T18:00", "2027-01-04T08:00");
    // Local time in Berlin, and whether it is within the season.
    let table = [
        (year_end(), "2026-12-18T17:59", false),
        (year_end(), "2026-12-18T18:00", true),
        (year_end(), "2026-12-31T23:59", true),
        (year_end(), "2027-01-04T07:59", true),
        (year_end(), "2027-01-04T08:00", false),
        // The clock is set back on Sunday, 25 October 2026.
        (friday_evening(), "2026-10-23T14:59", false),
        (friday_evening(), "2026-10-23T15:00", true),
        (friday_evening(), "2026-10-26T07:59", true),
        (friday_evening(), "2026-10-26T08:00", false),
        (friday_evening(), "2026-10-30T14:59", false),
        (friday_evening(), "2026-10-30T15:00", true),
        // And forward on Sunday, 28 March 2027.
        (friday_evening(), "2027-03-26T15:00", true),
        (friday_evening(), "2027-03-29T07:59", true),
        (friday_evening(), "2027-03-29T08:00", false),
    ];
    for (season, wall, expected) in table {
        let (now, _) = shown(local(wall), Berlin).unwrap();
        let open = Span { from: now, to: now.plus_seconds(14 * 86_400) };
        assert_eq!(season.within(&open).iter().any(|span| span.contains(now)), expected, "{wall}");
    }
}

#[test]
fn what_a_clock_change_skips_or_repeats() {
    let autumn = window("2026-10-24T12:00", "2026-10-26T00:00");
    let spring = window("2027-03-27T12:00", "2027-03-29T00:00");
    let table = [
        // 02:30 is there twice: it begins at the first of them and ends at the last.
        (once("2026-10-25T02:30", "2026-10-25T06:00"), autumn, "2026-10-25T00:30 2026-10-25T05:00"),
        (once("2026-10-25T01:00", "2026-10-25T02:30"), autumn, "2026-10-24T23:00 2026-10-25T01:30"),
        (again("30 2 25 10 *", 3_600), autumn, "2026-10-25T00:30 2026-10-25T02:30"),
        // 02:30 is not there: it is 03:00 then.
        (once("2027-03-28T02:30", "2027-03-28T06:00"), spring, "2027-03-28T01:00 2027-03-28T04:00"),
        (again("30 2 28 3 *", 2 * 3_600), spring, "2027-03-28T01:00 2027-03-28T02:30"),
    ];
    for (season, window, expected) in table {
        assert_eq!(written(&season.within(&window)), [expected], "{season:?}");
    }
    assert_eq!(again("10 2 28 3 *", 600).within(&spring), [], "a quarter of an hour that is skipped altogether");
}

#[test]
fn only_what_touches_the_window_is_there() {
    let fortnight = window("2026-11-16T12:00", "2026-11-30T12:00");
    let expected = ["2026-11-20T14:00 2026-11-23T07:00", "2026-11-27T14:00 2026-11-30T07:00"];
    assert_eq!(written(&friday_evening().within(&fortnight)), expected);
    let weekend = window("2026-11-21T12:00", "2026-11-27T14:00");
    assert_eq!(written(&friday_evening().within(&weekend)), expected[..1], "one that lasts, and none that begins as it ends");
    assert_eq!(once("2026-12-18T18:00", "2027-01-04T08:00").within(&fortnight), []);
    let long = again("0 0 1 * *", 60 * 86_400);
    assert_eq!(written(&long.within(&fortnight)), ["2026-09-30T22:00 2026-12-30T23:00"], "what overlaps is one");
}

#[test]
fn where_too_many_begin_the_last_one_lasts() {
    let quarter = window("2026-11-16T12:00", "2027-02-16T12:00");
    let spans = again("0 20 * * *", 3_600).within(&quarter);
    assert_eq!((spans.len(), spans[59].to), (60, quarter.to));
}

#[test]
fn how_often_and_whether_it_ends() {
    let day = 86_400;
    let table = [
        ("0 15 * * FRI", 65 * 3_600, 14 * day, 2, false),
        ("0 18 * * *", 3_600, 14 * day, 14, false),
        ("0 18 * * *", day, 14 * day, 14, true),
        ("0 * * * *", 60, 14 * day, 61, false),
        ("0 0 30 2 *", 60, 14 * day, 0, false),
    ];
    for (cron, lasts_s, within_s, count, never_ends) in table {
        let season = again(cron, lasts_s);
        assert_eq!((season.beginnings_within(within_s), season.never_ends()), (count, never_ends), "{cron}");
    }
}

proptest! {
    /// Judged minute by minute, without the spans: the wall shows a time since the last beginning that is shorter than the length.
    #[test]
    fn the_spans_are_what_the_wall_shows(day in 0u64..420, minute in 0u64..1_440, hour in 4u32..24, lasts_h in 1u64..100) {
        let season = again(&format!("0 {hour} * * 2,5"), lasts_h * 3_600);
        let now = at("2026-09-01T00:00").plus_seconds(day * 86_400 + minute * 60);
        let spans = season.within(&Span { from: now, to: now.plus_seconds(60) });
        let wall = now.utc().with_timezone(&Berlin).naive_local();
        let hours_ago = |hours: i64| wall - TimeDelta::hours(hours);
        let began = (0..=i64::try_from(lasts_h).unwrap()).map(hours_ago).any(|then| {
            use chrono::{Datelike, Timelike};
            let begun = then.date().and_hms_opt(hour, 0, 0).unwrap();
            let is_day = matches!(then.weekday(), chrono::Weekday::Tue | chrono::Weekday::Fri);
            is_day && then.hour() >= hour && wall - begun < TimeDelta::hours(i64::try_from(lasts_h).unwrap())
        });
        // The hour that is there twice belongs to what ends in it.
        let is_repeated = wall.format("%m-%d %H").to_string() == "10-25 02";
        prop_assert!(is_repeated || spans.iter().any(|span| span.contains(now)) == began, "{} {:?}", now, spans);
    }
}
