//! `countersign serve`

use super::ConfigFile;
use crate::clock::SystemClock;
use crate::serve::{EVERY_ROLE, Role, reload_on_hangup, run, told_to_stop};
use crate::start::assemble;
use crate::telemetry;
use anyhow::Context;
use clap::Args;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    config: ConfigFile,
    /// Only these parts of the work, comma-separated; everything if left out
    #[arg(long, value_delimiter = ',')]
    only: Vec<Role>,
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let settings = self.config.read()?;
        telemetry::log(&settings.log).map_err(anyhow::Error::msg)?;
        telemetry::measure();
        let listen = settings.server.listen;
        let app = assemble(settings, Arc::new(SystemClock), None).await?;
        let roles = if self.only.is_empty() { EVERY_ROLE.to_vec() } else { self.only };
        let listener = match roles.contains(&Role::Router) {
            true => Some(TcpListener::bind(listen).await.with_context(|| format!("server.listen {listen} can't be used"))?),
            false => None,
        };
        tokio::spawn(reload_on_hangup(app.clone()));
        let address = listener.as_ref().and_then(|listener| listener.local_addr().ok());
        tracing::info!(listen = address.map(tracing::field::display), roles = ?roles, version = env!("CARGO_PKG_VERSION"), "ready");
        run(app, &roles, listener, told_to_stop()).await?;
        Ok(ExitCode::SUCCESS)
    }
}
