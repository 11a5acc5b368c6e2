//! `countersign policy test FILE…`: the tests that stand in a policy's file.

use super::USAGE;
use crate::cli::Format;
use crate::cli::terminal::wrapped;
use clap::Args;
use engine::policy::{Document, Finding};
use engine::trial::{Outcome, load};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Test {
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What came of one file.
struct Tested {
    file: String,
    tests: Vec<Outcome>,
    /// Everything that keeps the file from loading.
    faults: Vec<Finding>,
}

impl Test {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let mut tested = Vec::new();
        for file in &self.files {
            let name = file.display().to_string();
            let text = match std::fs::read_to_string(file) {
                Ok(text) => text,
                Err(error) => {
                    eprintln!("countersign: {name} can’t be read: {error}. Name a policy’s file.");
                    return Ok(ExitCode::from(USAGE));
                }
            };
            // Tests have people of their own.
            let loaded = load(Document { file: &name, text: &text }, None);
            let faults = loaded.report.faults().cloned().collect();
            tested.push(Tested { file: name, tests: loaded.outcomes, faults });
        }
        match self.format {
            Format::Json => println!("{}", json!({ "files": tested.iter().map(Tested::json).collect::<Vec<Value>>() })),
            Format::Text => tested.iter().for_each(Tested::print),
        }
        Ok(if tested.iter().all(|tested| tested.faults.is_empty()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Tested {
    fn print(&self) {
        if self.tests.is_empty() {
            self.faults.iter().for_each(|fault| println!("{fault}"));
            let why = if self.faults.is_empty() { "has no tests" } else { "has faults, so none of its tests was run" };
            println!("{} {why}", self.file);
            return;
        }
        for test in &self.tests {
            println!("{} {}", if test.differences.is_empty() { "ok    " } else { "FAILED" }, test.name);
            test.differences.iter().for_each(|difference| println!("{}", wrapped(difference, 7)));
        }
        let failed = self.tests.iter().filter(|test| !test.differences.is_empty()).count();
        println!("{}: {} tests, {failed} failed", self.file, self.tests.len());
    }

    fn json(&self) -> Value {
        let test = |test: &Outcome| json!({ "name": test.name, "line": test.line, "passed": test.differences.is_empty(), "differences": test.differences });
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        json!({ "file": self.file, "tests": self.tests.iter().map(test).collect::<Vec<Value>>(), "faults": faults })
    }
}
