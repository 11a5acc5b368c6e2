//! The line between us and the tools: while it is bad, three calls in ten fail, in every way that a call can fail.
//!
//! Whether a call fails depends on the seed, on its method and path, and on how often those were called before: with the
//! same seed the same ones fail, whoever comes first. The ways to fail take turns, so that none is left out.

#![allow(clippy::expect_used, reason = "a fake that can't go on ends the story that it plays in")]

use super::door::{Call, lock};
use super::fault::Fault;
use crate::chance::Chance;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use engine::Timestamp;
use router::clock::Clock;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How many of a hundred calls fail.
const FAILING: u64 = 30;
/// The largest body that is passed on, in bytes.
const BODY_BYTES: usize = 1024 * 1024;

/// Clones are the same line.
#[derive(Clone)]
pub struct Line(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<Weather>,
}

#[derive(Default)]
struct Weather {
    bad: Option<Bad>,
    /// Method and path → how often.
    counts: BTreeMap<String, u64>,
    /// Calls that failed so far.
    failed: u64,
    attempts: Vec<Attempt>,
}

/// How it is while it is bad.
#[derive(Clone, Copy, Debug)]
pub struct Bad {
    pub seed: u64,
    /// Nobody asks for a longer one, in seconds.
    pub longest_pause_s: u64,
}

/// A call that was made while the line was bad.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub call: Call,
    pub at: Timestamp,
    pub fault: Option<Fault>,
}

impl Line {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared { clock, state: Mutex::default() }))
    }

    /// The tool as it is reached over this line.
    pub fn to(&self, tool: Router) -> Router {
        tool.layer(from_fn_with_state(self.clone(), pass))
    }

    pub fn turns_bad(&self, bad: Bad) {
        lock(&self.0.state).bad = Some(bad);
    }

    /// Every call since it turned bad, whether it arrived or not.
    pub fn attempts(&self) -> Vec<Attempt> {
        lock(&self.0.state).attempts.clone()
    }

    fn meets(&self, call: Call) -> Option<Fault> {
        let mut weather = lock(&self.0.state);
        let Bad { seed, longest_pause_s } = weather.bad?;
        let what = format!("{} {}", call.method, call.path);
        let nth = weather.counts.entry(what.clone()).or_default();
        *nth += 1;
        let mut chance = Chance::seeded(digest(&format!("{seed} {nth} {what}")));
        let fails = chance.below(100) < FAILING;
        weather.failed += u64::from(fails);
        let fault = fails.then(|| way_to_fail(weather.failed, 1 + chance.below(longest_pause_s)));
        weather.attempts.push(Attempt { call, at: self.0.clock.now(), fault });
        fault
    }
}

fn way_to_fail(turn: u64, pause_s: u64) -> Fault {
    match turn % 12 {
        0 => Fault::Unheard,
        1 => Fault::DoneButSilent,
        2 => Fault::Status(500),
        3 => Fault::Status(503),
        4 => Fault::DoneBut(502),
        5 | 6 => Fault::Limited(pause_s),
        7 | 8 => Fault::Reset,
        _ => Fault::DoneButDropped,
    }
}

fn digest(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

async fn pass(State(line): State<Line>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_BYTES).await.expect("a body");
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
    let fault = line.meets(Call { method: parts.method.to_string(), path, headers: parts.headers.clone(), body: body.clone() });
    let answer = next.run(Request::from_parts(parts, Body::from(body)));
    match fault {
        None => answer.await,
        Some(fault) => fault.befalls(answer).await,
    }
}
