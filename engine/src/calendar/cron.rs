//! Recurring times: the one place that knows crate `cron`, and what people mean by a cron expression.
//!
//! Five fields, as in crontab(5): minute, hour, day of the month, month, day of the week. Where both days are
//! restricted, both have to fit. Local times that a clock change skips do not occur on that day; those that it
//! repeats occur once, at the first of the two.

use crate::time::Timestamp;
use chrono::{DateTime, MappedLocalTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use cron::Schedule;
use std::collections::BTreeSet;
use std::str::FromStr;

/// Longer expressions are not read.
pub const MAX_LENGTH: usize = 256;

/// In the order of crontab(5), where 0 and 7 are Sunday.
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const SUNDAY_AGAIN: u8 = 7;

/// A recurring local time.
#[derive(Clone, Debug)]
pub struct Cron {
    schedule: Schedule,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("a cron expression has five fields (minute, hour, day, month, weekday), not {0}")]
    FieldCount(usize),
    #[error("a cron expression has at most {MAX_LENGTH} bytes")]
    TooLong,
    #[error("“{0}” is not a day of the week: 0 to 7 or SUN to SAT, as lists, ranges and steps")]
    Weekday(String),
    #[error("this is not a cron expression: {0}")]
    Expression(String),
}

impl Cron {
    /// Reads `minute hour day month weekday`.
    pub fn parse(five_fields: &str) -> Result<Self, CalendarError> {
        if five_fields.len() > MAX_LENGTH {
            return Err(CalendarError::TooLong);
        }
        let fields: Vec<&str> = five_fields.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(CalendarError::FieldCount(fields.len()));
        };
        if let Some(field) = [minute, hour, day, month].into_iter().find(|field| has_zero_step(field)) {
            return Err(CalendarError::Expression(format!("“{field}” has a step of 0")));
        }
        let weekday = translate_weekdays(weekday)?;
        let schedule = Schedule::from_str(&format!("0 {minute} {hour} {day} {month} {weekday}"));
        schedule.map(|schedule| Self { schedule }).map_err(|error| CalendarError::Expression(error.to_string()))
    }

    /// The local times later than this one, in their order, whether or not a clock change skips them.
    pub(super) fn local_after(&self, local: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> {
        self.schedule.after(&local.and_utc()).map(|local| local.naive_utc())
    }

    /// The first occurrence later than `at`; `None` if the calendar ends before there is one.
    pub fn next_after(&self, at: Timestamp, zone: Tz) -> Option<Timestamp> {
        // The crate goes through local times as if they were UTC, which has no clock changes; they are placed
        // afterwards. Within a repeated hour the local clock of `at` runs behind, so what is too early is passed over.
        let local = at.utc().with_timezone(&zone).naive_local().and_utc();
        self.schedule.after(&local).filter_map(|local| place(local, zone)).find(|next| *next > at)
    }
}

fn place(local: DateTime<Utc>, zone: Tz) -> Option<Timestamp> {
    match zone.from_local_datetime(&local.naive_utc()) {
        MappedLocalTime::Single(instant) | MappedLocalTime::Ambiguous(instant, _) => Some(Timestamp::from_utc(instant.to_utc())),
        MappedLocalTime::None => None,
    }
}

fn has_zero_step(field: &str) -> bool {
    field.split(',').any(|part| part.split_once('/').is_some_and(|(_, step)| step.bytes().all(|byte| byte == b'0')))
}

/// The crate counts weekdays from Sunday = 1; people count from Sunday = 0. Names mean the same to both.
fn translate_weekdays(field: &str) -> Result<String, CalendarError> {
    if field == "*" {
        return Ok(field.to_owned());
    }
    let mut days = BTreeSet::new();
    for part in field.split(',') {
        days.extend(weekdays(part).ok_or_else(|| CalendarError::Weekday(part.to_owned()))?);
    }
    let names: Vec<&str> = days.into_iter().map(|day| WEEKDAYS[usize::from(day % SUNDAY_AGAIN)]).collect();
    Ok(names.join(","))
}

/// The days of `*`, `2`, `1-5`, `5-7`, or any of them with a step.
fn weekdays(part: &str) -> Option<Vec<u8>> {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step.parse::<u8>().ok().filter(|step| *step > 0)?)),
        None => (part, None),
    };
    let (first, last) = match range.split_once('-') {
        Some((first, last)) => (weekday(first)?, weekday(last)?),
        None if range == "*" => (0, SUNDAY_AGAIN - 1),
        // A step from one day on goes to the end of the week.
        None => (weekday(range)?, if step.is_some() { SUNDAY_AGAIN - 1 } else { weekday(range)? }),
    };
    let days: Vec<u8> = (first..=last).step_by(usize::from(step.unwrap_or(1))).map(|day| day % SUNDAY_AGAIN).collect();
    if days.is_empty() { None } else { Some(days) }
}

