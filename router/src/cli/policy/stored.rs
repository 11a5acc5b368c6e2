//! The change that a command asks about, as the database of countersign.toml has it.

use super::USAGE;
use crate::cli::{ConfigFile, Format};
use crate::start::connect;
use anyhow::Context;
use clap::Args;
use engine::change::Change;
use engine::event::{Opened, What};
use entities::{ChangeAddress, Store};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Asked {
    #[command(flatten)]
    config: ConfigFile,
    /// CHG-1042, 1042 or the id of a change
    change: String,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// A change, and where it came from.
pub struct Stored {
    pub store: Store,
    pub change: Change,
    pub opened: Opened,
}

impl Asked {
    /// The change; or the exit code, after what is wrong was said.
    pub async fn stored(&self) -> anyhow::Result<Result<Stored, ExitCode>> {
        let Some(address) = ChangeAddress::parse(&self.change) else {
            eprintln!("countersign: “{}” is no change. Write it as CHG-1042, 1042 or its id.", self.change);
            return Ok(Err(ExitCode::from(USAGE)));
        };
        let store = connect(&self.config.read()?).await?;
        let Some(summary) = store.find_change(&address).await? else {
            eprintln!("countersign: there is no change {} in this database. The console lists those that there are.", self.change);
            return Ok(Err(ExitCode::FAILURE));
        };
        let log = store.events(summary.id).await?;
        let change = Change::fold(&log).with_context(|| format!("the log of {} can’t be read", summary.number))?;
        let opened = log.into_iter().find_map(|event| if let What::Opened(opened) = event.what { Some(*opened) } else { None });
        let opened = opened.with_context(|| format!("the log of {} has no opening", summary.number))?;
        Ok(Ok(Stored { store, change, opened }))
    }
}
