//! `make bench`: the figures of docs/performance.md, taken from the shipped binary with the load beside it.

#![allow(clippy::disallowed_methods, reason = "a measurement waits in real time")]

use std::time::Duration;
use tests::bench::hooks::{BODY_BYTES, github, gitlab};
use tests::bench::load::{Load, Request};
use tests::bench::node::{Node, release_binary};
use tests::postgres::Cluster;
use tests::sqlite;

const CONNECTIONS: usize = 64;
const LASTS: Duration = Duration::from_secs(10);
/// Before idle memory is read.
const CALM: Duration = Duration::from_secs(3);
const STARTS: usize = 5;

#[tokio::main]
async fn main() {
    println!("{CONNECTIONS} connections, bodies of {BODY_BYTES} bytes, {} s each; load and server share this machine\n", LASTS.as_secs());
    let cluster = Cluster::durable();
    sqlite_figures().await;
    postgres_figures(&cluster).await;
}

async fn sqlite_figures() {
    let database = sqlite::database();
    starts("SQLite", database.url());
    for (what, request) in loads() {
        let database = sqlite::database();
        figures("SQLite", what, database.url(), request).await;
    }
}

async fn postgres_figures(cluster: &Cluster) {
    let database = cluster.database();
    starts("PostgreSQL", database.url());
    for (what, request) in loads() {
        let database = cluster.database();
        figures("PostgreSQL", what, database.url(), request).await;
    }
}

fn loads() -> [(&'static str, Request); 2] {
    [("durable signed hooks", github), ("hooks that open a change each", gitlab)]
}

/// Start to ready on a database that has its schema, the median of some; then idle memory.
fn starts(engine: &str, database: &str) {
    let binary = release_binary();
    let mut times: Vec<Duration> = (0..STARTS).map(|_| Node::start(&binary, database).1).collect();
    times.sort_unstable();
    println!("{engine:<11} start to ready                  {:>7.0} ms (median of {STARTS})", times[STARTS / 2].as_secs_f64() * 1e3);
    let (node, _) = Node::start(&binary, database);
    std::thread::sleep(CALM);
    println!("{engine:<11} idle memory                     {:>7.1} MB resident", node.memory_kib() as f64 / 1024.0);
}

async fn figures(engine: &str, what: &str, database: &str, request: Request) {
    let (node, _) = Node::start(&release_binary(), database);
    let load = Load { address: node.address, connections: CONNECTIONS, lasts: LASTS, request };
    let figures = load.run().await;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{engine:<11} {what:<31} {:>7.0} /s   p50 {:>5.1} ms   p99 {:>5.1} ms   ({} answered, {:.1} MB resident)",
        figures.per_second,
        ms(figures.p50),
        ms(figures.p99),
        figures.answered,
        node.memory_kib() as f64 / 1024.0,
    );
}
