//! A GitHub of our own: one repository's workflow runs, their deployments and reviews, kept in memory behind its REST API.
//!
//! Facts are from GitHub's public documentation and REST description; where they leave something open, it answers as
//! unhelpfully as they allow. It knows the story's clock and no other.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a fake that can't go on ends the story that it plays in")]

mod door;
mod hooks;
mod reviewing;
mod runs;
mod state;
mod tokens;

pub use super::fault::Fault;
pub use hooks::Delivery;
pub use state::{Call, Commit, Deploy, Gate, Review, State};

use super::line::Line;
use router::clock::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// The application that Countersign plays, and where it is installed.
pub const APP: u64 = 4242;
pub const INSTALLATION: i64 = 80;
/// The user that acts for the application: `countersign[bot]`.
pub const APP_USER: i64 = 900;
/// The person or bot behind the reviewer's token.
pub const REVIEWER: i64 = 901;
pub const REVIEWER_TOKEN: &str = "github_pat_of_the_stories";
pub const APP_KEY: &str = include_str!("../../../../router/testdata/github/app-key.pem");

/// Clones speak of the same instance.
#[derive(Clone)]
pub struct FakeGithub {
    shared: Arc<Shared>,
}

struct Shared {
    hook_secret: String,
    clock: Arc<dyn Clock>,
    base: Url,
    state: Mutex<State>,
}

impl FakeGithub {
    /// Serves a new instance on loopback, at the end of this line.
    pub async fn serve(hook_secret: &str, clock: Arc<dyn Clock>, line: &Line) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback");
        let base = Url::parse(&format!("http://{}", listener.local_addr().expect("its address"))).expect("a URL");
        let shared = Shared { hook_secret: hook_secret.to_owned(), clock, base, state: Mutex::default() };
        let github = Self { shared: Arc::new(shared) };
        let router = line.to(door::router(github.clone()));
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        github
    }

    /// What `api_url` of the configuration is.
    pub fn api_url(&self) -> Url {
        self.shared.base.clone()
    }

    pub fn add_commit(&self, commit: Commit) {
        let mut state = self.state();
        state.commits.insert(commit.sha.clone(), commit);
    }

    /// A workflow run comes to its deployment job and waits; its id.
    pub fn deploy(&self, deploy: Deploy) -> i64 {
        let id = self.state().open_run(deploy);
        self.says_waiting(id);
        id
    }

    /// Somebody runs it again: the same run, another deployment.
    pub fn run_again(&self, run: i64, user: i64) {
        self.state().open_attempt(run, user);
        self.says_waiting(run);
    }

    /// The deployment comes to this status, as its job reports it.
    pub fn comes_to(&self, run: i64, status: &'static str) {
        self.state().set_status(run, status);
        self.emit(run, "deployment_status");
    }

    /// Somebody cancels the run while it waits. The deployment gets no further status.
    pub fn cancel(&self, run: i64) {
        self.state().cancel(run);
        self.emit(run, "workflow_job");
    }

    /// A required reviewer decides on GitHub's own pages.
    pub fn is_reviewed(&self, run: i64, review: Review) {
        self.state().review(run, review);
        self.emit(run, "deployment_review");
    }

    /// The hooks that were set off since the last time, in order.
    pub fn take_deliveries(&self) -> Vec<Delivery> {
        self.state().deliveries.drain(..).collect()
    }

    /// The next `count` calls that try to change something there end like this.
    pub fn fail_next(&self, count: usize, fault: Fault) {
        self.state().faults.extend(std::iter::repeat_n(fault, count));
    }

    /// Tokens that were lent are not accepted any more.
    pub fn takes_tokens_back(&self) {
        self.state().tokens.clear();
    }

    /// What is there now. A story that fails while it holds the lock must not hide behind a second failure here.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn says_waiting(&self, run: i64) {
        if self.state().run(run).deploy.gate == Gate::Rule {
            self.emit(run, "deployment_protection_rule");
        }
        self.emit(run, "deployment_status");
    }

    fn emit(&self, run: i64, event: &str) {
        let mut state = self.state();
        state.sent += 1;
        let delivery = hooks::delivery(&self.shared, &state, run, event);
        state.deliveries.push_back(delivery);
    }
}
