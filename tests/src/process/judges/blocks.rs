//! Messages and forms before models that others wrote: of Block Kit `slackblocks` in Rust and `slack_sdk` in Python, of
//! Discord's messages `twilight`.

use super::{installed, python};
use serde_json::{Map, Value};
use std::io::Write;
use std::process::{Command, Stdio};

#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Message,
    Modal,
    DiscordMessage,
    /// To an interaction: a form, or a message.
    DiscordAnswer,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Modal => "modal",
            Self::DiscordMessage => "discord-message",
            Self::DiscordAnswer => "discord-answer",
        }
    }
}

/// What any of them has against any of these, a line each.
pub fn rejected(kind: Kind, cases: &Map<String, Value>) -> Vec<String> {
    assert!(!cases.is_empty(), "nothing was given to the judges of messages");
    let mut blockcheck = Command::new(installed("blockcheck/debug/blockcheck"));
    let mut lines = judged(blockcheck.arg(kind.word()), cases);
    match kind {
        Kind::Message | Kind::Modal => lines.extend(judged(&mut python("blocks.py"), cases)),
        Kind::DiscordMessage | Kind::DiscordAnswer => {}
    }
    lines
}

fn judged(judge: &mut Command, cases: &Map<String, Value>) -> Vec<String> {
    let mut process = judge.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("to start a judge");
    let mut input = process.stdin.take().expect("its standard input");
    let text = Value::Object(cases.clone()).to_string();
    // It reads to the end before it says anything.
    input.write_all(text.as_bytes()).expect("to ask a judge");
    drop(input);
    let output = process.wait_with_output().expect("a judge's answer");
    let said = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<String> = said.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let is_whole = matches!((output.status.code(), lines.is_empty()), (Some(0), true) | (Some(1), false));
    assert!(is_whole, "{judge:?} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    lines
}
