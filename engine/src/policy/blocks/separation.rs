//! `separation_of_duties`: who may not approve because of the part they had in the change.

use crate::policy::duration;
use crate::policy::field::{Field, Keys, Place, Table};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::rules::{Part, Separation, UnknownAuthor};
use std::collections::BTreeSet;

pub const MAX_PAIRS: usize = 50;

const KEYS: Keys =
    Keys { enforced: &["never_same_person", "one_person_one_requirement", "unknown_author"], not_enforced: &["service_account_counts_as"] };
const APPROVER: &str = "approver";
const PARTS: [(&str, Part); 4] = [
    ("initiator", Part::Initiator),
    ("commit_author", Part::CommitAuthor),
    ("commit_co_author", Part::CommitCoAuthor),
    ("merger", Part::Merger),
];
/// Roles that the language knows and this build can't tell.
const OTHER_ROLES: [&str; 1] = ["deployer"];
/// Followed by a length of time: `policy_editor_last_7d`.
const EDITOR_PREFIX: &str = "policy_editor_last_";
const UNKNOWN_AUTHOR: [&str; 2] = ["block", "initiator_only"];

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &[],
    shapes: &[
        ("never_same_person", Shape::List(&Shape::List(&Shape::Text, 2), MAX_PAIRS), "Pairs of roles, as in [initiator, approver]."),
        ("one_person_one_requirement", Shape::Flag, "Whether a person counts for one requirement only."),
        ("unknown_author", Shape::Words(|| UNKNOWN_AUTHOR.to_vec()), "What happens when nobody knows who wrote the change."),
    ],
});

/// What holds where the policy says nothing: nobody approves what they asked for or wrote.
pub fn default_rules() -> Separation {
    Separation {
        excluded: BTreeSet::from([Part::Initiator, Part::CommitAuthor, Part::CommitCoAuthor]),
        unknown_author: UnknownAuthor::Block,
        one_person_one_requirement: true,
    }
}

pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Separation {
    let mut separation = default_rules();
    let Some(table) = field.table(KEYS, reading) else { return separation };
    if let Some(pairs) = table.get("never_same_person") {
        separation.excluded = read_pairs(&pairs, reading);
        warn_of_gaps(&pairs.place(), &separation.excluded, reading);
    }
    if let Some(one) = table.get("one_person_one_requirement").and_then(|field| field.flag(reading)) {
        separation.one_person_one_requirement = one;
    }
    separation.unknown_author = read_unknown_author(&table, reading);
    separation
}

fn read_unknown_author(table: &Table<'_>, reading: &mut Reading<'_>) -> UnknownAuthor {
    let word = table.get("unknown_author").and_then(|field| field.word(&UNKNOWN_AUTHOR, reading));
    if word == Some("initiator_only") { UnknownAuthor::InitiatorOnly } else { UnknownAuthor::Block }
}

fn read_pairs(field: &Field<'_>, reading: &mut Reading<'_>) -> BTreeSet<Part> {
    let pairs = field.items(MAX_PAIRS, reading);
    pairs.iter().filter_map(|pair| read_pair(pair, reading)).collect()
}

/// The part that a pair keeps apart from approving; the order within a pair has no meaning.
fn read_pair(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Part> {
    let roles: Vec<&str> = field.items(2, reading).iter().filter_map(|role| read_role(role, reading)).collect();
    let other = match roles.as_slice() {
        [APPROVER, other] | [other, APPROVER] if *other != APPROVER => *other,
        [_, _] => {
            reading.not_enforced(&field.place());
            return None;
        }
        _ => {
            reading.fault(&field.place(), "this should be a pair of roles, as in [initiator, approver]");
            return None;
        }
    };
    let part = PARTS.iter().find(|(word, _)| *word == other).map(|(_, part)| *part);
    if part.is_none() {
        reading.not_enforced(&field.place());
    }
    part
}

fn read_role<'n>(field: &Field<'n>, reading: &mut Reading<'_>) -> Option<&'n str> {
    let role = field.text(reading)?;
    let edits = role.strip_prefix(EDITOR_PREFIX).is_some_and(|length| duration::seconds(length).is_some());
    let known = || PARTS.iter().map(|(word, _)| *word).chain(OTHER_ROLES).chain([APPROVER]);
    if edits || known().any(|word| word == role) {
        return Some(role);
    }
    let suggestion = reading.nearest(role, known());
    reading.fault_like(&field.place(), format!("there is no role “{role}”"), suggestion);
    Some(role)
}

/// Leaving somebody out may be meant; it should not happen unnoticed.
fn warn_of_gaps(place: &Place, excluded: &BTreeSet<Part>, reading: &mut Reading<'_>) {
    for part in default_rules().excluded.difference(excluded) {
        let word = PARTS.iter().find(|(_, known)| known == part).map_or("", |(word, _)| word);
        reading.warn(place, format!("[{word}, {APPROVER}] is not listed, so these people may approve their own change"));
    }
}
