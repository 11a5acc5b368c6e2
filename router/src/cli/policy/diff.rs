//! `countersign policy diff OLD NEW`: what differs between two policies, in sentences, and which way each difference goes.

use super::USAGE;
use crate::cli::Format;
use crate::cli::terminal::wrapped;
use clap::Args;
use engine::difference::{Difference, Weight};
use engine::policy::{Document, compare};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Diff {
    /// The policy as it was
    #[arg(value_name = "OLD")]
    older: PathBuf,
    /// The policy as it is to be
    #[arg(value_name = "NEW")]
    newer: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const WEIGHTS: [Weight; 3] = [Weight::Stricter, Weight::Looser, Weight::Neither];

impl Diff {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let (Some(older), Some(newer)) = (text(&self.older), text(&self.newer)) else { return Ok(ExitCode::from(USAGE)) };
        let (old_name, new_name) = (self.older.display().to_string(), self.newer.display().to_string());
        let compared = compare(Document { file: &old_name, text: &older }, Document { file: &new_name, text: &newer });
        let differences = match compared {
            Ok(differences) => differences,
            Err(report) => {
                report.faults().for_each(|fault| eprintln!("{fault}"));
                eprintln!("countersign: a policy with faults is not compared; `countersign policy check` says more.");
                return Ok(ExitCode::from(USAGE));
            }
        };
        match self.format {
            Format::Json => println!("{}", report(&differences)),
            Format::Text => print(&differences),
        }
        Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// `None`, after what is wrong was said.
fn text(file: &Path) -> Option<String> {
    let read = std::fs::read_to_string(file);
    read.map_err(|error| eprintln!("countersign: {} can’t be read: {error}. Name a policy’s file.", file.display())).ok()
}

fn print(differences: &[Difference]) {
    if differences.is_empty() {
        return println!("nothing differs");
    }
    for difference in differences {
        println!("{}", difference.weight.word());
        println!("{}", wrapped(&difference.sentence(), 2));
    }
    let counted = WEIGHTS.map(|weight| format!("{} {}", count(differences, weight), weight.word()));
    println!("{} differ: {}", differences.len(), counted.join(", "));
}

fn report(differences: &[Difference]) -> Value {
    let row = |difference: &Difference| {
        let mut row = json!(difference);
        row["sentence"] = json!(difference.sentence());
        row
    };
    let mut told = json!({ "differences": differences.iter().map(row).collect::<Vec<Value>>() });
    for weight in WEIGHTS {
        told[weight.word()] = json!(count(differences, weight));
    }
    told
}

fn count(differences: &[Difference], weight: Weight) -> usize {
    differences.iter().filter(|difference| difference.weight == weight).count()
}
