//! `fields`: what the requester has to write before anybody is asked.

use crate::fields::{ANSWER_MAX, Entry, FieldKind, ITEMS_MAX};
use crate::policy::condition::Condition;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::identifier::{self, is_identifier};
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::schema;
use crate::policy::shape::{Shape, TableShape};

/// Fields of a policy; more were never filled in by a person.
pub const MAX_FIELDS: usize = 50;
/// Words of one choice.
pub const MAX_CHOICES: usize = 100;
/// Characters of a word of a choice, as menus show them.
pub const MAX_CHOICE: usize = 75;

const KEYS: Keys = Keys { enforced: &["all", "emergency"], not_enforced: &[] };
const TYPES: [&str; 5] = ["text", "choice", "list", "ticket", "incident"];
/// Of a field whose type is not known, so that nothing else is said of it.
const ANY_KEYS: Keys = Keys {
    enforced: &["type", "min_length", "reject_boilerplate", "of", "min_items", "required_when", "system", "create_if_missing"],
    not_enforced: &[],
};
const TEXT_KEYS: Keys = Keys { enforced: &["type", "min_length", "reject_boilerplate", "required_when"], not_enforced: &[] };
const CHOICE_KEYS: Keys = Keys { enforced: &["type", "of", "required_when"], not_enforced: &[] };
const LIST_KEYS: Keys = Keys { enforced: &["type", "of", "min_items", "required_when"], not_enforced: &[] };
const INCIDENT_KEYS: Keys = Keys { enforced: &["type", "required_when"], not_enforced: &[] };
const CATALOGUE_SERVICE: &str = "catalogue_service";
const LIST_OF: [&str; 2] = ["text", CATALOGUE_SERVICE];

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &[],
    shapes: &[("all", FIELDS, "Of every change."), ("emergency", FIELDS, "Of changes of the class emergency, besides.")],
});
const FIELDS: Shape = Shape::Named(&Shape::Either(&[TEXT, CHOICE, LIST, INCIDENT, OTHER]), MAX_FIELDS);
const REQUIRED_WHEN: (&str, Shape, &str) =
    ("required_when", Shape::Condition, "Where an answer is needed; everywhere if left out. May ask about other answers: fields.NAME.");
const TEXT: Shape = Shape::Table(&TableShape {
    keys: TEXT_KEYS,
    required: &["type"],
    shapes: &[
        ("type", Shape::Words(|| vec!["text"]), "What is written."),
        ("min_length", Shape::Whole(1), "In characters."),
        ("reject_boilerplate", Shape::Flag, "Texts that say nothing are not taken."),
        REQUIRED_WHEN,
    ],
});
const CHOICE: Shape = Shape::Table(&TableShape {
    keys: CHOICE_KEYS,
    required: &["type", "of"],
    shapes: &[
        ("type", Shape::Words(|| vec!["choice"]), "One of a few words."),
        ("of", Shape::List(&Shape::Text, MAX_CHOICES), "The words."),
        REQUIRED_WHEN,
    ],
});
const LIST: Shape = Shape::Table(&TableShape {
    keys: LIST_KEYS,
    required: &["type"],
    shapes: &[
        ("type", Shape::Words(|| vec!["list"]), "Several entries."),
        ("of", Shape::Words(|| LIST_OF.to_vec()), "What each entry is."),
        ("min_items", Shape::Whole(1), "How many there have to be."),
        REQUIRED_WHEN,
    ],
});
const INCIDENT: Shape = Shape::Table(&TableShape {
    keys: INCIDENT_KEYS,
    required: &["type"],
    shapes: &[("type", Shape::Words(|| vec!["incident"]), "The id of a known incident."), REQUIRED_WHEN],
});
/// Of the types that this build does not ask for, nothing but the type is looked at.
const OTHER: Shape = Shape::Table(&TableShape {
    keys: Keys {
        enforced: &["type"],
        not_enforced: &["min_length", "reject_boilerplate", "of", "min_items", "required_when", "system", "create_if_missing"],
    },
    required: &["type"],
    shapes: &[("type", Shape::Words(|| vec!["ticket"]), "Valid, not enforced by this build.")],
});

/// One field, with the condition under which it has to be answered.
#[derive(Debug)]
pub struct AskedField {
    pub name: String,
    pub kind: FieldKind,
    /// `None`: always.
    pub required_when: Option<Condition>,
    pub of: Of,
}

/// Which changes are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    All,
    /// Those of the class that is named so.
    Emergencies,
}

