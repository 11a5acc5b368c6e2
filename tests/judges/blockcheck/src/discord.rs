//! What we send to Discord, by somebody else's model of it: messages with embeds and rows, and answers to interactions.

use serde_json::Value;
use twilight_model::channel::message::{Component, Embed};
use twilight_validate::{component, message};

/// Discord's number for an answer that opens a form; the others hold a message.
const MODAL: u64 = 9;

pub fn message(case: Value) -> Result<(), String> {
    message::content(case["content"].as_str().unwrap_or_default()).map_err(|error| error.to_string())?;
    let embeds: Vec<Embed> = parsed(&case["embeds"])?;
    message::embeds(&embeds).map_err(|error| error.to_string())?;
    let rows: Vec<Component> = parsed(&case["components"])?;
    message::components(&rows, false).map_err(|error| error.to_string())
}

pub fn answer(case: Value) -> Result<(), String> {
    if case["type"] == MODAL { modal(&case["data"]) } else { message(case["data"].clone()) }
}

/// The model holds no limits of a form but those of its inputs; simcord knows the others.
fn modal(form: &Value) -> Result<(), String> {
    let rows: Vec<Component> = parsed(&form["components"])?;
    rows.iter().try_for_each(|row| component::component_v1(row).map_err(|error| error.to_string()))
}

/// Nothing is an empty list.
fn parsed<T: serde::de::DeserializeOwned>(list: &Value) -> Result<Vec<T>, String> {
    if list.is_null() { Ok(Vec::new()) } else { serde_json::from_value(list.clone()).map_err(|error| error.to_string()) }
}
