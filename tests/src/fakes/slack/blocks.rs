//! Block Kit as far as we use it: its limits, its buttons, and what a reader sees of it.

use serde_json::Value;
use std::collections::BTreeSet;

/// Blocks of a message; a view may have twice as many.
pub const MESSAGE_BLOCKS: usize = 50;
/// The kinds that every client shows, and the input of a view.
const KINDS: [&str; 6] = ["header", "section", "actions", "context", "divider", "input"];

/// A button as it stands in a message, or an entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// `button` or `overflow`.
    pub kind: &'static str,
    pub label: String,
    pub action_id: String,
    pub block_id: String,
    pub value: String,
}

/// What Slack would say of these blocks; nothing for none.
pub fn faults(blocks: &Value, most: usize) -> Vec<String> {
    let Some(list) = blocks.as_array() else {
        return if blocks.is_null() { Vec::new() } else { vec!["blocks is no list".to_owned()] };
    };
    let mut faults: Vec<String> = list.iter().enumerate().flat_map(|(index, block)| of_block(index, block)).collect();
    if list.is_empty() || list.len() > most {
        faults.push(format!("{} blocks", list.len()));
    }
    for name in ["block_id", "action_id"] {
        let ids = texts_named(blocks, name);
        if ids.len() != ids.iter().collect::<BTreeSet<_>>().len() {
            faults.push(format!("a {name} stands twice"));
        }
        faults.extend(ids.iter().filter(|id| id.chars().count() > 255).map(|id| format!("{name} {id} is too long")));
    }
    faults
}

fn of_block(index: usize, block: &Value) -> Vec<String> {
    let kind = block["type"].as_str().unwrap_or_default();
    let within = |pointer: &str, most: usize| {
        let text = block.pointer(pointer)?.as_str()?;
        let count = text.encode_utf16().count();
        (count == 0 || count > most).then(|| format!("/{index}{pointer}: {count} characters, 1 to {most} are allowed"))
    };
    let mut faults: Vec<String> = Vec::new();
    if !KINDS.contains(&kind) {
        faults.push(format!("/{index}: unsupported type {kind}"));
    }
    faults.extend(within("/text/text", if kind == "header" { 150 } else { 3_000 }));
    for (place, most, items) in [("fields", 2_000, 10), ("elements", 3_000, 25)] {
        let list = block[place].as_array().map_or(0, Vec::len);
        faults.extend((list > items).then(|| format!("/{index}/{place}: {list} items")));
        faults.extend((0..list).filter_map(|item| within(&format!("/{place}/{item}/text"), most)));
        faults.extend((0..list).filter_map(|item| within(&format!("/{place}/{item}/text/text"), 75)));
    }
    for element in block["elements"].as_array().into_iter().flatten().filter(|element| element["type"] == "overflow") {
        let options = element["options"].as_array().map_or(0, Vec::len);
        faults.extend((!(1..=5).contains(&options)).then(|| format!("/{index}: a menu of {options}")));
        faults.extend((0..options).filter_map(|item| of_option(&element["options"][item])));
    }
    let empty_section = kind == "section" && block["text"].is_null() && block["fields"].is_null();
    faults.extend(empty_section.then(|| format!("/{index}: a section needs text or fields")));
    faults
}

fn of_option(option: &Value) -> Option<String> {
    let count = |pointer: &str| option.pointer(pointer).and_then(Value::as_str).map_or(0, |text| text.encode_utf16().count());
    let is_right = (1..=75).contains(&count("/text/text")) && (1..=150).contains(&count("/value")) && count("/description/text") <= 75;
    (!is_right).then(|| format!("an option is wrong: {option}"))
}

/// The buttons of a message and the entries of its menus, in reading order.
pub fn buttons(blocks: &Value) -> Vec<Button> {
    let rows = blocks.as_array().into_iter().flatten().filter(|block| block["type"] == "actions");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_row = |row: &Value| {
        let elements = row["elements"].as_array().cloned().unwrap_or_default();
        let button = |kind, element: &Value, entry: &Value| Button {
            kind,
            label: text(&entry["text"]["text"]),
            action_id: text(&element["action_id"]),
            block_id: text(&row["block_id"]),
            value: text(&entry["value"]),
        };
        let of_element = |element: Value| match element["options"].as_array() {
            Some(entries) => entries.iter().map(|entry| button("overflow", &element, entry)).collect::<Vec<_>>(),
            None => vec![button("button", &element, &element)],
        };
        elements.into_iter().flat_map(of_element).collect::<Vec<_>>()
    };
    rows.flat_map(of_row).collect()
}

/// Every text of a message or view, a line each; what a person could read.
pub fn shown(content: &Value) -> String {
    texts_named(content, "text").join("\n")
}

fn texts_named(value: &Value, name: &str) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get(name).and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(|field| texts_named(field, name))).collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| texts_named(item, name)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}
