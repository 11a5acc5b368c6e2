//! `lists`: named constants for conditions. Conditions read them through the schema; here is only what is wrong with one.

use crate::policy::field::Field;
use crate::policy::identifier::{self, is_identifier};
use crate::policy::reading::Reading;
use crate::policy::schema::{NAMES, Schema};
use crate::policy::shape::Shape;

pub const MAX_LISTS: usize = 50;
/// A change keeps the lists that its gates name, so they are not long.
pub const MAX_ENTRIES: usize = 100;
/// In characters.
pub const MAX_ENTRY: usize = 200;

pub const SHAPE: Shape = Shape::Named(&Shape::List(&Shape::Text, MAX_ENTRIES), MAX_LISTS);

pub fn check(field: &Field<'_>, reading: &mut Reading<'_>) {
    for (key, entry) in field.entries(MAX_LISTS, reading) {
        if !is_identifier(&key.name) {
            reading.fault(&entry.place(), identifier::rule(&key.name, "a list"));
        }
        if is_taken(&key.name, &reading.names.schema) {
            reading.fault(&entry.place(), format!("conditions know {} as something else", key.name));
        }
        for (text, item) in entry.texts(MAX_ENTRIES, reading) {
            if text.chars().count() > MAX_ENTRY {
                reading.fault(&item.place(), format!("an entry has at most {MAX_ENTRY} characters"));
            }
        }
    }
}

fn is_taken(name: &str, schema: &Schema) -> bool {
    NAMES.iter().any(|row| row.name == name) || schema.is_prefix(name)
}
