//! `freezes`: when nothing goes out, of which changes, and what goes out all the same.

use super::overrides;
use crate::calendar::{Comes, Cron, MAX_BEGINNINGS, Season, Wall};
use crate::freeze::OverrideRule;
use crate::hold::LetThrough;
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::sentence::duration;
use chrono::NaiveDateTime;
use chrono_tz::Tz;
use std::collections::BTreeSet;

pub const MAX_FREEZES: usize = 50;
/// In characters: it stands on every card that waits.
pub const MAX_NAME: usize = 60;
/// Cron says nearly as much; a second reader of recurrences would be one more thing to trust.
const NO_RRULE: &str = "this build reads no RRULE; say when it begins as cron, and for how long as duration";

const KEYS: Keys = Keys {
    enforced: &["name", "where", "time_zone", "from", "to", "cron", "duration", "stops", "lets_through", "override", "rrule"],
    not_enforced: &[],
};
const LET_THROUGH: [LetThrough; 2] = [LetThrough::Emergency, LetThrough::Rollback];
/// What a freeze can stop.
const STOPPED: [&str; 1] = ["release"];

pub const SHAPE: Shape = Shape::List(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["name"],
        shapes: &[
            ("name", Shape::Text, "What it is called, on every card that waits for its end."),
            ("where", Shape::Condition, "Which changes it covers; every one if left out."),
            ("time_zone", Shape::Text, "An IANA time zone; that of the defaults if left out."),
            ("from", Shape::Text, "When it begins, on that zone’s clocks, as in 2026-12-18T18:00; needs “to”."),
            ("to", Shape::Text, "When it ends, likewise."),
            ("cron", Shape::Text, "When it begins again and again: five fields; needs “duration”."),
            ("duration", Shape::Length, "How long it lasts each time, by that zone’s clocks."),
            ("stops", Shape::List(&Shape::Words(|| STOPPED.to_vec()), STOPPED.len()), "What waits for its end. Votes go on."),
            (
                "lets_through",
                Shape::List(&Shape::Words(let_through), LET_THROUGH.len()),
                "What goes out all the same: changes of these classes.",
            ),
            ("override", overrides::SHAPE, "Who lifts it for one change; nobody if left out."),
            ("rrule", Shape::Text, "This build reads no RRULE; use cron and duration."),
        ],
    }),
    MAX_FREEZES,
);

/// A freeze with the condition that says which changes it covers.
#[derive(Debug)]
pub struct Freeze {
    pub name: String,
    /// `None`: every change.
    pub covers: Option<Condition>,
    pub season: Season,
    pub lets_through: BTreeSet<LetThrough>,
    pub overridden_by: Option<OverrideRule>,
}

/// In the order of the file. `expire_after_s` is how long a change may wait.
pub fn read(field: &Field<'_>, expire_after_s: u64, reading: &mut Reading<'_>) -> Vec<Freeze> {
    let mut freezes: Vec<Freeze> = Vec::new();
    for item in field.items(MAX_FREEZES, reading) {
        let Some(freeze) = read_freeze(&item, expire_after_s, reading) else { continue };
        if freezes.iter().any(|earlier| earlier.name == freeze.name) {
            reading.fault(&item.place(), format!("the freeze “{}” stands here twice", freeze.name));
        }
        freezes.push(freeze);
    }
    freezes
}

fn read_freeze(field: &Field<'_>, expire_after_s: u64, reading: &mut Reading<'_>) -> Option<Freeze> {
    let table = field.table(KEYS, reading)?;
    let name = table.require("name", reading).and_then(|name| read_name(&name, reading));
    let covers = table.get("where").map(|covers| reading.condition(&covers));
    let lets_through = table.get("lets_through").map(|through| read_through(&through, reading)).unwrap_or_default();
    if let Some(stops) = table.get("stops") {
        read_stops(&stops, reading);
    }
    let overridden_by = match table.get("override") {
        Some(field) => overrides::read(&field, reading).map(Some),
        None => Some(None),
    };
    if let Some(rrule) = table.get("rrule") {
        reading.not_enforced_because(&rrule.place(), NO_RRULE);
    }
    let season = read_season(&table, expire_after_s, reading);
    let covers = match covers {
        Some(condition) => Some(condition?),
        None => None,
    };
    Some(Freeze { name: name?.to_owned(), covers, season: season?, lets_through, overridden_by: overridden_by? })
}

fn read_name<'n>(field: &Field<'n>, reading: &mut Reading<'_>) -> Option<&'n str> {
    let name = field.text(reading)?;
    if name.chars().count() > MAX_NAME {
        reading.fault(&field.place(), format!("the name of a freeze has at most {MAX_NAME} characters"));
    }
    Some(name)
}

