//! `gates`: what facts have to say before a change goes out. Which gates those are, an environment says.

use super::environments::Environment;
use super::waivers;
use crate::fact::{FACTS, FactKind};
use crate::gate::{Recheck, WaiverRule};
use crate::ids::{FactName, GateName};
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::reading::Reading;
use crate::policy::schema::Schema;
use crate::policy::shape::{Shape, TableShape};

pub const MAX_GATES: usize = 50;
/// In characters: it stands on every card that waits.
pub const MAX_NAME: usize = 60;

const KEYS: Keys =
    Keys { enforced: &["fact", "when", "pass", "max_age", "recheck", "waiver"], not_enforced: &["probe", "external", "while_waiting"] };
/// What a gate goes by: one of them.
const SOURCES: [&str; 3] = ["fact", "probe", "external"];
const AT_RELEASE: &str = "at_release";

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["pass"],
        shapes: &[
            ("fact", Shape::Words(fact_names), "The fact that it goes by."),
            ("when", Shape::Condition, "Which changes it is for; every one if left out."),
            ("pass", Shape::Condition, "What the fact has to say. Unknown does not pass."),
            ("max_age", Shape::Length, "How old the fact may be when the gate is judged."),
            ("recheck", Shape::Words(|| vec![AT_RELEASE]), "Whether the fact may not have grown too old at the release either."),
            ("waiver", waivers::SHAPE, "Who may make an exception; nobody if left out."),
        ],
    }),
    MAX_GATES,
);

fn fact_names() -> Vec<&'static str> {
    FACTS.iter().map(|kind| kind.name).collect()
}

#[derive(Debug)]
pub struct Gate {
    pub name: GateName,
    /// `None`: for every change.
    pub when: Option<Condition>,
    /// `None`: it goes by what this build does not ask, which was said.
    pub test: Option<Test>,
}

#[derive(Debug)]
pub struct Test {
    pub fact: FactName,
    pub pass: Condition,
    pub max_age_s: Option<u64>,
    pub recheck: Recheck,
    /// `None`: nobody may waive it.
    pub waiver: Option<WaiverRule>,
}

/// In the order of the file.
pub fn read(field: &Field<'_>, environments: &[Environment], reading: &mut Reading<'_>) -> Vec<Gate> {
    let mut gates = Vec::new();
    for (key, entry) in field.entries(MAX_GATES, reading) {
        if key.name.chars().count() > MAX_NAME {
            reading.fault(&entry.place(), format!("the name of a gate has at most {MAX_NAME} characters"));
        }
        let name = GateName::new(&key.name);
        if !environments.iter().any(|environment| environment.promote_when.contains(&name)) {
            reading.warn(&entry.place(), "no environment names this gate in its promote_when, so no change needs it");
        }
        gates.extend(read_gate(name, &entry, reading));
    }
    gates
}

fn read_gate(name: GateName, field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Gate> {
    let table = field.table(KEYS, reading)?;
    let sources: Vec<Field<'_>> = SOURCES.into_iter().filter_map(|source| table.get(source)).collect();
    match sources.as_slice() {
        [_] => {}
        [] => reading.fault(&table.place, format!("name what the gate goes by: one of {}", SOURCES.join(", "))),
        [_, second, ..] => reading.fault(&second.place(), "a gate goes by one thing"),
    }
    let when = table.get("when").map(|when| reading.condition(&when));
    let test = table.get("fact").map(|fact| read_test(&table, &fact, reading));
    Some(Gate { name, when: sound(when)?, test: sound(test)? })
}

/// What is not there is sound; what is there has to be.
fn sound<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        Some(value) => value.map(Some),
        None => Some(None),
    }
}

fn read_test(table: &Table<'_>, fact: &Field<'_>, reading: &mut Reading<'_>) -> Option<Test> {
    let kind = fact.word(&fact_names(), reading).and_then(FactKind::named);
    let max_age = table.get("max_age").map(|length| read_length(&length, reading));
    let recheck = table.get("recheck").map(|word| word.word(&[AT_RELEASE], reading));
    let waiver = table.get("waiver").map(|waiver| waivers::read(&waiver, reading));
    let pass = table.require("pass", reading);
    let kind = kind?;
    let schema = Schema::of_fact(kind, &reading.names.schema.lists);
    let pass = pass.and_then(|pass| reading.condition_over(&pass, &schema));
    Some(Test {
        fact: FactName::new(kind.name),
        pass: pass?,
        max_age_s: sound(max_age)?,
        waiver: sound(waiver)?,
        recheck: sound(recheck)?.map_or(Recheck::BeforeAsking, |_| Recheck::AtRelease),
    })
}

fn read_length(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u64> {
    let seconds = field.seconds(reading)?;
    if seconds == 0 {
        reading.fault(&field.place(), "a fact that is too old at once never passes");
        return None;
    }
    Some(seconds)
}
