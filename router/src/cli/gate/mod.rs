//! `countersign gate`: what a pipeline runs to ask for an approval and to wait for it, against a running server.

mod authors;
mod connection;
mod ending;
mod pipelines;
mod progress;
mod request;
mod server;
mod status;
mod wait;
mod wish;

use clap::Subcommand;
use std::process::ExitCode;

const EXIT_CODES: &str = "Exit codes: 0 approved, 10 rejected, 11 expired, 12 withdrawn, 13 replaced,
14 still waiting, 20 approved but the deployment failed, 1 any error";

const REQUEST_CODES: &str = "Exit codes with --wait: 0 approved, 10 rejected, 11 expired, 12 withdrawn,
13 replaced, 14 still waiting, 20 approved but the deployment failed, 1 error.
Without --wait, 0 means that it was asked for, not that it was approved.";

#[derive(Debug, Subcommand)]
pub enum GateCommand {
    /// Ask for an approval; the run's CI variables say for what
    #[command(after_help = REQUEST_CODES)]
    Request(Box<request::Request>),
    /// Stay until a change is decided
    #[command(after_help = EXIT_CODES)]
    Wait(wait::Wait),
    /// How a change stands now
    #[command(after_help = EXIT_CODES)]
    Status(status::Status),
}

impl GateCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Request(request) => request.run().await,
            Self::Wait(wait) => wait.run().await,
            Self::Status(status) => status.run().await,
        }
    }
}
