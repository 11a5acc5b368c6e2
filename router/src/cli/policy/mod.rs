//! `countersign policy …`: what a policy says, before it is in force and about one change.

mod check;
mod diff;
mod explain;
mod stored;
mod test;
mod who;

use clap::{Args, Subcommand};
use std::process::ExitCode;

/// The exit code for a command that was not given properly, as the argument parser has it.
const USAGE: u8 = 2;

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Every fault with its place; exit code 0 none, 1 faults, 2 usage
    Check(check::Check),
    /// Run the tests in a policy’s file; exit code 1 if one fails
    Test(test::Test),
    /// Who could approve a change now, and what the others would be told
    Who(stored::Asked),
    /// How the policy was read when a change opened: conditions and values
    Explain(stored::Asked),
    /// Print the JSON Schema of a policy’s file, for editors
    Schema,
    /// What differs, in sentences; exit code 0 nothing, 1 something
    Diff(diff::Diff),
    /// Not in this build: decide recorded changes again by another policy
    Simulate(NotBuilt),
    /// Not in this build: make a policy from rules that you have elsewhere
    Import(NotBuilt),
    /// Not in this build: put a policy in force without a restart
    Apply(NotBuilt),
}

/// Whatever is given to a command that this build does not have.
#[derive(Debug, Args)]
pub struct NotBuilt {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    given: Vec<String>,
}

impl PolicyCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Check(check) => check.run(),
            Self::Test(test) => test.run(),
            Self::Who(asked) => who::run(asked).await,
            Self::Explain(asked) => explain::run(asked).await,
            Self::Schema => Ok(schema()),
            Self::Diff(diff) => diff.run(),
            Self::Simulate(given) => Ok(given.refuse("simulate")),
            Self::Import(given) => Ok(given.refuse("import")),
            Self::Apply(given) => Ok(given.refuse("apply")),
        }
    }
}

fn schema() -> ExitCode {
    println!("{:#}", engine::policy::editor_schema());
    ExitCode::SUCCESS
}

impl NotBuilt {
    fn refuse(self, command: &str) -> ExitCode {
        let given = if self.given.is_empty() { String::new() } else { " Nothing was read of what was given.".to_owned() };
        eprintln!(
            "countersign: `policy {command}` is not in this build; nothing was done.{given} `countersign policy --help` lists what is."
        );
        ExitCode::from(USAGE)
    }
}
