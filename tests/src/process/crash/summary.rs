//! The figures of one run, in a few lines.

use super::scene::Scene;
use crate::process::patience::now_micros;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

pub struct Summary {
    pub kills: u64,
    pub settled: Duration,
    /// On record in the database.
    pub votes: usize,
    pub refused: usize,
    /// Approvals that GitLab holds although a newer change replaced theirs.
    pub overtaken: usize,
    began: i64,
    starts: Vec<Duration>,
    states: BTreeMap<String, usize>,
}

impl Summary {
    pub fn begin(kills: u64) -> Self {
        Self {
            kills,
            settled: Duration::ZERO,
            votes: 0,
            refused: 0,
            overtaken: 0,
            began: now_micros(),
            starts: Vec::new(),
            states: BTreeMap::new(),
        }
    }

    pub fn started(&mut self, within: Duration) {
        self.starts.push(within);
    }

    pub fn saw<'a>(&mut self, changes: impl Iterator<Item = &'a Value>) {
        changes.for_each(|change| *self.states.entry(change["state"].as_str().unwrap_or_default().to_owned()).or_default() += 1);
    }

    pub fn told(&self, scene: &Scene) -> String {
        let ledger = scene.ledger();
        let deployments: Vec<_> = ledger.deployments.keys().filter_map(|id| scene.forge.gitlab.deployment(*id)).collect();
        let decisions: usize = deployments.iter().map(|deployment| scene.forge.decisions(deployment)).sum();
        let plays: usize = deployments.iter().map(|deployment| scene.forge.plays(deployment)).sum();
        let sent: usize = ledger.hooks.values().map(|hook| hook.sent).sum();
        let forms_sent: usize = ledger.forms.iter().map(|form| form.sent).sum();
        let calls = scene.forge.gitlab.calls().len();
        let (cards, distinct) = cards(scene);
        let seconds = now_micros().abs_diff(self.began) / 1_000_000;
        format!(
            "{} kills, {} starts to ready ({}), {seconds} s, of them {} s to settle\n\
             {} hooks, sent {sent} times; {} changes: {:?}\n\
             {} forms, sent {forms_sent} times: {} votes, {} refusals\n\
             GitLab was called {calls} times, took {decisions} decisions and started {plays} jobs, {} approvals were overtaken; {cards} cards for {distinct} changes",
            self.kills,
            self.starts.len(),
            self.start_times(),
            self.settled.as_secs(),
            ledger.hooks.len(),
            ledger.deployments.len(),
            self.states,
            ledger.forms.len(),
            self.votes,
            self.refused,
            self.overtaken,
        )
    }

    fn start_times(&self) -> String {
        let mut times = self.starts.clone();
        times.sort_unstable();
        let middle = times.get(times.len() / 2).map_or(0, Duration::as_millis);
        format!("median {middle} ms, longest {} ms", times.last().map_or(0, Duration::as_millis))
    }
}

/// Cards that were posted, and the changes that they were about.
fn cards(scene: &Scene) -> (usize, usize) {
    let (mut targets, _) = scene.workspace.asked(0);
    let posted = targets.len();
    targets.sort_unstable();
    targets.dedup();
    (posted, targets.len())
}
