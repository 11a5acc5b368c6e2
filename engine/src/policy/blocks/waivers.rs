//! `gates.*.waiver`: who may make an exception for a gate, what they have to name, and how long it lasts at most.

use crate::gate::{Needed, WaiverRule};
use crate::ids::GroupName;
use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml::Content;
use std::collections::BTreeSet;

/// Groups that may waive one gate.
pub const MAX_BY: usize = 50;

const KEYS: Keys = Keys { enforced: &["by", "needs", "longest"], not_enforced: &[] };
const TICKET: &str = "ticket";
const NEEDS: [&str; 2] = [TICKET, "expiry"];

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &["by", "longest"],
    shapes: &[
        ("by", Shape::Either(&[Shape::Text, Shape::List(&Shape::Text, MAX_BY)]), "The group that may, or several."),
        (
            "needs",
            Shape::List(&Shape::Words(|| NEEDS.to_vec()), NEEDS.len()),
            "What they have to name besides the reason; both if left out.",
        ),
        ("longest", Shape::Length, "How long an exception lasts at most."),
    ],
});

pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<WaiverRule> {
    let table = field.table(KEYS, reading)?;
    let by = table.require("by", reading).map(|by| read_by(&by, reading));
    let needs = table.get("needs").map(|needs| read_needs(&needs, reading));
    let longest_s = table.require("longest", reading).and_then(|longest| read_longest(&longest, reading));
    let both = || BTreeSet::from([Needed::Ticket, Needed::Expiry]);
    Some(WaiverRule { by: by?, needs: needs.unwrap_or_else(both), longest_s: longest_s? })
}

fn read_by(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<GroupName> {
    if let Content::Text(_) = &field.node.content {
        return reading.group(field).into_iter().collect();
    }
    let named = field.texts(MAX_BY, reading);
    if named.is_empty() {
        reading.fault(&field.place(), "name at least one group that may waive the gate");
    }
    named.iter().filter_map(|(_, item)| reading.group(item)).collect()
}

fn read_needs(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<Needed> {
    let mut needs = BTreeSet::new();
    for (_, item) in field.texts(NEEDS.len(), reading) {
        match item.word(&NEEDS, reading) {
            Some(TICKET) => drop(needs.insert(Needed::Ticket)),
            Some(_) => drop(needs.insert(Needed::Expiry)),
            None => {}
        }
    }
    needs
}

fn read_longest(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u64> {
    let seconds = field.seconds(reading)?;
    if seconds == 0 {
        reading.fault(&field.place(), "an exception that ends at once waives nothing");
        return None;
    }
    Some(seconds)
}
