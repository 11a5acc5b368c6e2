//! `make bench`: the figures of docs/performance.md, taken from the shipped binary with the load beside it.
//!
//! `--only PART` measures one part. Progress goes to standard error, the table to standard output.

use std::process::ExitCode;
use std::time::Instant;
use tests::bench::figure::Figure;
use tests::bench::parts::{PARTS, figures};
use tests::postgres::Cluster;
use tests::sqlite;

fn main() -> ExitCode {
    let parts = match wanted(std::env::args().skip(1)) {
        Ok(parts) => parts,
        Err(why) => {
            eprintln!("bench: {why}");
            return ExitCode::FAILURE;
        }
    };
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(measure(&parts)),
        Err(error) => {
            eprintln!("bench: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn wanted(mut arguments: impl Iterator<Item = String>) -> Result<Vec<&'static str>, String> {
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => Ok(PARTS.to_vec()),
        (Some("--only"), Some(name)) => match PARTS.iter().find(|part| **part == name) {
            Some(part) => Ok(vec![*part]),
            None => Err(format!("there is no part {name}; there are {}", PARTS.join(", "))),
        },
        (Some(_), _) => Err("nothing is understood but --only PART".to_owned()),
    }
}

#[allow(clippy::disallowed_methods, reason = "how long it takes is told in real time")]
async fn measure(parts: &[&str]) {
    let (began, cluster) = (Instant::now(), Cluster::durable());
    let mut seen: Vec<Figure> = Vec::new();
    for part in parts {
        eprintln!("{:>4} s  {part}", began.elapsed().as_secs());
        let database = sqlite::database();
        seen.extend(figures(part, "SQLite", database.url()).await);
        if *part != "engine" {
            let database = cluster.database();
            seen.extend(figures(part, "PostgreSQL", database.url()).await);
        }
    }
    eprintln!("{:>4} s  done", began.elapsed().as_secs());
    for figure in seen {
        println!("{figure}");
    }
}
