//! `countersign policy check FILE…`

use super::USAGE;
use crate::cli::{CONFIG, Format};
use crate::people_file;
use crate::settings::Settings;
use clap::Args;
use engine::directory::Directory;
use engine::policy::{Document, Finding, Severity};
use engine::trial::load;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Check {
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// People and groups [default: those of countersign.toml]
    #[arg(long, value_name = "FILE")]
    directory: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Check {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let (mut findings, mut has_faults) = (Vec::new(), false);
        for file in &self.files {
            let text = match std::fs::read_to_string(file) {
                Ok(text) => text,
                Err(error) => {
                    eprintln!("countersign: {} can’t be read: {error}. Name a policy’s file.", file.display());
                    return Ok(ExitCode::from(USAGE));
                }
            };
            let directory = self.directory(file);
            has_faults |= directory.is_err();
            let document = Document { file: &file.display().to_string(), text: &text };
            findings.extend(load(document, directory.ok().flatten().as_ref()).report.findings);
        }
        self.print(&findings);
        has_faults |= findings.iter().any(|finding| finding.severity == Severity::Fault);
        Ok(if has_faults { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// The people to check against, if there are any; their own faults are said here, and the policy is checked without them.
    fn directory(&self, policy: &Path) -> Result<Option<Directory>, ()> {
        let Some(file) = self.people(policy) else {
            if self.format == Format::Text {
                eprintln!("{}: no people.yaml was found, so people were not checked; name one with --directory", policy.display());
            }
            return Ok(None);
        };
        let people = people_file::read(&file).map_err(|lines| lines.iter().for_each(|line| eprintln!("{line}")))?;
        Ok(Some(people.directory()))
    }

    /// As named, else that of countersign.toml, else one beside the policy or in the current folder.
    fn people(&self, policy: &Path) -> Option<PathBuf> {
        let configured = || Settings::read(Some(Path::new(CONFIG)), std::env::vars()).ok().map(|settings| settings.directory.file);
        let beside = || policy.parent().map(|folder| folder.join("people.yaml"));
        let here = || Some(PathBuf::from("people.yaml"));
        self.directory
            .clone()
            .or_else(|| configured().filter(|path| path.exists()))
            .or_else(|| beside().filter(|path| path.exists()))
            .or_else(|| here().filter(|path| path.exists()))
    }

    fn print(&self, findings: &[Finding]) {
        match self.format {
            Format::Json => println!("{}", json!({ "findings": findings.iter().map(row).collect::<Vec<Value>>() })),
            Format::Text if findings.is_empty() => println!("no faults"),
            Format::Text => findings.iter().for_each(|finding| println!("{}{finding}", weight(finding.severity))),
        }
    }
}

fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Fault => "",
        Severity::Warning => "warning: ",
        Severity::NotEnforced => "not enforced by this build: ",
    }
}

fn row(finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Fault => "fault",
        Severity::Warning => "warning",
        Severity::NotEnforced => "not_enforced",
    };
    json!({
        "file": finding.file, "line": finding.line, "column": finding.column, "path": finding.path,
        "message": finding.message, "suggestion": finding.suggestion, "severity": severity,
    })
}
