//! `countersign gate wait ID`: stays until the change is decided, and ends with the code that says how.

use super::connection::Connection;
use super::ending::Ending;
use super::progress::{Progress, spelled};
use super::server::Server;
use super::status::{Standing, told};
use crate::cli::duration::duration;
use crate::clock::pause;
use clap::Args;
use serde_json::Value;
use std::process::ExitCode;
use std::time::Duration;

/// How long to wait if nothing is said: what most CI systems give a job by themselves.
pub const WAIT: &str = "1h";
/// Seconds of one long poll; in between, what has changed is looked at and said.
const POLL_S: u64 = 20;
/// Between two polls that were answered at once: a server that goes down, or a decision that is held.
const BETWEEN_POLLS: Duration = Duration::from_secs(1);

#[derive(Debug, Args)]
pub struct Wait {
    #[command(flatten)]
    connection: Connection,
    /// The change: its number or its id
    #[arg(value_name = "ID")]
    id: String,
    /// Give up after this long: 90s, 30m, 2h
    #[arg(long, value_parser = duration, default_value = WAIT, value_name = "TIME")]
    timeout: Duration,
}

impl Wait {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut server = self.connection.server()?;
        let mut progress = Progress::begin();
        let standing = stay(&mut server, &self.id, self.timeout, &mut progress).await;
        progress.ends();
        told(&standing?, self.connection.format)
    }
}

/// Until the decision, or until the time is over: then it is still waiting, whatever the server does.
pub async fn stay(server: &mut Server, id: &str, within: Duration, progress: &mut Progress) -> anyhow::Result<Standing> {
    match tokio::time::timeout(within, decided(server, id, progress)).await {
        Ok(decided) => decided,
        Err(_) => {
            progress.ends();
            eprintln!("{id} is not decided after {}", spelled(within.as_secs()));
            // What is known by now is worth a line, a server that is away is not worth more waiting.
            let last = tokio::time::timeout(BETWEEN_POLLS, server.change(id, progress)).await;
            Ok(Standing::undecided(id, last.ok().and_then(Result::ok).as_ref()))
        }
    }
}

async fn decided(server: &mut Server, id: &str, progress: &mut Progress) -> anyhow::Result<Standing> {
    let mut wait_s = 0;
    loop {
        let decision = server.decision(id, wait_s, progress).await?;
        let ending = Ending::of(&decision)?;
        let change = server.change(id, progress).await?;
        let standing = Standing::of(&change, ending);
        if ending != Ending::StillWaiting {
            return Ok(standing);
        }
        progress.says(standing.sentence(holds(&decision)));
        pause(BETWEEN_POLLS).await;
        wait_s = POLL_S;
    }
}

fn holds(decision: &Value) -> usize {
    decision["holds"].as_array().map_or(0, Vec::len)
}
