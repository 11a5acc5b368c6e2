//! A judge that is asked by a line and answers by a line, both JSON: `{do, with}`, then `{answer}` or `{fault}`.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub struct Lines {
    process: Child,
    /// `None` once it is to end.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Lines {
    /// Starts it; the first line that it says by itself.
    pub fn start(command: &mut Command) -> (Self, Value) {
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = spawned.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let requests = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().expect("its standard output"));
        let mut lines = Self { process, requests, answers };
        let first = lines.next();
        (lines, first)
    }

    /// What it answers to one of its methods; a fault of the judge ends the test.
    pub fn ask(&mut self, method: &str, with: &Value) -> Value {
        let requests = self.requests.as_mut().expect("a judge that runs");
        writeln!(requests, "{}", json!({ "do": method, "with": with })).expect("to ask the judge");
        let mut said = self.next();
        assert!(said.get("fault").is_none(), "{method} {with}: {}", said["fault"].as_str().unwrap_or_default());
        said["answer"].take()
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer of the judge");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("the judge said “{line}”: {error}"))
    }
}

impl Drop for Lines {
    /// A judge ends when nobody can ask it any more, and takes with it what it has started.
    fn drop(&mut self) {
        drop(self.requests.take());
        drop(self.process.wait());
    }
}
