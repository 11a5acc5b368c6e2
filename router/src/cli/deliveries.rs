//! `countersign deliveries list|show|replay`

use super::terminal::shortened;
use super::{ConfigFile, Format};
use crate::clock::{Clock, SystemClock};
use crate::http::redaction::opened;
use crate::start::connect;
use anyhow::bail;
use clap::{Args, Subcommand};
use engine::event::Actor;
use engine::ids::ChangeId;
use entities::{DeliveryFilter, DeliveryRecord, NewRecord, Replay, Store, WorkState};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use uuid::Uuid;

/// Rows that one list shows.
const LIMIT: u64 = 200;

#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// What came in, newest first
    List(List),
    /// One delivery, with what was kept of its body
    Show(One),
    /// Work on one again; what it has done already is not done twice
    Replay(One),
}

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    config: ConfigFile,
    /// waiting, done or failed; every one if left out
    #[arg(long)]
    state: Option<String>,
    /// Only what this integration sent
    #[arg(long, value_name = "NAME")]
    integration: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
pub struct One {
    #[command(flatten)]
    config: ConfigFile,
    /// The id that the sender was answered
    id: Uuid,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl DeliveriesCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::List(list) => list.run().await,
            Self::Show(one) => one.show().await,
            Self::Replay(one) => one.replay().await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let state = match self.state.as_deref() {
            None => None,
            Some(word) => match WorkState::from_word(word) {
                Some(state) => Some(state),
                None => bail!("“{word}” is no state of a delivery. Use waiting, done or failed."),
            },
        };
        let store = connect(&self.config.read()?).await?;
        let rows = store.delivery_list(&DeliveryFilter { state, source: self.integration }, LIMIT).await?;
        let names = Names::of(&store, &rows).await?;
        match self.format {
            Format::Json => println!("{}", json!({ "deliveries": rows.iter().map(|row| names.fields(row)).collect::<Vec<Value>>() })),
            Format::Text if rows.is_empty() => println!("nothing came in, or nothing of this kind"),
            Format::Text => rows.iter().for_each(|row| names.print(row)),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What people call the changes that deliveries led to.
struct Names(BTreeMap<ChangeId, String>);

impl Names {
    async fn of(store: &Store, rows: &[DeliveryRecord]) -> anyhow::Result<Self> {
        let ids: BTreeSet<ChangeId> = rows.iter().flat_map(|row| row.changes.iter().copied()).collect();
        let found = store.summaries(&ids.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self(found.into_iter().map(|summary| (summary.id, summary.number.to_string())).collect()))
    }

    fn changes(&self, row: &DeliveryRecord) -> Vec<&str> {
        row.changes.iter().filter_map(|id| self.0.get(id).map(String::as_str)).collect()
    }

    fn print(&self, row: &DeliveryRecord) {
        println!("{}  {:<8} {}", row.id, word(row), row.received_at.utc().format("%Y-%m-%d %H:%M:%S UTC"));
        println!("{}", shortened(&format!("    {}  {}  {}", row.source, row.event, self.changes(row).join(" "))));
        println!("{}", shortened(&format!("    key {}", row.key)));
        if let Some(error) = &row.error {
            println!("    {error}");
        }
    }

    fn fields(&self, row: &DeliveryRecord) -> Value {
        json!({
            "id": row.id, "integration": row.source, "key": row.key, "event": row.event, "status": row.status.word(),
            "state": row.state.word(), "received_at": row.received_at, "attempts": row.attempts, "changes": self.changes(row),
            "error": row.error, "body_digest": row.body_digest,
        })
    }
}

/// `ignored` says more than that it is done.
fn word(row: &DeliveryRecord) -> &'static str {
    match row.status {
        entities::DeliveryStatus::Ignored => row.status.word(),
        entities::DeliveryStatus::Accepted => row.state.word(),
    }
}

impl One {
    async fn show(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.config.read()?).await?;
        let (Some(row), Some(body)) = (store.delivery(self.id).await?, store.delivery_body(self.id).await?) else {
            bail!("{}", unknown(self.id));
        };
        let (body, names) = (opened(&body)?, Names::of(&store, std::slice::from_ref(&row)).await?);
        match self.format {
            Format::Json => {
                let mut fields = names.fields(&row);
                fields["body"] = body.unwrap_or(Value::Null);
                println!("{fields}");
            }
            Format::Text => {
                names.print(&row);
                println!("    attempts {}", row.attempts);
                println!("    {}", row.body_digest);
                match body {
                    Some(body) => println!("{body:#}"),
                    None => println!("Of its body only the digest was kept: it is not JSON, so secrets could not be stripped."),
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn replay(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.config.read()?).await?;
        let now = SystemClock.now();
        let mut tx = store.begin().await?;
        match tx.delivery_again(self.id, now).await? {
            Replay::Waits => {}
            Replay::WaitedAlready => bail!("{} waits already, or is being worked on; nothing was changed", self.id),
            Replay::Ignored => bail!("nothing follows from {}: it was ignored, because its kind is not handled", self.id),
            Replay::Unknown => bail!("{}", unknown(self.id)),
        }
        let body = json!({ "delivery": self.id });
        tx.record("deliveries", &NewRecord { at: now, actor: Actor::System, kind: "delivery_replayed".to_owned(), body }).await?;
        tx.commit().await?;
        match self.format {
            Format::Json => println!("{}", json!({ "delivery": self.id, "state": WorkState::Waiting.word() })),
            Format::Text => println!("{} will be worked on again", self.id),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn unknown(id: Uuid) -> String {
    format!("there is no delivery {id}; see `countersign deliveries list`. They are kept for 30 days.")
}
