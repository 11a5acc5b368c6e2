//! `countersign gate request`: opens a change once for each run, and waits for its decision if asked to.

use super::connection::Connection;
use super::pipelines::{self, Run};
use super::progress::Progress;
use super::status::{PATIENCE, told};
use super::wait::{WAIT, stay};
use super::wish::WishArguments;
use crate::cli::Format;
use crate::cli::duration::duration;
use crate::clock::{Clock, SystemClock, new_id};
use anyhow::{Context, bail};
use clap::Args;
use engine::canonical;
use serde_json::Value;
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, Args)]
#[command(next_line_help = true, override_usage = "countersign gate request --environment <NAME> [OPTIONS]")]
pub struct Request {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    wish: WishArguments,
    /// Wait for the decision, an hour if no time is named: --wait=30m
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = WAIT, value_parser = duration, value_name = "TIME")]
    wait: Option<Duration>,
    /// The Idempotency-Key, if the run's own is not the right one
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

impl Request {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let variables = pipelines::variables();
        let run = pipelines::run(&variables);
        let body = self.wish.body(run.as_ref())?;
        let key = self.key.clone().unwrap_or(key(run.as_ref(), &body)?);
        let mut server = self.connection.server()?;
        let mut progress = Progress::begin();
        let within = self.wait.unwrap_or(PATIENCE);
        let opened = tokio::time::timeout(within, server.open(&key, &body, &mut progress)).await;
        progress.ends();
        let Ok(opened) = opened else {
            bail!("{} It may have been asked for all the same: the same step again opens no second change.", server.silence());
        };
        let opened = opened.map_err(|error| explained(error, run.as_ref(), &body))?;
        let number = opened["number"].as_str().context("the server’s answer names no change; is it another version?")?;
        let Some(within) = self.wait else { return Ok(asked(&opened, number, self.connection.format)) };
        eprintln!("{number} was asked for: {}", opened["url"].as_str().unwrap_or_default());
        let standing = stay(&mut server, number, within, &mut progress).await;
        progress.ends();
        told(&standing?, self.connection.format)
    }
}

/// The same run and the same wish have the same key, so a step that is repeated opens no second change.
fn key(run: Option<&Run<'_>>, body: &Value) -> anyhow::Result<String> {
    let digest = canonical::digest(body).context("the wish can’t be written as JSON")?;
    let digest = digest.as_str().trim_start_matches("sha256:").chars().take(16).collect::<String>();
    let identity = run.and_then(|run| run.identity().map(|identity| format!("{}:{identity}", run.system())));
    // Somebody's shell has no identity: each call there is a wish of its own.
    let identity = identity.unwrap_or_else(|| format!("shell:{}", new_id(SystemClock.now())));
    let prefix: String = identity.chars().filter(char::is_ascii_graphic).take(200).collect();
    Ok(format!("{prefix}:{digest}"))
}

/// Exit code 0: it was asked for. That says nothing about a decision.
fn asked(opened: &Value, number: &str, format: Format) -> ExitCode {
    match format {
        Format::Json => println!("{opened}"),
        Format::Text => {
            println!("{number}");
            eprintln!("asked for, not decided: {}", opened["url"].as_str().unwrap_or_default());
            eprintln!("wait for it with `countersign gate wait {number}`");
        }
    }
    ExitCode::SUCCESS
}

/// A person whom the run's variables name and the directory does not know is the one refusal that needs explaining.
fn explained(error: anyhow::Error, run: Option<&Run<'_>>, body: &Value) -> anyhow::Error {
    let starter = run.and_then(Run::initiator);
    let is_theirs = starter.is_some() && body["requested_by"].as_str() == starter.as_deref() && error.to_string().contains("/requested_by");
    if !is_theirs {
        return error;
    }
    let who = starter.unwrap_or_default();
    error.context(format!(
        "{who} started this run and is nobody in the directory, so they could not be kept from approving it. Link the account, \
         name them with --requested-by, or use --no-initiator"
    ))
}