fn weekday(text: &str) -> Option<u8> {
    let named = WEEKDAYS.iter().zip(0..).find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, day)| day);
    let digit = || text.parse::<u8>().ok().filter(|day| text.len() == 1 && *day <= SUNDAY_AGAIN);
    named.or_else(digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_utc(text.parse().unwrap())
    }

    /// The next occurrences in Berlin as UTC, without seconds.
    fn next(expression: &str, after: &str, count: usize) -> Vec<String> {
        let cron = Cron::parse(expression).unwrap();
        let mut found = Vec::new();
        let mut last = at(after);
        for _ in 0..count {
            last = cron.next_after(last, Berlin).unwrap();
            found.push(last.utc().format("%a %Y-%m-%dT%H:%M").to_string());
        }
        found
    }

    #[test]
    fn numbers_and_names_of_weekdays_mean_what_crontab_says() {
        // 2026-06-01 is a Monday; Berlin is two hours ahead of UTC.
        let table: [(&str, &[&str]); 12] = [
            ("0 9 * * 0", &["Sun"]),
            ("0 9 * * 7", &["Sun"]),
            ("0 9 * * 1", &["Mon"]),
            ("0 9 * * 6", &["Sat"]),
            ("0 9 * * 1-5", &["Mon", "Tue", "Wed", "Thu", "Fri"]),
            ("0 9 * * MON-fri", &["Mon", "Tue", "Wed", "Thu", "Fri"]),
            ("0 9 * * 5-7", &["Fri", "Sat", "Sun"]),
            ("0 9 * * 1,3,5", &["Mon", "Wed", "Fri"]),
            ("0 9 * * 1-6/2", &["Mon", "Wed", "Fri"]),
            ("0 9 * * */3", &["Wed", "Sat", "Sun"]),
            ("0 9 * * 4/2", &["Thu", "Sat"]),
            ("0 9 * * SUN,2", &["Tue", "Sun"]),
        ];
        for (expression, days) in table {
            let found = next(expression, "2026-05-31T20:00:00Z", days.len());
            let found: Vec<&str> = found.iter().map(|text| &text[..3]).collect();
            assert_eq!(found, days, "{expression}");
        }
    }

    #[test]
    fn the_wall_time_stays_across_clock_changes() {
        assert_eq!(next("0 15 * * 5", "2026-10-20T00:00:00Z", 2), ["Fri 2026-10-23T13:00", "Fri 2026-10-30T14:00"]);
        assert_eq!(next("0 9 * * *", "2026-03-28T00:00:00Z", 2), ["Sat 2026-03-28T08:00", "Sun 2026-03-29T07:00"]);
    }

    #[test]
    fn a_skipped_time_does_not_occur_that_day() {
        // On 2026-03-29 the clock goes from 02:00 to 03:00.
        assert_eq!(next("30 2 * * *", "2026-03-28T12:00:00Z", 1), ["Mon 2026-03-30T00:30"]);
        assert_eq!(next("0 3 * * *", "2026-03-28T12:00:00Z", 1), ["Sun 2026-03-29T01:00"]);
    }

    #[test]
    fn a_repeated_time_occurs_once() {
        // On 2026-10-25 the clock goes from 03:00 back to 02:00.
        assert_eq!(next("30 2 * * *", "2026-10-24T12:00:00Z", 2), ["Sun 2026-10-25T00:30", "Mon 2026-10-26T01:30"]);
        assert_eq!(next("*/30 * * * *", "2026-10-25T00:10:00Z", 2), ["Sun 2026-10-25T00:30", "Sun 2026-10-25T02:00"]);
        // From within the second of the two hours.
        assert_eq!(next("*/30 * * * *", "2026-10-25T01:10:00Z", 1), ["Sun 2026-10-25T02:00"]);
    }

    #[test]
    fn a_date_that_never_comes_has_no_occurrence() {
        let cron = Cron::parse("0 0 30 2 *").unwrap();
        assert_eq!(cron.next_after(at("2026-01-01T00:00:00Z"), Berlin), None);
    }

    #[test]
    fn refuses_what_is_no_cron_expression() {
        let table = [
            ("", CalendarError::FieldCount(0)),
            ("0 0 9 * * 1", CalendarError::FieldCount(6)),
            ("@daily", CalendarError::FieldCount(1)),
            ("0 9 * * 8", CalendarError::Weekday("8".to_owned())),
            ("0 9 * * FRI-MON", CalendarError::Weekday("FRI-MON".to_owned())),
            ("0 9 * * 1/0", CalendarError::Weekday("1/0".to_owned())),
            ("0 9 * * 5L", CalendarError::Weekday("5L".to_owned())),
            ("0 9 * * 1#2", CalendarError::Weekday("1#2".to_owned())),
        ];
        for (expression, expected) in table {
            assert_eq!(Cron::parse(expression).unwrap_err(), expected, "{expression}");
        }
        for expression in ["60 9 * * *", "0 24 * * *", "0 9 32 * *", "0 9 * 13 *", "*/0 9 * * *", "x 9 * * *"] {
            assert!(matches!(Cron::parse(expression), Err(CalendarError::Expression(_))), "{expression}");
        }
        assert_eq!(Cron::parse(&"0 ".repeat(200)).unwrap_err(), CalendarError::TooLong);
    }

    proptest! {
        #[test]
        fn occurrences_are_later_and_at_their_wall_time(minute in 0u32..60, hour in 0u32..24, start in 0i64..400 * 86_400) {
            let cron = Cron::parse(&format!("{minute} {hour} * * *")).unwrap();
            let after = at("2026-01-01T00:00:00Z").plus_seconds(start.unsigned_abs());
            let next = cron.next_after(after, Berlin).unwrap();
            prop_assert!(next > after);
            prop_assert!(next.seconds_since(after) <= 2 * 86_400 + 3_600);
            let local = next.utc().with_timezone(&Berlin).format("%-M %-H").to_string();
            prop_assert_eq!(local, format!("{minute} {hour}"));
        }

        #[test]
        fn parsing_never_panics(text in "[-0-9*/,A-Z?L# ]{0,40}") {
            if let Ok(cron) = Cron::parse(&text) {
                let _ = cron.next_after(at("2026-03-28T00:00:00Z"), Berlin);
            }
        }
    }
}
