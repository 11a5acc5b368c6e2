//! `freezes[].override`: who lifts a freeze for one change, and what they have to say.

use super::defaults::{RULE, read_rule};
use super::requirements::judge_count;
use crate::freeze::OverrideRule;
use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::rules::Group;

const KEYS: Keys = Keys { enforced: &["by", "count", "rationale"], not_enforced: &[] };

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &["by"],
    shapes: &[
        ("by", Shape::Text, "The group whose members may."),
        ("count", Shape::Whole(1), "So many of them; 1 if left out."),
        ("rationale", RULE, "What each of them has to say; something, if left out."),
    ],
});

pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<OverrideRule> {
    let table = field.table(KEYS, reading)?;
    let by = table.require("by", reading).and_then(|by| reading.group(&by));
    let written = table.get("count");
    let count = written.as_ref().map_or(Some(1), |count| count.whole(1, reading));
    let min_length = table.get("rationale").map_or(Some(0), |rule| read_min_length(&rule, reading));
    let (by, count, min_length) = (by?, count?, min_length?);
    let place = written.map_or_else(|| field.place(), |count| count.place());
    judge_count(&place, std::slice::from_ref(&by), count, reading);
    let by_roster = reading.groups.get(&by).is_some_and(Group::is_roster);
    Some(OverrideRule { by, by_roster, count, min_length })
}

/// Nobody overrides a freeze without a word.
fn read_min_length(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u32> {
    let rule = read_rule(field, reading)?;
    if !rule.required {
        reading.fault(&field.place(), "a freeze is overridden with a reason, which is kept; “required” can’t be false here");
        return None;
    }
    Some(rule.min_length)
}
