//! `attributes`: what a change may say of itself beyond what every change can, for conditions to ask about.

use crate::policy::attributes::{Attribute, AttributeKind, MAX_ENTRIES};
use crate::policy::field::{Field, Keys};
use crate::policy::identifier::{self, is_identifier};
use crate::policy::reading::Reading;
use crate::policy::schema::{Fact, NAMES};
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml::Content;
use serde_json::{Value, json};

pub const MAX_ATTRIBUTES: usize = 50;

const KEYS: Keys = Keys { enforced: &["type", "default"], not_enforced: &[] };

pub const SHAPE: Shape = Shape::Named(
    &Shape::Table(&TableShape {
        keys: KEYS,
        required: &["type", "default"],
        shapes: &[
            ("type", Shape::Words(words), "What it is."),
            (
                "default",
                Shape::Either(&[Shape::Flag, Shape::Number, Shape::AnyText, Shape::List(&Shape::Text, MAX_ENTRIES)]),
                "What holds when nobody says.",
            ),
        ],
    }),
    MAX_ATTRIBUTES,
);

fn words() -> Vec<&'static str> {
    AttributeKind::ALL.iter().map(|kind| kind.word()).collect()
}

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    for (key, entry) in field.entries(MAX_ATTRIBUTES, reading) {
        if !is_identifier(&key.name) {
            reading.fault(&entry.place(), identifier::rule(&key.name, "an attribute"));
        }
        attributes.extend(read_attribute(&key.name, &entry, reading));
    }
    attributes
}

/// One that every change has already may be declared too, as it is.
fn read_attribute(name: &str, field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Attribute> {
    let table = field.table(KEYS, reading)?;
    let kind = table.require("type", reading).and_then(|kind| kind.word(&words(), reading)).and_then(AttributeKind::named);
    let default = table.require("default", reading);
    let (kind, default) = (kind?, default?);
    let Some(fact) = kind.read(&written(&default)) else {
        reading.fault(&default.place(), format!("this should be of type {}", kind.word()));
        return None;
    };
    let attribute = Attribute { name: name.to_owned(), kind, default: fact };
    match NAMES.iter().find(|row| row.name == attribute.full_name()) {
        None => Some(attribute),
        Some(row) => {
            if !row.kind.is_like(kind.kind()) || !is_nothing(&attribute.default) {
                let message = format!("every change has {}: {}, which says nothing by itself; leave this out", row.name, row.kind.word());
                reading.fault(&field.place(), message);
            }
            None
        }
    }
}

fn written(field: &Field<'_>) -> Value {
    match &field.node.content {
        Content::Flag(flag) => json!(flag),
        Content::Whole(number) => json!(number),
        Content::Fraction(number) => json!(number),
        Content::Text(text) => json!(text),
        Content::List(items) => items.iter().map(|node| written(&Field { path: String::new(), node })).collect(),
        Content::Nothing | Content::Table(_) => Value::Null,
    }
}

fn is_nothing(fact: &Fact) -> bool {
    match fact {
        Fact::Flag(flag) => !flag,
        Fact::Whole(number) => *number == 0,
        Fact::Fraction(number) => *number == 0.0,
        Fact::Text(text) => text.is_empty(),
        Fact::Texts(list) => list.is_empty(),
    }
}
