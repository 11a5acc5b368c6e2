//! `countersign outbox list|retry`

use super::{ConfigFile, Format};
use crate::clock::{Clock, SystemClock};
use crate::start::connect;
use anyhow::bail;
use clap::{Args, Subcommand};
use entities::{OutgoingFilter, OutgoingRecord, OutgoingState, SendAgain};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Rows that one list shows.
const LIMIT: u64 = 200;

#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// What waits and what was put aside, newest first
    List(List),
    /// Send again: one row by its id, or everything that was put aside
    Retry(Retry),
}

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    config: ConfigFile,
    /// waiting, dead or done; what needs attention if left out
    #[arg(long)]
    state: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
pub struct Retry {
    #[command(flatten)]
    config: ConfigFile,
    #[arg(required_unless_present = "all_dead")]
    id: Option<i64>,
    /// Everything that was put aside
    #[arg(long, conflicts_with = "id")]
    all_dead: bool,
}

impl OutboxCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(list) => list.run().await,
            Self::Retry(retry) => retry.run().await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let states = match self.state.as_deref() {
            None => vec![OutgoingState::Dead, OutgoingState::Waiting],
            Some(word) => match OutgoingState::from_word(word) {
                Some(state) => vec![state],
                None => bail!("“{word}” is no state of the outbox. Use waiting, dead or done."),
            },
        };
        let store = connect(&self.config.read()?).await?;
        let mut rows = Vec::new();
        for state in states {
            rows.extend(store.outgoing_list(OutgoingFilter { state: Some(state), change: None }, LIMIT).await?);
        }
        match self.format {
            Format::Json => println!("{}", json!({ "outbox": rows.iter().map(row).collect::<Vec<Value>>() })),
            Format::Text if rows.is_empty() => println!("nothing waits and nothing was put aside"),
            Format::Text => rows.iter().for_each(print),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(row: &OutgoingRecord) {
    println!("{:>8}  {:<8} {:<8} {:>3} tries  next {}", row.id, row.state.word(), row.kind, row.attempts, row.due_at);
    if let Some(error) = &row.error {
        println!("          {error}");
    }
}

fn row(row: &OutgoingRecord) -> Value {
    json!({
        "id": row.id, "kind": row.kind, "state": row.state.word(), "change": row.change, "attempts": row.attempts,
        "due_at": row.due_at, "error": row.error, "created_at": row.created_at, "updated_at": row.updated_at,
    })
}

impl Retry {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.config.read()?).await?;
        let which = self.id.map_or(SendAgain::AllDead, SendAgain::One);
        let count = store.outgoing_send_again(which, SystemClock.now()).await?;
        if count == 0 && self.id.is_some() {
            bail!("the outbox has no such row; see `countersign outbox list`");
        }
        println!("{count} will be sent again");
        Ok(ExitCode::SUCCESS)
    }
}
