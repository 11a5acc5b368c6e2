//! `schemathesis`: asks the running program what its published document allows, and what it does not, and compares.

use super::installed;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is planned answers 501, and the document says so. A long poll would only make the judge wait.
const CONFIGURATION: &str =
    "[checks.not_a_server_error]\nexpected-statuses = [\"2xx\", \"3xx\", \"4xx\", \"501\"]\n\n[parameters]\nwait = 0\n";
/// The same questions in every run.
const SEED: &str = "1042";

/// What is asked, and how.
pub struct Inquiry<'a> {
    /// `http://127.0.0.1:<port>`
    pub base: &'a str,
    pub token: &'a str,
    /// Where its report goes.
    pub folder: &'a Path,
    /// Further parameters that it uses instead of making values up, a line each.
    pub parameters: &'a str,
    /// Further arguments.
    pub arguments: &'a [&'a str],
}

/// What it has against the program: its whole report, if it has anything.
pub fn objections(inquiry: &Inquiry<'_>) -> Option<String> {
    let configuration = inquiry.folder.join("schemathesis.toml");
    let text = format!("{CONFIGURATION}{}", inquiry.parameters);
    std::fs::write(&configuration, text).expect("to write a configuration");
    let mut command = Command::new(installed("python/bin/schemathesis"));
    command.arg("--config-file").arg(&configuration).arg("run").arg(format!("{}/openapi.json", inquiry.base));
    command.args(["-H", &format!("Authorization: Bearer {}", inquiry.token), "--no-color", "--continue-on-failure"]);
    // The document can't say who is in the directory or what was opened before, so a refusal of something well-formed is right.
    // One worker: older Pythons share the depth of their parser between threads (python/cpython#106905).
    command.args(["--exclude-checks", "positive_data_acceptance", "--workers", "1", "--seed", SEED]).args(inquiry.arguments);
    let command = command.current_dir(inquiry.folder).stdin(Stdio::null()).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.output().expect("to start schemathesis");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    match output.status.code() {
        Some(0) => None,
        Some(1) => Some(said),
        _ => panic!("schemathesis ended with {}: {said}", output.status),
    }
}
