//! What people filled into a modal, by block: from the raw JSON, whatever the kinds of its elements.

use serde_json::Value;
use std::collections::BTreeMap;

/// Where an element of one value keeps it.
const ONE: [&str; 7] =
    ["value", "selected_user", "selected_conversation", "selected_channel", "selected_date", "selected_time", "selected_date_time"];
/// Where an element of several values keeps them.
const MANY: [&str; 4] = ["selected_users", "selected_conversations", "selected_channels", "selected_options"];
/// Levels of a formatted text; Slack has four.
const DEPTH_MAX: usize = 8;

/// Values by the block's id: none where nothing was filled in, one of a text or a menu, any number of others.
pub type Values = BTreeMap<String, Vec<String>>;

/// Reads `view.state.values`: blocks, in them elements by their action.
pub fn values(blocks: &Value) -> Values {
    let blocks = blocks.as_object().into_iter().flatten();
    blocks
        .map(|(block, elements)| (block.clone(), elements.as_object().into_iter().flatten().flat_map(|(_, it)| given(it)).collect()))
        .collect()
}

fn given(element: &Value) -> Vec<String> {
    let one = ONE.iter().filter_map(|key| text(&element[key]));
    let option = text(&element["selected_option"]["value"]);
    let many = MANY.iter().filter_map(|key| element[key].as_array()).flatten();
    let many = many.filter_map(|each| text(each).or_else(|| text(&each["value"])));
    let files = element["files"].as_array().into_iter().flatten().filter_map(|file| text(&file["id"]));
    let formatted = formatted(&element["rich_text_value"], DEPTH_MAX);
    one.chain(option).chain(many).chain(files).chain((!formatted.is_empty()).then_some(formatted)).collect()
}

/// The words of a formatted text, without its format.
fn formatted(value: &Value, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return String::new() };
    let own = value["text"].as_str().unwrap_or_default().to_owned();
    value["elements"].as_array().into_iter().flatten().fold(own, |text, part| text + &formatted(part, depth))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_kind_of_element_loses_its_value() {
        let option = |value: &str| json!({ "text": { "type": "plain_text", "text": "As shown" }, "value": value });
        let words =
            json!({ "type": "rich_text_section", "elements": [{ "type": "text", "text": "in " }, { "type": "text", "text": "bold" }] });
        let table = [
            (json!({ "type": "plain_text_input", "value": "a\nb" }), vec!["a\nb"]),
            (json!({ "type": "plain_text_input", "value": null }), vec![]),
            (json!({ "type": "number_input", "value": "7" }), vec!["7"]),
            (json!({ "type": "email_text_input", "value": "a@example.com" }), vec!["a@example.com"]),
            (json!({ "type": "url_text_input", "value": "https://example.com" }), vec!["https://example.com"]),
            (json!({ "type": "static_select", "selected_option": option("one") }), vec!["one"]),
            (json!({ "type": "static_select", "selected_option": null }), vec![]),
            (json!({ "type": "external_select", "selected_option": option("one") }), vec!["one"]),
            (json!({ "type": "radio_buttons", "selected_option": option("one") }), vec!["one"]),
            (json!({ "type": "multi_static_select", "selected_options": [option("one"), option("two")] }), vec!["one", "two"]),
            (json!({ "type": "multi_external_select", "selected_options": [option("one")] }), vec!["one"]),
            (json!({ "type": "checkboxes", "selected_options": [] }), vec![]),
            (json!({ "type": "checkboxes", "selected_options": [option("one"), option("two")] }), vec!["one", "two"]),
            (json!({ "type": "users_select", "selected_user": "U1" }), vec!["U1"]),
            (json!({ "type": "multi_users_select", "selected_users": ["U1", "U2"] }), vec!["U1", "U2"]),
            (json!({ "type": "conversations_select", "selected_conversation": "C1" }), vec!["C1"]),
            (json!({ "type": "multi_conversations_select", "selected_conversations": ["C1"] }), vec!["C1"]),
            (json!({ "type": "channels_select", "selected_channel": "C1" }), vec!["C1"]),
            (json!({ "type": "multi_channels_select", "selected_channels": ["C1"] }), vec!["C1"]),
            (json!({ "type": "datepicker", "selected_date": "2026-11-16" }), vec!["2026-11-16"]),
            (json!({ "type": "timepicker", "selected_time": "15:03" }), vec!["15:03"]),
            (json!({ "type": "datetimepicker", "selected_date_time": 1_795_449_600 }), vec!["1795449600"]),
            (json!({ "type": "file_input", "files": [{ "id": "F1" }, { "id": "F2" }] }), vec!["F1", "F2"]),
            (json!({ "type": "rich_text_input", "rich_text_value": { "type": "rich_text", "elements": [words] } }), vec!["in bold"]),
        ];
        for (element, expected) in table {
            assert_eq!(values(&json!({ "a block": { "an action": element } }))["a block"], expected, "{element}");
        }
        assert!(values(&json!(null)).is_empty() && values(&json!([])).is_empty());
    }
}
