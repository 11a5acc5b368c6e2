//! What stands in a file, in words, where nothing better is known to say of it.

use serde_json::{Map, Value};

/// Characters of one side of a difference.
const MAX_SAID: usize = 600;

/// `provider file; schedule operations.`
pub fn part(value: &Value) -> String {
    shortened(&format!("{}.", words(value)))
}

/// So much of both as differs, key by key.
pub fn apart(before: &Value, after: &Value) -> (String, String) {
    match (before, after) {
        (Value::Object(was), Value::Object(is)) => (part(&without(was, is)), part(&without(is, was))),
        (_, _) => (part(before), part(after)),
    }
}

/// Cut where nobody would read on.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_SAID) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn without(one: &Map<String, Value>, other: &Map<String, Value>) -> Value {
    let own = one.iter().filter(|(key, value)| other.get(*key) != Some(value));
    Value::Object(own.map(|(key, value)| (key.clone(), value.clone())).collect())
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Array(items) => items.iter().map(entry).collect::<Vec<_>>().join(", "),
        Value::Object(table) if table.is_empty() => "nothing".to_owned(),
        Value::Object(table) => table.iter().map(|(key, value)| format!("{key} {}", entry(value))).collect::<Vec<_>>().join("; "),
    }
}

fn entry(value: &Value) -> String {
    match value {
        Value::Array(_) => format!("[{}]", words(value)),
        Value::Object(_) => format!("({})", words(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => words(value),
    }
}
