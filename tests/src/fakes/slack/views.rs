//! Views: their limits, and what Slack's own client asks of an input before it sends it.

use super::blocks;
use serde_json::Value;

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
    if input(view).is_some() && view["submit"].is_null() {
        faults.push("/submit: a view with an input needs it".to_owned());
    }
    faults
}

/// The first input of a form, with its block.
pub fn input(view: &Value) -> Option<&Value> {
    view["blocks"].as_array()?.iter().find(|block| block["type"] == "input")
}

/// Slack's client does not send a text that is shorter or longer than the input says.
pub fn would_be_sent(view: &Value, text: &str) -> bool {
    let Some(block) = input(view) else { return false };
    let limit = |name: &str| block["element"][name].as_u64();
    let count = text.encode_utf16().count() as u64;
    limit("min_length").is_none_or(|least| count >= least) && limit("max_length").is_none_or(|most| count <= most)
}
