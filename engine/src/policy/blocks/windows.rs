//! `windows`: when what is approved may go out, by name, for environments.

use crate::calendar::Hours;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::time::Timestamp;
use crate::window::Window;
use chrono::DateTime;

pub const MAX_WINDOWS: usize = 100;
/// In characters: it stands on every card that waits.
pub const MAX_NAME: usize = 60;

const KEYS: Keys = Keys { enforced: &["calendar", "earliest_after_approval", "not_in_last"], not_enforced: &[] };

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["calendar"],
        shapes: &[
            ("calendar", Shape::Text, "What is approved goes out while this calendar is open."),
            ("earliest_after_approval", Shape::Length, "So long after the approval; at once if left out."),
            ("not_in_last", Shape::Length, "Nothing goes out so shortly before the calendar closes."),
        ],
    }),
    MAX_WINDOWS,
);

/// Fills `reading.windows`.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) {
    for (key, entry) in field.entries(MAX_WINDOWS, reading) {
        if key.name.chars().count() > MAX_NAME {
            reading.fault(&entry.place(), format!("the name of a window has at most {MAX_NAME} characters"));
        }
        if let Some(window) = read_window(&key.name, &entry, reading) {
            reading.windows.insert(key.name.clone(), window);
        }
    }
}

fn read_window(name: &str, field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Window> {
    let table = field.table(KEYS, reading)?;
    let hours = table.require("calendar", reading).and_then(|calendar| read_calendar(&calendar, reading));
    let earliest_after_approval_s = length(&table, "earliest_after_approval", reading);
    let not_in_last_s = length(&table, "not_in_last", reading);
    let window = Window {
        name: name.to_owned(),
        hours: hours?,
        earliest_after_approval_s: earliest_after_approval_s?,
        not_in_last_s: not_in_last_s?,
    };
    refuse_one_that_never_opens(&table, &window, reading);
    Some(window)
}

/// What is wrong with the calendar is said there.
fn read_calendar(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Hours> {
    let name = field.text(reading)?;
    if !reading.names.has(What::Calendar, name) {
        reading.unknown(field, What::Calendar, name);
    }
    reading.calendars.get(name).cloned()
}

/// Nothing, if left out; `None` after a fault.
fn length(table: &Table<'_>, key: &str, reading: &mut Reading<'_>) -> Option<u64> {
    table.get(key).map_or(Some(0), |length| length.seconds(reading))
}

/// Judged by the weekly hours: closed days come and go.
fn refuse_one_that_never_opens(table: &Table<'_>, window: &Window, reading: &mut Reading<'_>) {
    let Some(field) = table.get("not_in_last") else { return };
    let some_year = Timestamp::from_utc(DateTime::UNIX_EPOCH);
    if window.hours.open_for(some_year, window.not_in_last_s).is_none() {
        let calendar = &window.hours.name;
        reading.fault(&field.place(), format!("{calendar} is never open for longer than this, so nothing would ever go out"));
    }
}
