//! `groups`: the names that the policy uses for groups of the directory.

use crate::directory::GroupSource;
use crate::ids::GroupName;
use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::rules::Group;

pub const MAX_GROUPS: usize = 2_000;
/// The one directory source of this build: people.yaml.
pub const FILE_SOURCE: &str = "file";

const KEYS: Keys = Keys { enforced: &["from", "notify"], not_enforced: &["review_every"] };

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["from"],
        shapes: &[
            ("from", Shape::Text, "A directory source and its group, as in file:developers."),
            ("notify", Shape::Flag, "“false” keeps the group out of mentions and reminders unless a step names it."),
        ],
    }),
    MAX_GROUPS,
);

/// Fills `reading.groups`.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) {
    let mut unchecked = false;
    for (key, entry) in field.entries(MAX_GROUPS, reading) {
        let Some(group) = read_group(&entry, reading) else { continue };
        unchecked |= group.from.source == FILE_SOURCE && reading.directory.is_none();
        reading.groups.insert(GroupName::new(key.name.as_str()), group);
    }
    if unchecked {
        reading.warn(&field.place(), "its people were not checked: no directory was given");
    }
}

fn read_group(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Group> {
    let table = field.table(KEYS, reading)?;
    let notify = table.get("notify").map_or(Some(true), |notify| notify.flag(reading));
    let from = table.require("from", reading)?;
    let source = read_source(&from, reading)?;
    check_source(&from, &source, reading);
    Some(Group { notify: notify?, ..Group::of(source) })
}

fn read_source(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<GroupSource> {
    let text = field.text(reading)?;
    match text.split_once(':') {
        Some((source, group)) if !source.is_empty() && !group.is_empty() => {
            Some(GroupSource { source: source.to_owned(), group: group.to_owned() })
        }
        Some(_) | None => {
            reading.fault(&field.place(), "this should be a directory source and its group, as in file:developers");
            None
        }
    }
}

fn check_source(field: &Field<'_>, source: &GroupSource, reading: &mut Reading<'_>) {
    if source.source != FILE_SOURCE {
        let message = format!("its people were not checked: this build has no directory source “{}”", source.source);
        return reading.not_enforced_because(&field.place(), message);
    }
    let Some(directory) = reading.directory.filter(|directory| !directory.has_group(source)) else { return };
    let known = directory.groups().filter(|known| known.source == FILE_SOURCE).map(|known| known.group.as_str());
    let suggestion = reading.nearest(&source.group, known).map(|group| format!("{FILE_SOURCE}:{group}"));
    reading.fault_like(&field.place(), format!("the directory has no group “{}”", source.group), suggestion);
}
