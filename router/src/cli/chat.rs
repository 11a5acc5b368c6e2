//! `countersign chat register|check`: the chat platforms of the configuration, asked from here.

use super::ConfigFile;
use crate::net::Guard;
use crate::settings::Settings;
use crate::start::platforms;
use anyhow::bail;
use bot::Platform;
use clap::{Args, Subcommand};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub enum ChatCommand {
    /// Make the command /gate known where a platform wants to be told
    Register(Register),
    /// Ask each platform who we are there, and say what does not fit
    Check(ConfigFile),
}

#[derive(Debug, Args)]
pub struct Register {
    #[command(flatten)]
    config: ConfigFile,
    /// Only in this server, where it shows at once
    #[arg(long, value_name = "ID")]
    server: Option<String>,
}

impl ChatCommand {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Register(register) => register.run().await,
            Self::Check(config) => check(&config.read()?).await,
        }
    }
}

impl Register {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let mut code = ExitCode::SUCCESS;
        for platform in configured(&self.config.read()?)? {
            match platform.register(self.server.as_deref()).await {
                Ok(done) => println!("{}: {done}", platform.name()),
                Err(error) => code = failed(platform.as_ref(), &error.to_string()),
            }
        }
        Ok(code)
    }
}

async fn check(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for platform in configured(settings)? {
        match platform.check().await {
            Ok(checked) => {
                println!("{}: we are {}", platform.name(), checked.identity);
                for fault in &checked.faults {
                    code = failed(platform.as_ref(), fault);
                }
            }
            Err(error) => code = failed(platform.as_ref(), &format!("{error}. Look at its token and at api_url.")),
        }
    }
    Ok(code)
}

fn configured(settings: &Settings) -> anyhow::Result<Vec<Box<dyn Platform>>> {
    let platforms = platforms(settings, &Arc::new(Guard::new(settings.network.allow_private.clone())))?;
    if platforms.is_empty() {
        bail!("No chat platform is configured. docs/configuration.md lists the sections that switch one on.");
    }
    Ok(platforms)
}

fn failed(platform: &dyn Platform, what: &str) -> ExitCode {
    eprintln!("{}: {what}", platform.name());
    ExitCode::FAILURE
}
