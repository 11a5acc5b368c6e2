//! The schema for editors: it has every key that the loader knows, allows what loads, and marks slips.

use crate::policy::editor::{FILE, editor_schema};
use crate::policy::samples::{SPINE, load_text};
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What `init` writes.
const TO_BEGIN_WITH: &str = include_str!("../../../../router/init/policy.yaml");

fn parts_of(shape: Shape, found: &mut Vec<&'static TableShape>) {
    match shape {
        Shape::Table(part) => {
            found.push(part);
            part.shapes.iter().for_each(|(_, shape, _)| parts_of(*shape, found));
        }
        Shape::List(inner, _) | Shape::Named(inner, _) => parts_of(*inner, found),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| parts_of(*shape, found)),
        Shape::Flag
        | Shape::Text
        | Shape::AnyText
        | Shape::Number
        | Shape::NumberWithin(..)
        | Shape::Whole(_)
        | Shape::Length
        | Shape::WallTime
        | Shape::Date => {}
        Shape::Condition | Shape::Nothing | Shape::Words(_) => {}
    }
}

#[test]
fn every_key_of_the_loader_is_in_it() {
    let mut parts = Vec::new();
    parts_of(Shape::Table(&FILE), &mut parts);
    assert!(parts.len() > 20, "only {} tables were found", parts.len());
    for part in parts {
        let enforced: BTreeSet<&str> = part.keys.enforced.iter().copied().collect();
        let shaped: BTreeSet<&str> = part.shapes.iter().map(|(name, _, _)| *name).collect();
        assert_eq!(enforced, shaped);
        let schema = part.schema();
        for key in part.keys.enforced.iter().chain(part.keys.not_enforced) {
            assert!(schema["properties"][key]["description"].is_string(), "{key}");
        }
        assert!(part.required.iter().all(|key| enforced.contains(key)), "{:?}", part.required);
    }
}

/// The words of JSON Schema that ours uses, but for patterns.
fn allows(schema: &Value, value: &Value) -> bool {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let has = |key: &str, holds: &dyn Fn(&Value) -> bool| schema.get(key).is_none_or(holds);
    has("type", &|wanted| wanted == kind)
        && has("const", &|wanted| wanted == value)
        && has("enum", &|words| words.as_array().unwrap().contains(value))
        && has("minimum", &|least| value.as_i64() >= least.as_i64())
        && has("anyOf", &|schemas| schemas.as_array().unwrap().iter().any(|schema| allows(schema, value)))
        && value.as_array().is_none_or(|items| items.iter().all(|item| has("items", &|schema| allows(schema, item))))
        && value.as_object().is_none_or(|table| allows_table(schema, table))
}

fn allows_table(schema: &Value, table: &Map<String, Value>) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    let complete = required.filter_map(Value::as_str).all(|key| table.contains_key(key));
    let entry = |(key, value): (&String, &Value)| match (schema["properties"].get(key), schema.get("additionalProperties")) {
        (Some(schema), _) => allows(schema, value),
        (None, Some(Value::Bool(further))) => *further,
        (None, Some(schema)) => allows(schema, value),
        (None, None) => true,
    };
    complete && table.iter().all(entry)
}

fn is_allowed(text: &str) -> bool {
    allows(&editor_schema(), &yaml::parse(text).unwrap().plain())
}

#[test]
fn what_loads_is_allowed() {
    assert!(is_allowed(SPINE));
    assert!(is_allowed(TO_BEGIN_WITH));
    assert!(is_allowed(&format!("{SPINE}\nsynthetics: {{ anything: 1 }}\n")), "valid, not enforced");
}

#[test]
fn slips_are_marked_as_the_loader_marks_them() {
    let table = [
        ("version: 1", "version: 2"),
        ("owners: [platform-owners]", "owner: [platform-owners]"),
        ("name: payments\n", ""),
        ("expire_after: 7d", "expire_after: 7"),
        ("min_length: 15 }\n    reject", "min_lenght: 15 }\n    reject"),
        ("tier: staging", "tier: stagging"),
        ("notify: false", "notify: quiet"),
        ("count: 2", "count: 0"),
        ("count: 2", "count: two"),
        ("    stage: release\n", ""),
        ("do: tell", "do: approve"),
        ("\"review/*\"", "true"),
        ("normal: [review]", "normal: review"),
        ("min_items: 1", "min_length: 1"),
        ("slack: {", "teams: {"),
    ];
    for (old, new) in table {
        let text = SPINE.replacen(old, new, 1);
        assert_ne!(text, SPINE, "{old}");
        assert!(!is_allowed(&text), "{old} → {new}");
        assert!(load_text(&text).report.faults().next().is_some(), "{old} → {new}");
    }
}
