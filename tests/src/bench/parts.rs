//! What `make bench` measures, part by part: each on both databases, but for the engine, which has none.

use super::figure::{Aim, Figure, quantile};
use super::hooks::{Request, github, gitlab};
use super::load::{Answers, Load, prepared};
use super::node::{Node, Site};
use super::{decisions, loading, rules, timers};
use std::time::Duration;

const CONNECTIONS: usize = 64;
const LASTS: Duration = Duration::from_secs(6);
/// More than can be answered while it lasts.
const REQUESTS: u64 = 150_000;
/// Before idle memory is read.
const CALM: Duration = Duration::from_secs(3);
const STARTS: usize = 5;

/// The parts by their names, in the order in which they are measured.
pub const PARTS: [&str; 6] = ["engine", "start", "hooks", "openings", "decisions", "timers"];

/// One part on one database. The engine alone needs none.
pub async fn figures(part: &str, engine: &'static str, database: &str) -> Vec<Figure> {
    match part {
        "engine" => rules::figures().into_iter().chain(loading::figures()).collect(),
        "start" => start(engine, database),
        "hooks" => hooks(engine, database),
        "openings" => openings(engine, database),
        "decisions" => decisions::figures(engine, database).await,
        "timers" => timers::figures(engine, database).await,
        other => panic!("there is no part {other}"),
    }
}

/// Start to ready on a database that has its schema, the median of some; then idle memory.
fn start(engine: &'static str, database: &str) -> Vec<Figure> {
    let site = Site { database, peers: None };
    let mut times: Vec<f64> = (0..STARTS).map(|_| Node::start(&site).1.as_secs_f64() * 1e3).collect();
    let (node, _) = Node::start(&site);
    std::thread::sleep(CALM);
    vec![
        Figure { what: "start to ready, median of 5", engine, unit: "ms", aim: Aim::AtMost(200.0), seen: quantile(&mut times, 0.5) },
        Figure { what: "idle memory, resident", engine, unit: "MB", aim: Aim::AtMost(40.0), seen: node.memory_mb() },
    ]
}

/// Durable, signed, each with a key of its own; nothing follows from them.
fn hooks(engine: &'static str, database: &str) -> Vec<Figure> {
    let aim = if engine == "SQLite" { 15_000.0 } else { 8_000.0 };
    let (mut answers, cpu_us, memory) = load(database, github);
    let figure = |what, unit, seen, aim| Figure { what, engine, unit, aim, seen };
    vec![
        figure("durable signed hooks of 2 KB, 64 connections", "/s", answers.per_second, Aim::AtLeast(aim)),
        figure("… p99", "ms", quantile(&mut answers.times, 0.99), Aim::AtMost(30.0)),
        figure("… p50", "ms", quantile(&mut answers.times, 0.5), Aim::None),
        figure("… processor time of the node, a hook", "µs", cpu_us, Aim::None),
        figure("… processor time of the load, a hook", "µs", answers.own_cpu_us, Aim::None),
        figure("… memory meanwhile, resident", "MB", memory, Aim::None),
    ]
}

/// The same load, and each hook opens a change behind it, in the same process.
fn openings(engine: &'static str, database: &str) -> Vec<Figure> {
    let (mut answers, _, memory) = load(database, gitlab);
    let figure = |what, unit, seen| Figure { what, engine, unit, aim: Aim::None, seen };
    vec![
        figure("hooks that open a change each, accepted", "/s", answers.per_second),
        figure("… p99", "ms", quantile(&mut answers.times, 0.99)),
        figure("… memory meanwhile, resident", "MB", memory),
    ]
}

/// The answers, what the node used for each in µs, and its memory in MB.
fn load(database: &str, request: Request) -> (Answers, f64, f64) {
    let requests = prepared(request, REQUESTS);
    let (node, _) = Node::start(&Site { database, peers: None });
    let used = node.cpu();
    let load = Load { address: node.address, connections: CONNECTIONS, lasts: LASTS, requests };
    let answers = std::thread::spawn(|| load.run()).join().expect("a load to its end");
    let cpu_us = (node.cpu() - used).as_secs_f64() * 1e6 / answers.times.len() as f64;
    (answers, cpu_us, node.memory_mb())
}
