//! A policy with the tests that stand in its file: they are run when it is loaded, and it does not load if one fails.

mod company;
mod play;
#[cfg(test)]
mod tests;
mod verdict;

use crate::directory::Directory;
use crate::policy::{self, Document, Finding, Policy, Report, Severity, Trial};

/// What came of reading a document and running its tests.
#[derive(Debug)]
pub struct Tried {
    /// `None` if there is a fault; a test that fails is one.
    pub policy: Option<Policy>,
    pub report: Report,
    /// In the order of the file; none is run while there are other faults.
    pub outcomes: Vec<Outcome>,
}

/// How one test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub name: String,
    /// From 1.
    pub line: u32,
    /// In sentences; empty: as expected.
    pub differences: Vec<String>,
}

/// Reads, checks and compiles a policy, and runs its tests. Without a directory, people are not checked; tests have people
/// of their own.
pub fn load(document: Document<'_>, directory: Option<&Directory>) -> Tried {
    let loaded = policy::load(document, directory);
    let mut tried = Tried { policy: loaded.policy, report: loaded.report, outcomes: Vec::new() };
    if let Some(policy) = &tried.policy {
        tried.outcomes = loaded.trials.iter().map(|trial| run(policy, trial)).collect();
        let failures = loaded.trials.iter().zip(&tried.outcomes).flat_map(|(trial, outcome)| faults(document, trial, outcome));
        tried.report.findings.extend(failures);
    }
    if tried.report.faults().next().is_some() {
        tried.policy = None;
    }
    tried
}

fn run(policy: &Policy, trial: &Trial) -> Outcome {
    Outcome { name: trial.name.clone(), line: trial.place.at.line, differences: verdict::differences(policy, trial) }
}

fn faults(document: Document<'_>, trial: &Trial, outcome: &Outcome) -> Vec<Finding> {
    let fault = |difference: &String| Finding {
        file: document.file.to_owned(),
        line: trial.place.at.line,
        column: trial.place.at.column,
        path: trial.place.path.clone(),
        message: format!("the test “{}” fails: {difference}", trial.name),
        suggestion: None,
        severity: Severity::Fault,
    };
    outcome.differences.iter().map(fault).collect()
}
