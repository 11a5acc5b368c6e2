//! `countersign token create`

use super::ConfigFile;
use crate::clock::{Clock, SystemClock, new_id};
use crate::http::auth::{SCOPES, new_token};
use crate::start::{connect, migrate};
use anyhow::bail;
use clap::{Args, Subcommand};
use engine::event::Actor;
use engine::ids::PersonId;
use entities::{NewRecord, NewToken, Store};
use serde_json::json;
use std::collections::BTreeSet;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, once
    Create(Create),
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

impl TokenCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Create(create) => create.run().await,
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
