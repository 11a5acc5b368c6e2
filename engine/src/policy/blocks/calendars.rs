//! `calendars`: when somebody is at work, by name, for the clocks of escalations.

use crate::calendar::{Day, Hours, MINUTES_OF_A_DAY, Office, Opening};
use crate::policy::field::{Field, Keys, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml::Content;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

pub const MAX_CALENDARS: usize = 100;
/// Times of opening of one calendar.
pub const MAX_OPENINGS: usize = 20;
/// Closed days of one calendar: its holidays of many years. They are pinned into every change that counts by it.
pub const MAX_CLOSED: usize = 200;
/// Calendars of one union.
pub const MAX_UNION: usize = 10;

const KEYS: Keys = Keys { enforced: &["time_zone", "open", "closed", "union"], not_enforced: &[] };
const OPENING_KEYS: Keys = Keys { enforced: &["days", "from", "to"], not_enforced: &[] };
const CLOSED_KEYS: Keys = Keys { enforced: &["ical"], not_enforced: &[] };
const DAYS: [(&str, Day); 7] =
    [("mon", Day::Mon), ("tue", Day::Tue), ("wed", Day::Wed), ("thu", Day::Thu), ("fri", Day::Fri), ("sat", Day::Sat), ("sun", Day::Sun)];

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &[],
        shapes: &[
            ("time_zone", Shape::Text, "An IANA time zone; that of the defaults if left out."),
            ("open", Shape::List(&Shape::Table(&OPENING), MAX_OPENINGS), "When it is open."),
            ("closed", Shape::Either(&[Shape::List(&Shape::Date, MAX_CLOSED), Shape::Table(&CLOSED)]), "The days on which it is not."),
            ("union", Shape::List(&Shape::Text, MAX_UNION), "Open when any of these is; stands alone."),
        ],
    }),
    MAX_CALENDARS,
);
const OPENING: TableShape = TableShape {
    keys: OPENING_KEYS,
    required: &["days", "from", "to"],
    shapes: &[
        ("days", Shape::List(&Shape::Words(|| DAYS.iter().map(|(word, _)| *word).collect()), DAYS.len()), "On these days."),
        ("from", Shape::WallTime, "The first minute."),
        ("to", Shape::WallTime, "The end, later than “from”."),
    ],
};
const CLOSED: TableShape =
    TableShape { keys: CLOSED_KEYS, required: &[], shapes: &[("ical", Shape::Text, "This build reads no calendar files.")] };

/// Fills `reading.calendars`.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) {
    let mut offices: BTreeMap<String, Office> = BTreeMap::new();
    let mut unions = Vec::new();
    for (key, entry) in field.entries(MAX_CALENDARS, reading) {
        let Some(table) = entry.table(KEYS, reading) else { continue };
        if let Some(union) = table.get("union") {
            refuse_hours_beside(&table, reading);
            unions.push((key.name.clone(), union));
        } else if let Some(office) = read_office(&table, reading) {
            offices.insert(key.name.clone(), office);
        }
    }
    for (name, union) in unions {
        let offices = read_union(&union, &offices, reading);
        keep(Hours { name, offices }, reading);
    }
    for (name, office) in offices {
        keep(Hours { name, offices: vec![office] }, reading);
    }
}

/// What never opens is a fault of the calendar, and not one more of whatever counts by it.
fn keep(hours: Hours, reading: &mut Reading<'_>) {
    if hours.offices.iter().any(|office| !office.open.is_empty()) {
        reading.calendars.insert(hours.name.clone(), hours);
    }
}

fn refuse_hours_beside(table: &Table<'_>, reading: &mut Reading<'_>) {
    for own in ["time_zone", "open", "closed"].into_iter().filter_map(|key| table.get(key)) {
        reading.fault(&own.place(), "a union has the hours of its calendars and none of its own");
    }
}

/// What is wrong with a calendar of the union is said there, and not once more here.
fn read_union(field: &Field<'_>, offices: &BTreeMap<String, Office>, reading: &mut Reading<'_>) -> Vec<Office> {
    let named = field.texts(MAX_UNION, reading);
    if named.is_empty() {
        reading.fault(&field.place(), "this calendar never opens: name at least one other");
    }
    for (name, item) in &named {
        if !reading.names.has(What::Calendar, name) {
            reading.unknown(item, What::Calendar, name);
        } else if reading.names.is_union(name) {
            reading.fault(&item.place(), format!("{name} is a union itself; name the calendars that it is made of"));
        }
    }
    named.iter().filter_map(|(name, _)| offices.get(*name).cloned()).collect()
}

fn read_office(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<Office> {
    let zone = match table.get("time_zone") {
        Some(zone) => zone.zone(reading),
        None => reading.zone_of_defaults(&table.place),
    };
    let open = table.require("open", reading).map(|open| read_openings(&open, reading));
    let closed = table.get("closed").map(|closed| read_closed(&closed, reading)).unwrap_or_default();
    Some(Office { time_zone: zone?.name().to_owned(), open: open?, closed })
}

fn read_openings(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Opening> {
    let items = field.items(MAX_OPENINGS, reading);
    if items.is_empty() && matches!(field.node.content, Content::List(_)) {
        reading.fault(&field.place(), "this calendar never opens: say at least once when");
    }
    items.iter().filter_map(|item| read_opening(item, reading)).collect()
}

fn read_opening(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Opening> {
    let table = field.table(OPENING_KEYS, reading)?;
    let days = table.require("days", reading).map(|days| read_days(&days, reading));
    let from = table.require("from", reading).and_then(|from| read_minute(&from, reading));
    let to_field = table.require("to", reading)?;
    let to = read_minute(&to_field, reading);
    let (days, from_minute, to_minute) = (days?, from?, to?);
    if from_minute >= to_minute {
        reading.fault(
            &to_field.place(),
            "this should be later than “from”; hours over midnight are two: one to 24:00, one from 00:00 the next day",
        );
        return None;
    }
    Some(Opening { days, from_minute, to_minute })
}

fn read_days(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<Day> {
    let words = DAYS.map(|(word, _)| word);
    let named = field.texts(DAYS.len(), reading);
    if named.is_empty() && matches!(field.node.content, Content::List(_)) {
        reading.fault(&field.place(), "name at least one day");
    }
    let known = named.iter().filter_map(|(_, item)| item.word(&words, reading));
    known.filter_map(|word| DAYS.iter().find(|(known, _)| *known == word).map(|(_, day)| *day)).collect()
}

/// `09:00`, and `24:00` for the end of the day; in minutes after midnight.
fn read_minute(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u16> {
    let minute = minute(field.text(reading)?);
    if minute.is_none() {
        reading.fault(&field.place(), "this should be a wall time from 00:00 to 24:00, as in \"09:00\"");
    }
    minute
}

fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str| part.parse::<u16>().ok().filter(|_| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()));
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= MINUTES_OF_A_DAY).then_some(minute)
}

fn read_closed(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<NaiveDate> {
    if matches!(field.node.content, Content::Table(_)) {
        if let Some(ical) = field.table(CLOSED_KEYS, reading).and_then(|table| table.get("ical")) {
            reading.not_enforced_because(&ical.place(), "this build reads no calendar files; list the closed days");
        }
        return BTreeSet::new();
    }
    field.texts(MAX_CLOSED, reading).iter().filter_map(|(_, item)| read_date(item, reading)).collect()
}

fn read_date(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<NaiveDate> {
    let text = field.text(reading)?;
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| date.to_string() == text);
    if date.is_none() {
        reading.fault(&field.place(), "this should be a date, as in 2026-12-25");
    }
    date
}
