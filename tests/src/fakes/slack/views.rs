//! Views: their limits, and what Slack's own client asks of an input before it sends it.

use super::blocks;
use serde_json::{Value, json};

/// What Slack would say of this view; nothing for none.
pub fn faults(view: &Value) -> Vec<String> {
    let mut faults = blocks::faults(&view["blocks"], 2 * blocks::MESSAGE_BLOCKS);
    let mut bounded = |pointer: &str, most: usize| {
        let count = view.pointer(pointer).and_then(Value::as_str).map_or(0, |text| text.encode_utf16().count());
        faults.extend((count > most).then(|| format!("{pointer}: {count} characters, at most {most}")));
    };
    for pointer in ["/title/text", "/submit/text", "/close/text"] {
        bounded(pointer, 24);
    }
    bounded("/callback_id", 255);
    bounded("/private_metadata", 3_000);
    if view["title"]["text"].as_str().unwrap_or_default().is_empty() {
        faults.push("/title: it is missing".to_owned());
    }
    if inputs(view).next().is_some() && view["submit"].is_null() {
        faults.push("/submit: a view with an input needs it".to_owned());
    }
    faults
}

/// The inputs of a form, with their blocks.
pub fn inputs(view: &Value) -> impl Iterator<Item = &Value> {
    view["blocks"].as_array().into_iter().flatten().filter(|block| block["type"] == "input")
}

/// `view.state.values` as Slack sends it: what was typed or chosen, and what stood in the other inputs before.
pub fn values(view: &Value, answers: &[(&str, &str)]) -> Value {
    let mut values = json!({});
    for block in inputs(view) {
        let (block_id, action_id) = (text(&block["block_id"]), text(&block["element"]["action_id"]));
        values[block_id][action_id] = filled(block, answer(block, answers));
    }
    values
}

fn answer<'a>(block: &Value, answers: &[(&str, &'a str)]) -> Option<&'a str> {
    let label = text(&block["label"]["text"]);
    answers.iter().find(|(named, _)| *named == label).map(|(_, answer)| *answer)
}

fn filled(block: &Value, answer: Option<&str>) -> Value {
    let element = &block["element"];
    let kind = &element["type"];
    if kind == "static_select" {
        let chosen = answer.map(|answer| {
            let options = element["options"].as_array().into_iter().flatten();
            let mut found = options.filter(|option| option["text"]["text"] == answer);
            found.next().unwrap_or_else(|| panic!("the menu has no “{answer}”: {element}")).clone()
        });
        return json!({ "type": kind, "selected_option": chosen.unwrap_or_else(|| element["initial_option"].clone()) });
    }
    json!({ "type": kind, "value": answer.map_or_else(|| element["initial_value"].clone(), Value::from) })
}

/// Slack's client sends no form with an empty input that has to be filled, or with a text of a length that is not allowed.
pub fn would_be_sent(view: &Value, answers: &[(&str, &str)]) -> bool {
    inputs(view).all(|block| may_leave(block, &filled(block, answer(block, answers))))
}

fn may_leave(block: &Value, filled: &Value) -> bool {
    let limit = |name: &str| block["element"][name].as_u64();
    match filled["value"].as_str() {
        Some(text) if !text.is_empty() => {
            let count = text.encode_utf16().count() as u64;
            limit("min_length").is_none_or(|least| count >= least) && limit("max_length").is_none_or(|most| count <= most)
        }
        _ => !filled["selected_option"].is_null() || block["optional"] == true,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
