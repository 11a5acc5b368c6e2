//! `requirements`: who has to agree. Every one that matches applies, and all of them are needed.

use super::groups::FILE_SOURCE;
use super::quorums::{self, Board};
use crate::ids::{GroupName, PersonId, RequirementName, StageName};
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys, Place, Table};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use std::collections::BTreeSet;

pub const MAX_REQUIREMENTS: usize = 200;
/// Groups of one requirement.
pub const MAX_FROM: usize = 50;

const KEYS: Keys = Keys { enforced: &["name", "when", "stage", "approve", "quorum"], not_enforced: &[] };
const APPROVE_KEYS: Keys = Keys { enforced: &["from", "count", "blind", "step_up"], not_enforced: &[] };

pub const SHAPE: Shape = Shape::List(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["name", "stage"],
        shapes: &[
            ("name", Shape::Text, "What the requirement is called."),
            ("when", Shape::Condition, "For which changes; for all if left out."),
            ("stage", Shape::Text, "The stage in which it is asked."),
            ("approve", Shape::Table(&APPROVE), "Who has to agree."),
            ("quorum", Shape::Table(&quorums::SHAPE), "The board that votes, instead."),
        ],
    }),
    MAX_REQUIREMENTS,
);
const APPROVE: TableShape = TableShape {
    keys: APPROVE_KEYS,
    required: &["from", "count"],
    shapes: &[
        ("from", Shape::List(&Shape::Text, MAX_FROM), "The groups; a member of any of them will do."),
        ("count", Shape::Whole(1), "How many different people."),
        ("blind", Shape::Flag, "Nobody is shown the votes of its stage before all who sign blind have voted."),
        ("step_up", Shape::Flag, "It is signed only on the web, by people who are signed in."),
    ],
};

/// A requirement with the condition under which it applies.
#[derive(Debug)]
pub struct Conditional {
    pub name: RequirementName,
    pub stage: StageName,
    /// `None`: it applies to every change.
    pub when: Option<Condition>,
    pub asks: Asks,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asks {
    /// A number of people.
    Approve(Approve),
    /// A board.
    Quorum(Board),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approve {
    /// At least one.
    pub from: Vec<GroupName>,
    /// At least 1.
    pub count: u32,
    pub blind: bool,
    pub step_up: bool,
}

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Conditional> {
    let mut requirements: Vec<Conditional> = Vec::new();
    for item in field.items(MAX_REQUIREMENTS, reading) {
        let Some(requirement) = read_requirement(&item, reading) else { continue };
        if requirements.iter().any(|earlier| earlier.name == requirement.name) {
            reading.fault(&item.place(), format!("the requirement “{}” stands here twice", requirement.name));
        }
        requirements.push(requirement);
    }
    requirements
}

fn read_requirement(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Conditional> {
    let table = field.table(KEYS, reading)?;
    let name = table.require("name", reading).and_then(|name| name.text(reading));
    let stage = table.require("stage", reading).and_then(|stage| read_stage(&stage, reading));
    let when = table.get("when").map(|when| reading.condition(&when));
    let asks = read_how(&table, reading);
    let when = match when {
        Some(condition) => Some(condition?),
        None => None,
    };
    Some(Conditional { name: RequirementName::new(name?), stage: stage?, when, asks: asks?, place: field.place() })
}

fn read_stage(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<StageName> {
    let stage = field.text(reading)?;
    if !reading.names.of(What::Flow).is_empty() && !reading.names.has(What::FlowStage, stage) {
        reading.warn(&field.place(), format!("the stage “{stage}” is in no flow, so it comes after all others"));
    }
    Some(StageName::new(stage))
}

/// One of `approve` and `quorum`.
fn read_how(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<Asks> {
    match (table.get("approve"), table.get("quorum")) {
        (Some(approve), None) => read_approve(&approve, reading).map(Asks::Approve),
        (None, Some(quorum)) => quorums::read(&quorum, reading).map(Asks::Quorum),
        (Some(_), Some(quorum)) => {
            reading.fault(&quorum.place(), "a requirement has either approve or quorum");
            None
        }
        (None, None) => {
            table.require("approve", reading);
            None
        }
    }
}

fn read_approve(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Approve> {
    let table = field.table(APPROVE_KEYS, reading)?;
    let from = table.require("from", reading).map(|from| read_from(&from, reading));
    let count_field = table.require("count", reading)?;
    let count = count_field.whole(1, reading)?;
    let blind = table.get("blind").map_or(Some(false), |blind| blind.flag(reading));
    let step_up = table.get("step_up").map_or(Some(false), |step_up| step_up.flag(reading));
    let approve = Approve { from: from??, count, blind: blind?, step_up: step_up? };
    judge_count(&count_field.place(), &approve.from, approve.count, reading);
    Some(approve)
}

fn read_from(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Vec<GroupName>> {
    let named = field.texts(MAX_FROM, reading);
    if named.is_empty() {
        reading.fault(&field.place(), "name at least one group");
        return None;
    }
    let groups: Vec<GroupName> = named.iter().filter_map(|(_, group)| reading.group(group)).collect();
    (groups.len() == named.len()).then_some(groups)
}

/// A count that nobody can reach is a fault, as far as all the people are known.
pub(super) fn judge_count(place: &Place, from: &[GroupName], count: u32, reading: &mut Reading<'_>) {
    let Some(directory) = reading.directory else { return };
    let mut people: BTreeSet<&PersonId> = BTreeSet::new();
    for name in from {
        let known = reading.groups.get(name).filter(|group| group.from.source == FILE_SOURCE && group.is_known(directory));
        let Some(group) = known else { return };
        people.extend(group.everybody(directory));
    }
    if people.len() < count as usize {
        let groups: Vec<&str> = from.iter().map(GroupName::as_str).collect();
        let (groups, have) = if groups.len() == 1 { (groups[0].to_owned(), "has") } else { (groups.join(" and "), "together have") };
        let members = if people.len() == 1 { "1 member".to_owned() } else { format!("{} members", people.len()) };
        reading.fault(place, format!("{count} are needed, but {groups} {have} {members}"));
    }
}
