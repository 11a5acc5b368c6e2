//! What is wrong with a policy, where, and what may have been meant instead.

use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy can't be used.
    Fault,
    /// It can be used; somebody should look.
    Warning,
    /// Right in the language, but this build would not do what it says: `check` warns, `serve` refuses.
    NotEnforced,
}

/// One thing to say about one place of a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub file: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// `requirements[2].approve.count`; empty for the file as a whole.
    pub path: String,
    pub message: String,
    /// The known word that is nearest to an unknown one.
    pub suggestion: Option<String>,
    pub severity: Severity,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.suggestion {
            Some(word) => write!(f, "; did you mean {word}?"),
            None => Ok(()),
        }
    }
}

/// Everything that was found in one file, by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
}

impl Report {
    pub fn faults(&self) -> impl Iterator<Item = &Finding> {
        self.of(Severity::Fault)
    }

    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.of(Severity::Warning)
    }

    pub fn not_enforced(&self) -> impl Iterator<Item = &Finding> {
        self.of(Severity::NotEnforced)
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.severity == severity)
    }
}
