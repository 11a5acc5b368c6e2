//! `countersign migrate up|status`

use super::ConfigFile;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Apply what is pending
    Up(ConfigFile),
    /// What is applied and pending; exit code 1 if something is pending
    Status(ConfigFile),
}

impl Migrate {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Up(config) => up(&config.read()?.database.url).await,
            Self::Status(config) => status(&config.read()?.database.url).await,
        }
    }
}

async fn up(url: &str) -> anyhow::Result<ExitCode> {
    let applied = migrations::up(url).await?;
    match applied.as_slice() {
        [] => println!("the schema is up to date"),
        applied => applied.iter().for_each(|name| println!("applied {name}")),
    }
    Ok(ExitCode::SUCCESS)
}

async fn status(url: &str) -> anyhow::Result<ExitCode> {
    let all = migrations::status(url).await?;
    for (name, applied) in &all {
        println!("{} {name}", if *applied { "applied" } else { "pending" });
    }
    let is_current = all.iter().all(|(_, applied)| *applied);
    Ok(if is_current { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
