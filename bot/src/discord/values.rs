//! What people filled into a modal, by the id of each input: from the raw JSON, whatever the kinds of its components.

use serde_json::Value;
use std::collections::BTreeMap;

/// Levels of components within components; Discord has three.
const DEPTH_MAX: usize = 8;

/// Values by the input's id: one of a text, any number of a select, a file or boxes to tick.
pub type Values = BTreeMap<String, Vec<String>>;

/// Reads rows (with `components`) and labels (with `component`) alike, as deep as they go.
pub fn values(components: &Value) -> Values {
    let mut found = Values::new();
    collect(components, DEPTH_MAX, &mut found);
    found
}

fn collect(value: &Value, depth: usize, found: &mut Values) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(list) = value.as_array() {
        list.iter().for_each(|each| collect(each, depth, found));
        return;
    }
    if let (Some(id), Some(given)) = (value["custom_id"].as_str(), given(value)) {
        found.insert(id.to_owned(), given);
    }
    collect(&value["component"], depth, found);
    collect(&value["components"], depth, found);
}

/// `None` for a component that holds no value.
fn given(component: &Value) -> Option<Vec<String>> {
    if let Some(list) = component["values"].as_array() {
        return Some(list.iter().filter_map(text).collect());
    }
    text(&component["value"]).map(|value| vec![value])
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_ticked) => Some(is_ticked.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_kind_of_component_loses_its_value() {
        let components = json!([
            { "type": 1, "components": [{ "type": 4, "custom_id": "rationale", "value": "in a row" }] },
            { "type": 18, "component": { "type": 4, "custom_id": "labelled", "value": "in a label" } },
            { "type": 18, "component": { "type": 3, "custom_id": "select", "values": ["a", "b"] } },
            { "type": 18, "component": { "type": 21, "custom_id": "radio", "value": "one" } },
            { "type": 18, "component": { "type": 22, "custom_id": "boxes", "values": [] } },
            { "type": 18, "component": { "type": 23, "custom_id": "box", "value": true } },
            { "type": 10, "content": "text without an input" },
            { "type": 99, "custom_id": "of next year", "value": 7 },
        ]);
        let values = values(&components);
        let of = |id: &str| values[id].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("rationale"), ["in a row"]);
        assert_eq!(of("labelled"), ["in a label"]);
        assert_eq!(of("select"), ["a", "b"]);
        assert_eq!((of("radio"), of("boxes"), of("box")), (vec!["one"], vec![], vec!["true"]));
        assert_eq!((of("of next year"), values.len()), (vec!["7"], 7));
    }

    #[test]
    fn endless_nesting_ends() {
        let mut nested = json!({ "custom_id": "deep", "value": "x" });
        for _ in 0..100 {
            nested = json!({ "components": [nested] });
        }
        assert!(values(&nested).is_empty());
    }
}
