//! `countersign check`: everything that `serve` would stumble over, without starting it.

use super::ConfigFile;
use crate::sources::Sources;
use crate::start::LawFiles;
use std::process::ExitCode;

pub fn run(config: &ConfigFile) -> anyhow::Result<ExitCode> {
    let settings = config.read()?;
    let mut faults: Vec<String> = Vec::new();
    if let Err(fault) = Sources::build(&settings.integration) {
        faults.push(format!("{}: {fault}", config.config.display()));
    }
    if let Err(fault) = LawFiles::read(&settings) {
        faults.push(fault.to_string());
    }
    if faults.is_empty() {
        println!("{}: configuration, policy and people are right", config.config.display());
        return Ok(ExitCode::SUCCESS);
    }
    faults.iter().for_each(|fault| eprintln!("{fault}"));
    Ok(ExitCode::FAILURE)
}
