//! Prints every sample as a platform gets it, `{name: message}` or `{name: view}`, for validators and for pictures:
//! `cargo run -p bot --example cards -- message|modal|discord`.

use bot::{Doubt, Post, discord, slack};
use engine::event::Choice;
use serde_json::{Map, Value, json};
use std::error::Error;
use templates::samples::{Sample, directory, samples};
use templates::view::Controls;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::args().nth(1).ok_or("name a kind: message, modal or discord")?;
    let mut found = Map::new();
    for sample in samples()? {
        match wanted.as_str() {
            "message" => messages(&sample, &mut found)?,
            "modal" => modals(&sample, &mut found)?,
            "discord" => discord_messages(&sample, &mut found)?,
            other => return Err(format!("{other} is none of message, modal and discord").into()),
        }
    }
    println!("{}", Value::Object(found));
    Ok(())
}

fn messages(sample: &Sample, found: &mut Map<String, Value>) -> Result<(), serde_json::Error> {
    let directory = directory();
    let view = sample.view(&directory, Controls::Vote);
    let lowered = slack::card::card(&templates::card(&view));
    let blocks = serde_json::to_value(&lowered.blocks)?;
    found.insert(sample.name.to_owned(), json!({ "channel": "C000000001", "text": lowered.text, "blocks": blocks }));
    Ok(())
}

fn discord_messages(sample: &Sample, found: &mut Map<String, Value>) -> Result<(), serde_json::Error> {
    let directory = directory();
    let card = templates::card(&sample.view(&directory, Controls::Vote));
    let message = discord::post(Post { channel: "7000", replaces: None, doubt: Doubt::None }, &card);
    found.insert(sample.name.to_owned(), serde_json::to_value(message)?);
    Ok(())
}

fn modals(sample: &Sample, found: &mut Map<String, Value>) -> Result<(), serde_json::Error> {
    let directory = directory();
    let view = sample.view(&directory, Controls::Vote);
    let forms = [("approve", Choice::Approve), ("reject", Choice::Reject)];
    for (name, choice) in forms {
        let form = slack::form_view(&templates::form(&view, choice));
        found.insert(format!("{}-{name}", sample.name), serde_json::to_value(form)?);
    }
    let details = slack::details_view(&templates::details(&view));
    found.insert(format!("{}-details", sample.name), serde_json::to_value(details)?);
    Ok(())
}
