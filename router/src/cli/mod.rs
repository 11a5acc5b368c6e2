//! The command line. Human text on standard output, faults on standard error with what to do next; `--format json`
//! where machines read.

mod chat;
mod check;
mod deliveries;
mod demo;
mod duration;
mod gate;
mod init;
mod migrate;
mod openapi;
mod outbox;
mod policy;
mod serve;
mod terminal;
mod token;

use crate::settings::Settings;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The configuration that is read when none is named.
pub const CONFIG: &str = "countersign.toml";

#[derive(Debug, Parser)]
#[command(name = "countersign", version, about = "Deployment approvals that an auditor can trust")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it here: sample people, a pretend GitLab, nothing left behind
    Demo(demo::Demo),
    /// Run the service
    Serve(serve::Serve),
    /// Write countersign.toml, policy.yaml and people.yaml to begin with
    Init(init::Init),
    /// Read configuration, policy and people; say every fault and place
    Check(ConfigFile),
    /// Bring the database's schema up to date, or look at it
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Ask for an approval from a pipeline, and wait for it
    #[command(subcommand)]
    Gate(gate::GateCommand),
    /// Look at a policy before it is in force
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Tokens for the API
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Chat platforms: who we are there, and making our command known
    #[command(subcommand)]
    Chat(chat::ChatCommand),
    /// Webhooks that came in: what became of them, work on one again
    #[command(subcommand)]
    Deliveries(deliveries::DeliveriesCommand),
    /// Messages that go out: what waits, what is put aside, send it again
    #[command(subcommand)]
    Outbox(outbox::OutboxCommand),
    /// Print the API's document (OpenAPI 3.1)
    Openapi,
    /// Print the schema of a change (JSON Schema 2020-12)
    Schema,
}

#[derive(Clone, Debug, Args)]
pub struct ConfigFile {
    /// The configuration file
    #[arg(long, default_value = CONFIG, value_name = "FILE")]
    config: PathBuf,
}

impl ConfigFile {
    pub fn read(&self) -> anyhow::Result<Settings> {
        Ok(Settings::read(Some(&self.config), std::env::vars())?)
    }

    /// For commands that also work without one: the defaults and the environment.
    pub fn read_if_there(&self) -> anyhow::Result<Settings> {
        let is_there = self.config != Path::new(CONFIG) || self.config.exists();
        Ok(Settings::read(is_there.then_some(self.config.as_path()), std::env::vars())?)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

/// Carries one command out.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Demo(command) => command.run().await,
        Command::Serve(command) => command.run().await,
        Command::Init(command) => command.run(),
        Command::Check(config) => check::run(&config),
        Command::Migrate(command) => command.run().await,
        Command::Gate(command) => command.run().await,
        Command::Policy(command) => command.run().await,
        Command::Token(command) => command.run().await,
        Command::Chat(command) => command.run().await,
        Command::Deliveries(command) => command.run().await,
        Command::Outbox(command) => command.run().await,
        Command::Openapi => Ok(openapi::openapi()),
        Command::Schema => Ok(openapi::schema()),
    }
}