/// In the order of the file, those of emergencies last.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<AskedField> {
    let Some(table) = field.table(KEYS, reading) else { return Vec::new() };
    let mut fields: Vec<AskedField> = Vec::new();
    for (part, of) in [("all", Of::All), ("emergency", Of::Emergencies)] {
        let entries = table.get(part).map(|part| part.entries(MAX_FIELDS, reading)).unwrap_or_default();
        for (key, entry) in entries {
            if !is_identifier(&key.name) {
                reading.fault(&entry.place(), identifier::rule(&key.name, "a field"));
            }
            if fields.iter().any(|earlier| earlier.name == key.name) {
                reading.fault(&entry.place(), format!("the field “{}” is asked of every change already", key.name));
            }
            fields.extend(read_field(&key.name, &entry, of, reading));
        }
    }
    fields
}

fn read_field(name: &str, field: &Field<'_>, of: Of, reading: &mut Reading<'_>) -> Option<AskedField> {
    let (kind, table) = read_kind(field, reading)?;
    let when = table.get("required_when").map(|when| {
        let schema = reading.names.schema_with_answers.clone();
        reading.condition_over(&when, &schema)
    });
    let required_when = match when {
        Some(condition) => Some(condition?),
        None => None,
    };
    if required_when.as_ref().is_some_and(|when| when.asks_about(&format!("{}.{name}", schema::FIELDS))) {
        reading.fault(&field.place(), "whether an answer is needed can’t depend on that answer");
    }
    Some(AskedField { name: name.to_owned(), kind, required_when, of })
}

type ReadKind = fn(&Table<'_>, &mut Reading<'_>) -> Option<FieldKind>;

/// `None` as well for a type that this build does not ask for.
fn read_kind<'n>(field: &Field<'n>, reading: &mut Reading<'_>) -> Option<(FieldKind, Table<'n>)> {
    let Some(kind) = type_of(field) else {
        let table = field.table(ANY_KEYS, reading)?;
        table.require("type", reading)?.word(&TYPES, reading);
        return None;
    };
    let (keys, read): (Keys, ReadKind) = match kind {
        "text" => (TEXT_KEYS, read_text),
        "choice" => (CHOICE_KEYS, read_choice),
        "list" => (LIST_KEYS, read_list),
        "incident" => (INCIDENT_KEYS, |_, _| Some(FieldKind::Incident)),
        other => {
            reading.not_enforced_because(&field.place(), format!("a field of type {other}: valid, not enforced by this build"));
            return None;
        }
    };
    let table = field.table(keys, reading)?;
    Some((read(&table, reading)?, table))
}

/// The type, looked up before the keys are checked: they depend on it.
fn type_of(field: &Field<'_>) -> Option<&'static str> {
    let stated = field.peek("type")?;
    TYPES.into_iter().find(|known| *known == stated)
}

fn read_text(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<FieldKind> {
    let min_length = read_least(table.get("min_length"), ANSWER_MAX, reading)?;
    let reject_boilerplate = table.get("reject_boilerplate").map_or(Some(false), |reject| reject.flag(reading))?;
    Some(FieldKind::Text { min_length, reject_boilerplate })
}

fn read_choice(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<FieldKind> {
    let of = table.require("of", reading)?;
    let words = of.texts(MAX_CHOICES, reading);
    if words.is_empty() {
        reading.fault(&of.place(), "name at least one word to choose");
    }
    for (_, item) in words.iter().filter(|(word, _)| word.chars().count() > MAX_CHOICE) {
        reading.fault(&item.place(), format!("a choice has at most {MAX_CHOICE} characters"));
    }
    Some(FieldKind::Choice { of: words.iter().map(|(word, _)| (*word).to_owned()).collect() })
}

fn read_list(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<FieldKind> {
    let entry = match table.get("of").map(|of| (of.word(&LIST_OF, reading), of)) {
        Some((Some(CATALOGUE_SERVICE), of)) if reading.names.of(What::Service).is_empty() => {
            reading.fault(&of.place(), "there is no catalogue: name the services in the block `services`");
            return None;
        }
        Some((Some(CATALOGUE_SERVICE), _)) => Entry::CatalogueService,
        Some((None, _)) => return None,
        Some((Some(_), _)) | None => Entry::Text,
    };
    let min_items = read_least(table.get("min_items"), ITEMS_MAX, reading)?;
    Some(FieldKind::List { min_items, entry })
}

/// At least 1, for an answer that may be empty is no mandatory one; at most what an answer may have.
fn read_least(field: Option<Field<'_>>, most: usize, reading: &mut Reading<'_>) -> Option<u32> {
    let Some(field) = field else { return Some(1) };
    let least = field.whole(1, reading)?;
    if least as usize > most {
        reading.fault(&field.place(), format!("no answer has more than {most}"));
    }
    Some(least)
}
