//! `countersign token create|list|revoke`

use super::{ConfigFile, Format};
use crate::clock::{Clock, SystemClock, new_id};
use crate::http::auth::{SCOPES, new_token};
use crate::start::{connect, migrate};
use anyhow::bail;
use clap::{Args, Subcommand};
use engine::Timestamp;
use engine::event::Actor;
use engine::ids::PersonId;
use entities::{NewRecord, NewToken, Store, TokenRecord};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::ExitCode;
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, once
    Create(Create),
    /// Every token that was made, oldest first; never the tokens themselves
    List(List),
    /// From now on it opens nothing
    Revoke(Revoke),
}

#[derive(Debug, Args)]
#[command(override_usage = "countersign token create --name <NAME> --scopes <LIST> --owner <ID>")]
pub struct Create {
    #[command(flatten)]
    config: ConfigFile,
    /// What it is for, as logs and lists show it
    #[arg(long)]
    name: String,
    /// What it may do: changes:read,changes:write,…
    #[arg(long, value_delimiter = ',', required = true, value_name = "LIST")]
    scopes: Vec<String>,
    /// Who answers for it: a person's id
    #[arg(long, value_name = "ID")]
    owner: String,
    /// Make it the owner's own instead of a service's
    #[arg(long)]
    personal: bool,
}

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    config: ConfigFile,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    config: ConfigFile,
    /// Its id, as `countersign token list` shows it
    id: Uuid,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl TokenCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(create) => create.run().await,
            Self::List(list) => list.run().await,
            Self::Revoke(revoke) => revoke.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<ExitCode> {
        if let Some(unknown) = self.scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            bail!("“{unknown}” is no scope. Use some of {}.", SCOPES.join(", "));
        }
        let settings = self.config.read()?;
        migrate(&settings).await?;
        let store = connect(&settings).await?;
        let owner = PersonId::new(self.owner.clone());
        if store.directory().await?.1.person(&owner).is_none() {
            bail!("nobody has the id “{owner}”. Add them to the directory, run `countersign serve` once or send it SIGHUP, and try again.");
        }
        let token = self.write(&store, owner).await?;
        eprintln!("This is the only time that the token is shown:");
        println!("{token}");
        Ok(ExitCode::SUCCESS)
    }

    async fn write(self, store: &Store, owner: PersonId) -> anyhow::Result<String> {
        let now = SystemClock.now();
        let (token, hash) = new_token();
        let new = NewToken {
            id: new_id(now),
            name: self.name.clone(),
            hash,
            scopes: self.scopes.iter().cloned().collect::<BTreeSet<String>>(),
            person: self.personal.then(|| owner.clone()),
            owner: owner.clone(),
            created_at: now,
        };
        let body = json!({ "id": new.id, "name": self.name, "scopes": new.scopes, "owner": owner, "personal": self.personal });
        let mut tx = store.begin().await?;
        tx.create_token(&new).await?;
        tx.record("tokens", &NewRecord { at: now, actor: Actor::System, kind: "token_created".to_owned(), body }).await?;
        tx.commit().await?;
        Ok(token)
    }
}

impl List {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let tokens = connect(&self.config.read()?).await?.list_tokens().await?;
        match self.format {
            Format::Json => println!("{}", json!({ "tokens": tokens.iter().map(row).collect::<Vec<Value>>() })),
            Format::Text if tokens.is_empty() => println!("no token was made; see `countersign token create --help`"),
            Format::Text => tokens.iter().for_each(print),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(token: &TokenRecord) {
    let day = |at: Timestamp| at.utc().format("%Y-%m-%d");
    let state = token.revoked_at.map_or_else(|| "valid".to_owned(), |at| format!("revoked {}", day(at)));
    println!("{}  {state}", token.id);
    println!("    {} ({}, {} answers for it, made {})", token.name, kind(token), token.owner, day(token.created_at));
    println!("    {}", token.scopes.iter().cloned().collect::<Vec<String>>().join(" "));
}

/// A personal token acts for its owner; a service's never votes.
fn kind(token: &TokenRecord) -> &'static str {
    if token.person.is_some() { "personal" } else { "service" }
}

fn row(token: &TokenRecord) -> Value {
    json!({
        "id": token.id, "name": token.name, "kind": kind(token), "scopes": token.scopes, "owner": token.owner,
        "created_at": token.created_at, "revoked_at": token.revoked_at,
    })
}

impl Revoke {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let store = connect(&self.config.read()?).await?;
        let now = SystemClock.now();
        let mut tx = store.begin().await?;
        if !tx.revoke_token(self.id, now).await? {
            bail!("there is no valid token {}; see `countersign token list`", self.id);
        }
        let body = json!({ "id": self.id });
        tx.record("tokens", &NewRecord { at: now, actor: Actor::System, kind: "token_revoked".to_owned(), body }).await?;
        tx.commit().await?;
        match self.format {
            Format::Json => println!("{}", json!({ "id": self.id, "revoked_at": now })),
            Format::Text => println!("{} is revoked", self.id),
        }
        Ok(ExitCode::SUCCESS)
    }
}