/// Votes go on whatever is frozen, so there is one thing to stop.
fn read_stops(field: &Field<'_>, reading: &mut Reading<'_>) {
    let stopped = field.texts(STOPPED.len(), reading);
    if stopped.is_empty() {
        reading.fault(&field.place(), "a freeze that stops nothing is none; it stops [release]");
    }
    for (_, item) in stopped {
        item.word(&STOPPED, reading);
    }
}

fn let_through() -> Vec<&'static str> {
    LET_THROUGH.iter().map(|through| through.class()).collect()
}

fn read_through(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<LetThrough> {
    let mut through = BTreeSet::new();
    for (_, item) in field.texts(LET_THROUGH.len(), reading) {
        let word = item.word(&let_through(), reading);
        let Some(kind) = LET_THROUGH.into_iter().find(|kind| Some(kind.class()) == word) else { continue };
        if !reading.names.has(What::Class, kind.class()) {
            reading.warn(&item.place(), format!("no class is called {}, so no change is one", kind.class()));
        }
        through.insert(kind);
    }
    through
}

/// Either a range or a recurrence. One in words that this build does not read was said to be so.
fn read_season(table: &Table<'_>, expire_after_s: u64, reading: &mut Reading<'_>) -> Option<Season> {
    let time_zone = match table.get("time_zone") {
        Some(zone) => zone.zone(reading)?,
        None => reading.zone_of_defaults(&table.place)?,
    };
    let ends = (table.get("from"), table.get("to"));
    match (table.get("cron"), ends) {
        (Some(cron), (None, None)) => read_recurrence(table, &cron, Limits { time_zone, expire_after_s }, reading),
        (Some(_), (Some(end), _) | (None, Some(end))) => {
            reading.fault(&end.place(), "a freeze has either from and to, or cron and duration");
            None
        }
        (None, (None, None)) if table.get("rrule").is_some() => None,
        (None, _) => read_range(table, time_zone, reading),
    }
}

fn read_range(table: &Table<'_>, time_zone: Tz, reading: &mut Reading<'_>) -> Option<Season> {
    if let Some(duration) = table.get("duration") {
        reading.fault(&duration.place(), "a range ends with its “to”; a duration belongs to a cron expression");
    }
    let from = table.require("from", reading).and_then(|from| read_wall(&from, reading));
    let to_field = table.require("to", reading)?;
    let (from, to) = (from?, read_wall(&to_field, reading)?);
    if to <= from {
        reading.fault(&to_field.place(), "this should be later than “from”");
        return None;
    }
    Some(Season { time_zone, comes: Comes::Once { from, to } })
}

fn read_wall(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<NaiveDateTime> {
    let local = field.text(reading)?.parse::<Wall>().ok().and_then(|wall| wall.local());
    if local.is_none() {
        reading.fault(&field.place(), "this should be a wall time, as in 2026-12-18T18:00");
    }
    local
}

/// What a recurrence is judged by.
#[derive(Clone, Copy)]
struct Limits {
    time_zone: Tz,
    expire_after_s: u64,
}

fn read_recurrence(table: &Table<'_>, cron: &Field<'_>, limits: Limits, reading: &mut Reading<'_>) -> Option<Season> {
    let lasts = table.require("duration", reading);
    let begins = read_cron(cron, reading);
    let lasts_s = lasts.and_then(|lasts| read_length(&lasts, reading))?;
    let season = Season { time_zone: limits.time_zone, comes: Comes::Again { begins: Box::new(begins?), lasts_s } };
    judge(&season, limits.expire_after_s.saturating_add(lasts_s), cron, reading);
    Some(season)
}

fn read_cron(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Cron> {
    match Cron::parse(field.text(reading)?) {
        Ok(cron) => Some(cron),
        Err(error) => {
            reading.fault(&field.place(), error.to_string());
            None
        }
    }
}

fn read_length(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u64> {
    let seconds = field.seconds(reading)?;
    if seconds == 0 {
        reading.fault(&field.place(), "a freeze that ends at once stops nothing");
        return None;
    }
    Some(seconds)
}

/// All its times while a change is open are written into the change when it opens, so there are only so many.
fn judge(season: &Season, open_s: u64, cron: &Field<'_>, reading: &mut Reading<'_>) {
    match season.beginnings_within(open_s) {
        0 => reading.fault(&cron.place(), "this freeze never begins"),
        count if count > MAX_BEGINNINGS => {
            let within = duration(open_s);
            reading.fault(
                &cron.place(),
                format!("this begins more than {MAX_BEGINNINGS} times within {within}, which a change may see of it; let it begin less often and last longer"),
            );
        }
        _ if season.never_ends() => reading.warn(&cron.place(), "this freeze begins again before it has ended, so it never ends"),
        _ => {}
    }
}
