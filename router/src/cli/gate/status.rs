//! `countersign gate status ID`, and how a change is told to people and to machines.

use super::connection::Connection;
use super::ending::Ending;
use super::progress::Progress;
use crate::cli::Format;
use anyhow::bail;
use clap::Args;
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::Duration;

/// How long a server that is away is asked again for one answer.
pub const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    connection: Connection,
    /// The change: its number or its id
    #[arg(value_name = "ID")]
    id: String,
}

impl Status {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut server = self.connection.server()?;
        let mut progress = Progress::begin();
        let asking = async {
            let decision = server.decision(&self.id, 0, &mut progress).await?;
            let change = server.change(&self.id, &mut progress).await?;
            anyhow::Ok(Standing::of(&change, Ending::of(&decision)?))
        };
        let standing = tokio::time::timeout(PATIENCE, asking).await;
        progress.ends();
        match standing {
            Ok(standing) => told(&standing?, self.connection.format),
            Err(_) => bail!("{}", server.silence()),
        }
    }
}

/// A change as far as a pipeline is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    number: String,
    state: Option<String>,
    ending: Ending,
    url: Option<String>,
    why: Option<String>,
    /// Approvals given and needed.
    approvals: Option<(u64, u64)>,
    waiting_on: Vec<String>,
}

impl Standing {
    /// From `GET /v1/changes/{id}`.
    pub fn of(change: &Value, ending: Ending) -> Self {
        let text = |name: &str| change[name].as_str().map(str::to_owned);
        let people = change["waiting_on"].as_array().into_iter().flatten();
        Self {
            number: text("number").unwrap_or_default(),
            state: text("state"),
            ending,
            url: text("url"),
            why: text("why"),
            approvals: approvals(change),
            waiting_on: people.filter_map(|person| person.as_str().map(str::to_owned)).collect(),
        }
    }

    /// After a time-out; `change` is what could still be learned.
    pub fn undecided(id: &str, change: Option<&Value>) -> Self {
        let known = change.map(|change| Self::of(change, Ending::StillWaiting));
        let unknown = || Self {
            number: id.to_owned(),
            state: None,
            ending: Ending::StillWaiting,
            url: None,
            why: None,
            approvals: None,
            waiting_on: Vec::new(),
        };
        known.unwrap_or_else(unknown)
    }

    /// `CHG-1042 pending: 1 of 2 approvals, waits for approver-1`
    pub fn sentence(&self, holds: usize) -> String {
        let mut parts = Vec::new();
        parts.extend(self.approvals.map(|(given, needed)| format!("{given} of {needed} approvals")));
        if !self.waiting_on.is_empty() {
            parts.push(format!("waits for {}", self.waiting_on.join(", ")));
        }
        if holds > 0 {
            parts.push(format!("paused by {holds}"));
        }
        parts.extend(self.why.clone());
        let state = self.state.as_deref().unwrap_or("undecided");
        let rest = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        format!("{} {state}{rest}", self.number)
    }

    fn json(&self) -> Value {
        json!({
            "number": self.number, "state": self.state, "url": self.url, "why": self.why, "waiting_on": self.waiting_on,
            "exit_code": self.ending.code(),
        })
    }
}

/// Of the requirements that there are; `None` before the policy has said any.
fn approvals(change: &Value) -> Option<(u64, u64)> {
    let requirements = change["requirements"].as_array().filter(|all| !all.is_empty())?;
    let needed = requirements.iter().filter_map(|one| one["need"].as_u64()).sum();
    let counted = |one: &Value| one["counted"].as_array().map_or(0, |people| people.len() as u64);
    Some((requirements.iter().map(counted).sum(), needed))
}

/// On standard output, and as the exit code.
pub fn told(standing: &Standing, format: Format) -> anyhow::Result<ExitCode> {
    match format {
        Format::Json => println!("{}", standing.json()),
        Format::Text => {
            println!("{}", standing.sentence(0));
            standing.url.iter().for_each(|url| println!("{url}"));
        }
    }
    Ok(ExitCode::from(standing.ending.code()))
}
