//! `with-postgres COMMAND…` runs a command beside one PostgreSQL cluster that all of its test processes share.
//!
//! Starting a cluster takes a second, copying its template some hundredths: `with-postgres cargo nextest run`.

use std::process::{Command, ExitCode};
use tests::postgres::{Cluster, SHARED_CLUSTER};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let Some(program) = arguments.next() else {
        eprintln!("usage: with-postgres COMMAND [ARGUMENT…]");
        return ExitCode::from(2);
    };
    let cluster = Cluster::start();
    let status = Command::new(&program).args(arguments).env(SHARED_CLUSTER, cluster.url()).status();
    match status {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("{}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}
