//! `incidents`: who may stop the line by hand. What pauses releases by itself is not enforced by this build.

use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::stop_the_line::{Needs, StopTheLine};

/// Groups that may stop the line.
pub const MAX_BY: usize = 50;

const KEYS: Keys = Keys { enforced: &["stop_the_line"], not_enforced: &["sources", "pause_when", "effect", "resume", "exempt"] };
const STOP_KEYS: Keys = Keys { enforced: &["by", "needs", "longest"], not_enforced: &[] };
const NEEDS: [&str; 2] = ["rationale", "nothing"];

pub const SHAPE: Shape =
    Shape::Table(&TableShape { keys: KEYS, required: &[], shapes: &[("stop_the_line", Shape::Table(&STOP), "Pausing releases by hand.")] });
const STOP: TableShape = TableShape {
    keys: STOP_KEYS,
    required: &["by"],
    shapes: &[
        ("by", Shape::List(&Shape::Text, MAX_BY), "The groups that may."),
        ("needs", Shape::Words(|| NEEDS.to_vec()), "What they have to say."),
        ("longest", Shape::Length, "How long a pause may last."),
    ],
};

/// `None`: nobody may.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<StopTheLine> {
    let stop = field.table(KEYS, reading)?.get("stop_the_line")?;
    let table = stop.table(STOP_KEYS, reading)?;
    let longest_s = table.get("longest").and_then(|longest| read_longest(&longest, reading));
    let needs = table.get("needs").and_then(|needs| needs.word(&NEEDS, reading));
    let by = table.require("by", reading)?;
    let named = by.texts(MAX_BY, reading);
    if named.is_empty() {
        reading.fault(&by.place(), "name at least one group that may stop the line");
    }
    let groups: Vec<_> = named.iter().filter_map(|(_, group)| reading.group(group)).collect();
    // A roster that this build does not ask has nobody; that was said.
    let by = groups.into_iter().filter_map(|name| reading.groups.get(&name).cloned().map(|group| (name, group))).collect();
    let needs = if needs == Some("nothing") { Needs::Nothing } else { Needs::Rationale };
    Some(StopTheLine { by, needs, longest_s })
}

fn read_longest(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u64> {
    let seconds = field.seconds(reading)?;
    if seconds == 0 {
        reading.fault(&field.place(), "a pause that ends at once stops nothing");
    }
    Some(seconds)
}
