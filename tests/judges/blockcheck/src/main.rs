//! Judges what we send to chat by somebody else's models of Block Kit and of Discord's messages:
//! `blockcheck message|modal|discord-message|discord-answer < {name: json}`.
//!
//! Prints a line for each that is rejected, and ends with 1 if there is one, with 2 if it was not asked properly.

mod discord;

use serde_json::{Map, Value};
use slackblocks::{MessagePayload, ModalView};
use std::io::read_to_string;
use std::process::ExitCode;

fn main() -> ExitCode {
    let kind = std::env::args().nth(1).unwrap_or_default();
    let judge = match kind.as_str() {
        "message" => message,
        "modal" => modal,
        "discord-message" => discord::message,
        "discord-answer" => discord::answer,
        _ => return usage("name a kind: message, modal, discord-message or discord-answer"),
    };
    let Ok(text) = read_to_string(std::io::stdin()) else { return usage("standard input can't be read") };
    let Ok(cases) = serde_json::from_str::<Map<String, Value>>(&text) else { return usage("standard input is not {name: json}") };
    let rejected: Vec<(String, String)> = cases.into_iter().filter_map(|(name, case)| Some((name, judge(case).err()?))).collect();
    rejected.iter().for_each(|(name, why)| println!("{name}: {why}"));
    if rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn usage(why: &str) -> ExitCode {
    eprintln!("blockcheck: {why}");
    ExitCode::from(2)
}

fn message(case: Value) -> Result<(), String> {
    MessagePayload::try_from(case).map(drop).map_err(|error| error.to_string())
}

fn modal(case: Value) -> Result<(), String> {
    serde_json::from_value::<ModalView>(case).map(drop).map_err(|error| error.to_string())
}
