//! `fields`: what the requester has to write before anybody is asked.

use crate::fields::{ANSWER_MAX, FieldKind, FieldRule, ITEMS_MAX};
use crate::policy::field::{Field, Keys, Table};
use crate::policy::identifier::{self, is_identifier};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};

/// Fields of a policy; more were never filled in by a person.
pub const MAX_FIELDS: usize = 50;
/// Words of one choice.
pub const MAX_CHOICES: usize = 100;
/// Characters of a word of a choice, as menus show them.
pub const MAX_CHOICE: usize = 75;

const KEYS: Keys = Keys { enforced: &["all"], not_enforced: &["emergency"] };
const TYPES: [&str; 5] = ["text", "choice", "list", "ticket", "incident"];
/// Of a field whose type is not known, so that nothing else is said of it.
const ANY_KEYS: Keys = Keys {
    enforced: &["type", "min_length", "reject_boilerplate", "of", "min_items", "required_when", "system", "create_if_missing"],
    not_enforced: &[],
};
const TEXT_KEYS: Keys = Keys { enforced: &["type", "min_length"], not_enforced: &["reject_boilerplate", "required_when"] };
const CHOICE_KEYS: Keys = Keys { enforced: &["type", "of"], not_enforced: &["required_when"] };
const LIST_KEYS: Keys = Keys { enforced: &["type", "of", "min_items"], not_enforced: &["required_when"] };
const LIST_OF: [&str; 2] = ["text", "catalogue_service"];

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &[],
    shapes: &[("all", Shape::Named(&Shape::Either(&[TEXT, CHOICE, LIST, OTHER]), MAX_FIELDS), "Of every change.")],
});
const TEXT: Shape = Shape::Table(&TableShape {
    keys: TEXT_KEYS,
    required: &["type"],
    shapes: &[("type", Shape::Words(|| vec!["text"]), "What is written."), ("min_length", Shape::Whole(1), "In characters.")],
});
const CHOICE: Shape = Shape::Table(&TableShape {
    keys: CHOICE_KEYS,
    required: &["type", "of"],
    shapes: &[
        ("type", Shape::Words(|| vec!["choice"]), "One of a few words."),
        ("of", Shape::List(&Shape::Text, MAX_CHOICES), "The words."),
    ],
});
const LIST: Shape = Shape::Table(&TableShape {
    keys: LIST_KEYS,
    required: &["type"],
    shapes: &[
        ("type", Shape::Words(|| vec!["list"]), "Several entries."),
        ("of", Shape::Words(|| LIST_OF.to_vec()), "What each entry is."),
        ("min_items", Shape::Whole(1), "How many there have to be."),
    ],
});
/// Of the types that this build does not ask for, nothing but the type is looked at.
const OTHER: Shape = Shape::Table(&TableShape {
    keys: Keys {
        enforced: &["type"],
        not_enforced: &["min_length", "reject_boilerplate", "of", "min_items", "required_when", "system", "create_if_missing"],
    },
    required: &["type"],
    shapes: &[("type", Shape::Words(|| vec!["ticket", "incident"]), "Valid, not enforced by this build.")],
});

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<FieldRule> {
    let all = field.table(KEYS, reading).and_then(|table| table.get("all"));
    let entries = all.map(|all| all.entries(MAX_FIELDS, reading)).unwrap_or_default();
    let mut rules = Vec::new();
    for (key, entry) in entries {
        if !is_identifier(&key.name) {
            reading.fault(&entry.place(), identifier::rule(&key.name, "a field"));
        }
        rules.extend(read_kind(&entry, reading).map(|kind| FieldRule { name: key.name.clone(), kind }));
    }
    rules
}

/// `None` as well for a type that this build does not ask for.
fn read_kind(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<FieldKind> {
    let Some(kind) = type_of(field) else {
        let table = field.table(ANY_KEYS, reading)?;
        table.require("type", reading)?.word(&TYPES, reading);
        return None;
    };
    match kind {
        "text" => read_text(&field.table(TEXT_KEYS, reading)?, reading),
        "choice" => read_choice(&field.table(CHOICE_KEYS, reading)?, reading),
        "list" => read_list(&field.table(LIST_KEYS, reading)?, reading),
        other => {
            reading.not_enforced_because(&field.place(), format!("a field of type {other}: valid, not enforced by this build"));
            None
        }
    }
}

/// The type, looked up before the keys are checked: they depend on it.
fn type_of(field: &Field<'_>) -> Option<&'static str> {
    let stated = field.peek("type")?;
    TYPES.into_iter().find(|known| *known == stated)
}

fn read_text(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<FieldKind> {
    let min_length = read_least(table.get("min_length"), ANSWER_MAX, reading)?;
    Some(FieldKind::Text { min_length })
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
    if let Some(of) = table.get("of")
        && of.word(&LIST_OF, reading) == Some("catalogue_service")
    {
        reading.not_enforced_because(&of.place(), "this build does not look the entries up in the catalogue");
    }
    let min_items = read_least(table.get("min_items"), ITEMS_MAX, reading)?;
    Some(FieldKind::List { min_items })
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
