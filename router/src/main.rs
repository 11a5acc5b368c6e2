//! `countersign`: deployment approvals. One binary for the demo, the service and its care.

use clap::Parser;
use router::cli::{Cli, run};
use std::process::ExitCode;

/// Conditions are evaluated on worker threads; their depth is capped, and this leaves room for the cap.
const STACK_BYTES: usize = 8 << 20;

fn main() -> ExitCode {
    let cli = Cli::parse();
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("countersign: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("countersign: {error:#}");
            ExitCode::FAILURE
        }
    }
}
