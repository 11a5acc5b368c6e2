//! People in a chat that others wrote, played by a script beside it: a request a line, an answer a line.

use super::lines::Lines;
use super::{Emulate, python};
use serde_json::Value;
use std::process::Command;
use url::Url;

pub struct Judge {
    lines: Lines,
    /// The address that the program has to call instead of the platform's.
    pub api: Url,
}

impl Judge {
    /// The workspace of `emulate`, by `tests/judges/slack.py`.
    pub fn slack(emulate: &Emulate) -> Self {
        Self::start(python("slack.py").args(["--emulate", &emulate.api]))
    }

    /// A server of `simcord`, by `tests/judges/discord_judge.py`.
    pub fn discord() -> Self {
        Self::start(&mut python("discord_judge.py"))
    }

    /// Bolt and its requests, by `tests/judges/bolt.py`. The program calls nothing of it.
    pub fn bolt() -> Self {
        Self::start(&mut python("bolt.py"))
    }

    fn start(command: &mut Command) -> Self {
        let (lines, api) = Lines::start(command);
        Self { lines, api: api.as_str().and_then(|api| api.parse().ok()).expect("the judge's address") }
    }

    /// What it answers to one of its methods; a fault of the judge ends the test.
    pub fn ask(&mut self, method: &str, with: &Value) -> Value {
        self.lines.ask(method, with)
    }
}
