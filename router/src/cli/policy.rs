//! `countersign policy check FILE…`

use super::{CONFIG, Format};
use crate::people_file;
use crate::settings::Settings;
use clap::{Args, Subcommand};
use engine::directory::Directory;
use engine::policy::{Document, Finding, Severity, load};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Every fault with its place; exit code 0 none (warnings allowed), 1 faults, 2 usage
    Check(Check),
}

#[derive(Debug, Args)]
pub struct Check {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// People and groups; without it those of countersign.toml, else a people.yaml beside the policy or here
    #[arg(long)]
    directory: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl PolicyCommand {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(check) => check.run(),
        }
    }
}

impl Check {
    fn run(self) -> anyhow::Result<ExitCode> {
        let mut findings = Vec::new();
        for file in &self.files {
            let text = std::fs::read_to_string(file).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
            let directory = match self.people(file) {
                Some(people) => Some(directory(&people)?),
                None => None,
            };
            findings.extend(load(Document { file: &file.display().to_string(), text: &text }, directory.as_ref()).report.findings);
            if directory.is_none() && self.format == Format::Text {
                eprintln!("{}: no people.yaml was found, so people were not checked; name one with --directory", file.display());
            }
        }
        self.print(&findings);
        let has_faults = findings.iter().any(|finding| finding.severity == Severity::Fault);
        Ok(if has_faults { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

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

fn directory(path: &Path) -> anyhow::Result<Directory> {
    Ok(people_file::read(path).map_err(|lines| anyhow::anyhow!("{}", lines.join("\n")))?.directory())
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
