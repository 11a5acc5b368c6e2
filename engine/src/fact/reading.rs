//! A fact out of JSON: what its kind asks for, nothing else, and every place where it is something else.

use super::FactFields;
use super::kinds::{FACTS, FactField, FactKind, Presence, ValueKind};
use crate::ids::FactName;
use serde_json::{Value, json};

/// Characters of a text field.
pub const MAX_TEXT: usize = 500;
/// Nothing that is measured is larger, and below it six decimals are exact.
const MAX_NUMBER: f64 = 9e9;
const DECIMALS: f64 = 1e6;

/// What is wrong with a fact, by a JSON pointer into `{name, value}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactFault {
    pub pointer: String,
    pub message: String,
}

/// # Errors
/// Everything that is wrong with it.
pub fn read(name: &str, value: &Value) -> Result<(FactName, FactFields), Vec<FactFault>> {
    let kind = FactKind::named(name).ok_or_else(|| vec![unknown_kind(name)])?;
    let Value::Object(given) = value else {
        return Err(vec![FactFault { pointer: "/value".to_owned(), message: format!("{name} is an object with {}", names(kind)) }]);
    };
    let mut faults: Vec<FactFault> = given.keys().filter(|key| field_of(kind, key).is_none()).map(|key| unknown(kind, key)).collect();
    let mut fields = FactFields::new();
    for field in kind.fields {
        match (given.get(field.name), field.presence) {
            (None | Some(Value::Null), Presence::MayBeLeftOut) => {}
            (None | Some(Value::Null), Presence::Needed) => faults.push(fault(field.name, format!("it is missing: {}", field.meaning))),
            (Some(value), _) => match read_value(field, value) {
                Ok(value) => drop(fields.insert(field.name.to_owned(), value)),
                Err(message) => faults.push(fault(field.name, message)),
            },
        }
    }
    if faults.is_empty() { Ok((FactName::new(name), fields)) } else { Err(faults) }
}

fn field_of(kind: &FactKind, name: &str) -> Option<&'static FactField> {
    kind.fields.iter().find(|field| field.name == name)
}

fn read_value(field: &FactField, value: &Value) -> Result<Value, String> {
    match field.kind {
        ValueKind::Flag => value.as_bool().map(|flag| json!(flag)).ok_or_else(|| "it is true or false".to_owned()),
        ValueKind::Whole => whole(value).map(|number| json!(number)).ok_or_else(|| "it is a whole number of at least 0".to_owned()),
        ValueKind::Fraction => fraction(value).map(|number| json!(number)).ok_or_else(|| "it is a number of at least 0".to_owned()),
        ValueKind::Text => text(value).map(|text| json!(text)).ok_or_else(|| format!("it is a text of 1 to {MAX_TEXT} characters")),
    }
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().filter(|number| *number >= 0)
}

/// Rounded to what is written and read again unchanged.
fn fraction(value: &Value) -> Option<f64> {
    let number = value.as_f64().filter(|number| (0.0..=MAX_NUMBER).contains(number))?;
    Some((number * DECIMALS).round() / DECIMALS)
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty() && text.chars().count() <= MAX_TEXT)
}

fn unknown_kind(name: &str) -> FactFault {
    let known: Vec<&str> = FACTS.iter().map(|kind| kind.name).collect();
    FactFault { pointer: "/name".to_owned(), message: format!("“{name}” is no fact. Use one of {}.", known.join(", ")) }
}

fn unknown(kind: &FactKind, key: &str) -> FactFault {
    fault(key, format!("{} has no such field; it has {}", kind.name, names(kind)))
}

fn fault(field: &str, message: String) -> FactFault {
    FactFault { pointer: format!("/value/{}", field.replace('~', "~0").replace('/', "~1")), message }
}

fn names(kind: &FactKind) -> String {
    kind.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_its_kind_is_read_and_no_more() {
        let table = [
            ("tests.unit", json!({ "total": 3, "failed": 0 }), json!({ "total": 3, "failed": 0 })),
            ("tests.unit", json!({ "total": 3, "failed": 0, "skipped": null }), json!({ "total": 3, "failed": 0 })),
            ("tests.coverage", json!({ "line_percent": 80 }), json!({ "line_percent": 80.0 })),
            ("tests.coverage", json!({ "line_percent": 81.123_456_78 }), json!({ "line_percent": 81.123_457 })),
            ("supply.attestation", json!({ "verified": true, "builder": "ci" }), json!({ "verified": true, "builder": "ci" })),
        ];
        for (name, value, expected) in table {
            let (read_name, fields) = read(name, &value).unwrap();
            assert_eq!((read_name.as_str(), json!(fields)), (name, expected));
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_place() {
        let table = [
            ("tests.unti", json!({}), vec!["/name"]),
            ("tests.unit", json!([1]), vec!["/value"]),
            ("tests.unit", json!({}), vec!["/value/total", "/value/failed"]),
            ("tests.unit", json!({ "total": 1, "failed": 0, "a/b": 1 }), vec!["/value/a~1b"]),
            ("tests.unit", json!({ "total": "1", "failed": -1 }), vec!["/value/total", "/value/failed"]),
            ("tests.unit", json!({ "total": 1.5, "failed": 99_999_999_999_999_999_999u128 as f64 }), vec!["/value/total", "/value/failed"]),
            ("tests.coverage", json!({ "line_percent": 1e12 }), vec!["/value/line_percent"]),
            ("tests.coverage", json!({ "line_percent": -0.5 }), vec!["/value/line_percent"]),
            ("iac.drift", json!({ "changed": true }), vec!["/value/changed"]),
            ("supply.attestation", json!({ "verified": 1, "builder": " " }), vec!["/value/verified", "/value/builder"]),
            ("supply.attestation", json!({ "verified": true, "builder": "x".repeat(501) }), vec!["/value/builder"]),
        ];
        for (name, value, expected) in table {
            let faults = read(name, &value).unwrap_err();
            assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), expected, "{name} {value}");
        }
    }

    #[test]
    fn names_are_there_once_and_have_a_meaning() {
        for (index, kind) in FACTS.iter().enumerate() {
            assert!(FACTS[index + 1..].iter().all(|other| other.name != kind.name), "{}", kind.name);
            assert!(kind.meaning.ends_with('.') && kind.fields.iter().all(|field| field.meaning.ends_with('.')), "{}", kind.name);
            assert!(kind.fields.iter().any(|field| field.presence == Presence::Needed), "{}", kind.name);
        }
    }
}
