//! `duty`: the names that the policy uses for on-call rosters, which stand wherever a group may.

use super::groups::FILE_SOURCE;
use crate::directory::GroupSource;
use crate::ids::GroupName;
use crate::policy::field::{Field, Keys};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::roster::MAX_LEVELS;
use crate::rules::Group;
use std::collections::BTreeSet;

pub const MAX_ROSTERS: usize = 200;

const KEYS: Keys = Keys { enforced: &["provider", "schedule", "levels", "when_empty"], not_enforced: &[] };
/// The first is that of people.yaml, which this build asks.
const PROVIDERS: [&str; 3] = [FILE_SOURCE, "pagerduty", "opsgenie"];
/// An empty step costs no time: nobody waits for it.
const WHEN_EMPTY: [&str; 1] = ["skip"];

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["provider", "schedule"],
        shapes: &[
            ("provider", Shape::Words(|| PROVIDERS.to_vec()), "Where the roster is kept; file is people.yaml."),
            ("schedule", Shape::Text, "What the roster is called there."),
            ("levels", Shape::List(&Shape::Whole(1), MAX_LEVELS), "Who of it counts: level 1 if left out."),
            ("when_empty", Shape::Words(|| WHEN_EMPTY.to_vec()), "What happens while nobody is on duty: nobody waits for it."),
        ],
    }),
    MAX_ROSTERS,
);

/// Adds to `reading.groups`, which has the groups already.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) {
    for (key, entry) in field.entries(MAX_ROSTERS, reading) {
        if reading.names.has(What::Group, &key.name) {
            reading.fault(&entry.place(), format!("“{}” is a group already; a roster needs a name of its own", key.name));
        }
        if let Some(roster) = read_roster(&entry, reading) {
            reading.groups.insert(GroupName::new(key.name.as_str()), roster);
        }
    }
}

/// `None` as well for a roster that this build does not ask.
fn read_roster(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Group> {
    let table = field.table(KEYS, reading)?;
    let provider = table.require("provider", reading);
    let schedule = table.require("schedule", reading);
    if let Some(word) = table.get("when_empty") {
        word.word(&WHEN_EMPTY, reading);
    }
    let levels = table.get("levels").map_or_else(|| Some(BTreeSet::from([1])), |levels| read_levels(&levels, reading));
    let (provider, schedule) = (provider?, schedule?);
    if provider.word(&PROVIDERS, reading)? != FILE_SOURCE {
        reading.not_enforced(&provider.place());
        return None;
    }
    let source = GroupSource { source: FILE_SOURCE.to_owned(), group: schedule.text(reading)?.to_owned() };
    let on_duty = levels?;
    check(&source, &on_duty, &schedule, reading);
    Some(Group { on_duty, ..Group::of(source) })
}

fn read_levels(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<BTreeSet<u32>> {
    let levels: BTreeSet<u32> = field.items(MAX_LEVELS, reading).iter().filter_map(|level| level.whole(1, reading)).collect();
    if levels.is_empty() {
        reading.fault(&field.place(), "name at least one level");
        return None;
    }
    Some(levels)
}

fn check(source: &GroupSource, levels: &BTreeSet<u32>, schedule: &Field<'_>, reading: &mut Reading<'_>) {
    let Some(directory) = reading.directory else {
        return reading.warn(&schedule.place(), "its people were not checked: no directory was given");
    };
    let Some(roster) = directory.roster(source) else {
        let suggestion = reading.nearest(&source.group, directory.rosters().map(|known| known.group.as_str()));
        return reading.fault_like(&schedule.place(), format!("the directory has no roster “{}”", source.group), suggestion);
    };
    let (known, last) = (roster.levels.len(), levels.last().copied().unwrap_or_default());
    if last as usize > known {
        let message = format!("the roster “{}” has no level {last}; its last one is {known}", source.group);
        reading.fault(&schedule.place(), message);
    }
}
