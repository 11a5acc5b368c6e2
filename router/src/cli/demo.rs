//! `countersign demo`

use crate::demo::{Stage, script};
use crate::serve::told_to_stop;
use crate::settings::{Log, LogFormat};
use crate::telemetry;
use clap::Args;
use std::process::ExitCode;

/// A deployment as a team would meet it.
const SHA: &str = "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3";
const TITLE: &str = "Validate cards faster";

#[derive(Debug, Args)]
pub struct Demo {
    /// Play one change end to end, tell its story, and end
    #[arg(long)]
    script: bool,
    /// The port of the page; any free one if left out
    #[arg(long, default_value_t = 0)]
    port: u16,
}

impl Demo {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        telemetry::log(&Log { level: "warn".to_owned(), format: LogFormat::Text }).map_err(anyhow::Error::msg)?;
        telemetry::measure();
        let stage = Stage::build(self.port).await?;
        if self.script {
            script::play(&stage).await?;
            println!("\nEvery step was seen.");
            return Ok(ExitCode::SUCCESS);
        }
        show(&stage).await
    }
}

/// One deployment waits; the pretend GitLab goes on when it is told to.
async fn show(stage: &Stage) -> anyhow::Result<ExitCode> {
    let deployment = stage.deployment_waits(SHA, TITLE)?;
    println!("A deployment of checkout-api waits for production. Decide about it here:\n\n    {}\n", stage.base);
    println!("Sign in as Approver One and Approver Two; Requester One and Author One will be refused.");
    println!("Everything lies in a temporary folder and is gone when you press Ctrl-C.");
    tokio::select! {
        () = stage.deliver_everything() => {}
        () = stage.go_on_when_approved(deployment) => {}
        () = told_to_stop() => {}
    }
    Ok(ExitCode::SUCCESS)
}
