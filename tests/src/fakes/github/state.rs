//! What the fake keeps.

use super::{Delivery, Fault};
use engine::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// The one repository.
pub const REPOSITORY: i64 = 79;
pub const PATH: &str = "example/checkout-api";
/// The id of every environment: there is one for each run.
pub const ENVIRONMENT: i64 = 5;

#[derive(Default)]
pub struct State {
    pub commits: BTreeMap<String, Commit>,
    pub runs: BTreeMap<i64, Run>,
    /// Token → when it runs out, and what it may do.
    pub tokens: BTreeMap<String, (Timestamp, Value)>,
    pub lent: u64,
    pub calls: Vec<Call>,
    pub unexpected: Vec<String>,
    pub faults: VecDeque<Fault>,
    pub deliveries: VecDeque<Delivery>,
    pub sent: u64,
    last_id: i64,
}

/// Who has to let a deployment through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The application, by its protection rule.
    Rule,
    /// A required reviewer.
    Reviewers,
}

#[derive(Clone, Debug)]
pub struct Deploy {
    pub environment: String,
    pub sha: String,
    /// Who started the run.
    pub user: i64,
    pub gate: Gate,
}

#[derive(Clone, Debug)]
pub struct Commit {
    pub sha: String,
    pub message: String,
    /// User id.
    pub author: i64,
    /// The pull request that brought it: its author and who merged it.
    pub pull: Option<(i64, i64)>,
}

pub struct Run {
    pub deploy: Deploy,
    pub attempt: u64,
    /// The newest last.
    pub deployments: Vec<Deployment>,
    pub reviews: Vec<Review>,
    /// What the rule shows below the newest deployment while it waits.
    pub reports: Vec<String>,
    pub is_pending: bool,
    pub conclusion: Option<&'static str>,
}

pub struct Deployment {
    pub id: i64,
    pub user: i64,
    pub statuses: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub user: i64,
    pub is_approval: bool,
    pub comment: String,
}

/// One call as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub body: Value,
}

impl Call {
    /// Whether it is to decide what waits; tokens are lent and words are shown by the way.
    pub fn is_review(&self) -> bool {
        self.method == "POST" && !self.body["state"].is_null()
    }
}

impl Run {
    pub fn newest(&self) -> &Deployment {
        self.deployments.last().expect("a run has a deployment")
    }
}

impl State {
    pub fn run(&self, id: i64) -> &Run {
        self.runs.get(&id).unwrap_or_else(|| panic!("GitHub has no run {id}"))
    }

    fn run_mut(&mut self, id: i64) -> &mut Run {
        self.runs.get_mut(&id).unwrap_or_else(|| panic!("GitHub has no run {id}"))
    }

    pub fn open_run(&mut self, deploy: Deploy) -> i64 {
        let (id, user) = (self.new_id(), deploy.user);
        let run = Run {
            deploy,
            attempt: 0,
            deployments: Vec::new(),
            reviews: Vec::new(),
            reports: Vec::new(),
            is_pending: false,
            conclusion: None,
        };
        self.runs.insert(id, run);
        self.open_attempt(id, user);
        id
    }

    pub fn open_attempt(&mut self, run: i64, user: i64) {
        let id = self.new_id();
        let run = self.run_mut(run);
        run.attempt += 1;
        run.is_pending = true;
        run.conclusion = None;
        run.reports.clear();
        run.deployments.push(Deployment { id, user, statuses: vec!["waiting"] });
    }

    pub fn set_status(&mut self, run: i64, status: &'static str) {
        self.run_mut(run).deployments.last_mut().expect("a run has a deployment").statuses.push(status);
    }

    pub fn report(&mut self, run: i64, comment: String) {
        self.run_mut(run).reports.push(comment);
    }

    pub fn cancel(&mut self, run: i64) {
        let run = self.run_mut(run);
        run.is_pending = false;
        run.conclusion = Some("cancelled");
    }

    /// One word lets it through, and one stops it.
    pub fn review(&mut self, id: i64, review: Review) {
        let is_approval = review.is_approval;
        let run = self.run_mut(id);
        run.is_pending = false;
        run.reviews.push(review);
        if !is_approval {
            run.conclusion = Some("failure");
        }
        self.set_status(id, if is_approval { "queued" } else { "failure" });
    }

    fn new_id(&mut self) -> i64 {
        self.last_id += 1;
        1000 + self.last_id
    }
}
