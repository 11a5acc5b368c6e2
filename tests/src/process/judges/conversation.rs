//! People in a chat that others wrote, played by a script beside it: a request a line, an answer a line.

use super::{Emulate, python};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use url::Url;

pub struct Judge {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
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
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("to start the judge");
        let requests = process.stdin.take().expect("its standard input");
        let mut answers = BufReader::new(process.stdout.take().expect("its standard output"));
        let api = line(&mut answers).as_str().and_then(|api| api.parse().ok()).expect("the judge's address");
        Self { process, requests, answers, api }
    }

    /// What it answers to one of its methods; a fault of the judge ends the test.
    pub fn ask(&mut self, method: &str, with: &Value) -> Value {
        writeln!(self.requests, "{}", json!({ "do": method, "with": with })).expect("to ask the judge");
        let mut said = line(&mut self.answers);
        assert!(said.get("fault").is_none(), "{method} {with}: {}", said["fault"]);
        said["answer"].take()
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    answers.read_line(&mut line).expect("an answer of the judge");
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("the judge said “{line}”: {error}"))
}
