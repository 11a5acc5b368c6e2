//! People in the workspace of `emulate`, played by `tests/judges/slack.py`.

use super::lines::Lines;
use super::{Emulate, python};
use serde_json::Value;
use url::Url;

pub struct Judge {
    lines: Lines,
    /// The address that the program has to call instead of Slack's.
    pub api: Url,
}

impl Judge {
    pub fn start(emulate: &Emulate) -> Self {
        let (lines, api) = Lines::start(python("slack.py").args(["--emulate", &emulate.api]));
        Self { lines, api: api.as_str().and_then(|api| api.parse().ok()).expect("the judge's address") }
    }

    /// What it answers to one of its methods; a fault of the judge ends the test.
    pub fn ask(&mut self, method: &str, with: &Value) -> Value {
        self.lines.ask(method, with)
    }
}
