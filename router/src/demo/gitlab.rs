//! A pretend GitLab: the part of its API that Countersign calls, and the hooks that it would send.
//!
//! The demo and the system tests speak to it over HTTP like to the real one. It answers with GitLab's own status codes
//! and sentences (from its public documentation and source), keeps everything in memory, and knows neither clock nor
//! chance: ids count upwards, times are made from the count.

mod answers;
mod approving;
mod faults;
mod hooks;
mod world;

#[cfg(test)]
mod tests;

pub use faults::{Fault, Recorded};
pub use hooks::{Delivery, HookStatus};
pub use world::{Commit, Deploy, Deployment, DeploymentStatus, Job, JobStatus, MergeRequest, Protection};

use axum::Router;
use engine::event::{DeploymentOutcome, ToolDecision};
use faults::Faults;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use world::World;

/// The user that Countersign's token belongs to.
pub const BOT: i64 = 900;
/// Where the API begins: `http://<address>/api/v4` is an integration's `api_url`.
pub const API_ROOT: &str = "/api/v4";

/// Clones speak of the same instance.
#[derive(Clone)]
pub struct PretendGitlab {
    shared: Arc<Shared>,
}

struct Shared {
    /// What `PRIVATE-TOKEN` must be.
    token: String,
    /// What `X-Gitlab-Token` of every hook is.
    hook_secret: String,
    state: Mutex<State>,
    faults: Faults,
}

/// What our webhook there is subscribed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Events {
    #[default]
    Deployments,
    Jobs,
}

#[derive(Default)]
struct State {
    world: World,
    deliveries: VecDeque<Delivery>,
    subscribed: Events,
    sent: u64,
}

impl PretendGitlab {
    pub fn new(token: &str, hook_secret: &str) -> Self {
        let (token, hook_secret) = (token.to_owned(), hook_secret.to_owned());
        Self { shared: Arc::new(Shared { token, hook_secret, state: Mutex::default(), faults: Faults::default() }) }
    }

    /// The API below [`API_ROOT`]. Every call is recorded, and queued faults come before its answer.
    pub fn router(&self) -> Router {
        answers::router(self.clone())
    }

    /// The new project's id.
    pub fn add_project(&self, path: &str) -> i64 {
        self.state().world.add_project(path)
    }

    pub fn protect(&self, project: i64, environment: &str, protection: Protection) {
        self.state().world.protect(project, environment, protection);
    }

    pub fn add_commit(&self, project: i64, commit: Commit) {
        self.state().world.add_commit(project, commit);
    }

    pub fn add_merge_request(&self, project: i64, request: MergeRequest) {
        self.state().world.add_merge_request(project, request);
    }

    /// From now on.
    pub fn subscribe(&self, events: Events) {
        self.state().subscribed = events;
    }

    /// Somebody merges it: a hook. `None` for an unknown one.
    pub fn merge(&self, project: i64, number: i64, user: i64) -> Option<()> {
        let mut state = self.state();
        state.world.merge(project, number, user)?;
        state.sent += 1;
        let delivery = hooks::merge_request(&self.shared.hook_secret, &state.world, project, number, state.sent)?;
        state.deliveries.push_back(delivery);
        Some(())
    }

    /// GitLab Free has no approvals: its API knows no such path.
    pub fn without_approvals(&self) {
        self.state().world.has_approvals = false;
    }

    /// A pipeline comes to its deployment job and waits: a `blocked` hook. `None` for an unknown project or commit.
    pub fn deploy(&self, deploy: Deploy) -> Option<i64> {
        let mut state = self.state();
        let id = state.world.deploy(deploy)?;
        self.emit(&mut state, id, HookStatus::Blocked);
        Some(id)
    }

    /// The started job reaches a runner: a `running` hook.
    pub fn run(&self, deployment: i64) {
        self.advance(deployment, DeploymentStatus::Running, JobStatus::Running, HookStatus::Running);
    }

    /// The job ends: the last hook of the deployment.
    pub fn finish(&self, deployment: i64, outcome: DeploymentOutcome) {
        let (to, job, hook) = match outcome {
            DeploymentOutcome::Success => (DeploymentStatus::Success, JobStatus::Success, HookStatus::Success),
            DeploymentOutcome::Failure => (DeploymentStatus::Failed, JobStatus::Failed, HookStatus::Failed),
            DeploymentOutcome::Cancelled => (DeploymentStatus::Canceled, JobStatus::Canceled, HookStatus::Canceled),
        };
        self.advance(deployment, to, job, hook);
    }

    /// Somebody cancels the pipeline while its deployment waits: the hook of the pipeline.
    pub fn cancel_pipeline(&self, deployment: i64) {
        let mut state = self.state();
        state.world.advance(deployment, DeploymentStatus::Canceled, JobStatus::Canceled);
        state.sent += 1;
        let delivery = hooks::pipeline(&self.shared.hook_secret, &state.world, deployment, "canceled", state.sent);
        state.deliveries.extend(delivery);
    }

    /// Somebody decides in GitLab's own page. `Err` is the sentence that they read there.
    pub fn decide_in_gitlab(&self, deployment: i64, user: i64, decision: ToolDecision, comment: &str) -> Result<(), String> {
        let word = match decision {
            ToolDecision::Approve => "approved",
            ToolDecision::Reject => "rejected",
        };
        self.approve(deployment, user, word, comment).map(|_| ())
    }

    /// Somebody starts the manual job in GitLab's own page; false if it can't be started.
    pub fn play_in_gitlab(&self, job: i64) -> bool {
        self.state().world.play(job).is_some()
    }

    pub fn deployment(&self, id: i64) -> Option<Deployment> {
        self.state().world.deployments.get(&id).cloned()
    }

    pub fn job(&self, id: i64) -> Option<Job> {
        self.state().world.jobs.get(&id).cloned()
    }

    /// The hooks that were set off since the last time, in order.
    pub fn take_deliveries(&self) -> Vec<Delivery> {
        self.state().deliveries.drain(..).collect()
    }

    /// The hook that GitLab would send if the deployment came to this status now, as a delivery of its own.
    pub fn deployment_hook(&self, deployment: i64, status: HookStatus) -> Option<Delivery> {
        let mut state = self.state();
        state.sent += 1;
        hooks::delivery(&self.shared.hook_secret, &state.world, deployment, status, state.sent)
    }

    /// The next `count` calls fail in this way, after those that were queued before.
    pub fn fail_next(&self, count: usize, fault: Fault) {
        self.shared.faults.queue(count, fault);
    }

    /// `good` calls are answered, and the one after them fails in this way.
    pub fn fail_later(&self, good: usize, fault: Fault) {
        self.shared.faults.queue_after(good, fault);
    }

    /// Answers everything that [`Fault::Slow`] holds back.
    pub fn answer_now(&self) {
        self.shared.faults.release();
    }

    /// Every call so far, those that failed included.
    pub fn calls(&self) -> Vec<Recorded> {
        self.shared.faults.recorded()
    }

    pub fn forget_calls(&self) {
        self.shared.faults.forget();
    }

    fn approve(&self, deployment: i64, user: i64, status: &str, comment: &str) -> Result<world::Approval, String> {
        let mut state = self.state();
        let before = state.world.deployments.get(&deployment).map(|deployment| deployment.status);
        let approval = approving::decide(&mut state.world, deployment, approving::Ballot { user, status, comment })?;
        self.emit(&mut state, deployment, if approval.approved { HookStatus::Approved } else { HookStatus::Rejected });
        let after = state.world.deployments.get(&deployment).map(|deployment| deployment.status);
        if before != after && after == Some(DeploymentStatus::Failed) {
            self.emit(&mut state, deployment, HookStatus::Failed);
        }
        Ok(approval)
    }

    fn advance(&self, deployment: i64, to: DeploymentStatus, job: JobStatus, hook: HookStatus) {
        let mut state = self.state();
        state.world.advance(deployment, to, job);
        self.emit(&mut state, deployment, hook);
    }

    fn emit(&self, state: &mut State, deployment: i64, status: HookStatus) {
        state.sent += 1;
        let (secret, sent) = (&self.shared.hook_secret, state.sent);
        let delivery = match (state.subscribed, status) {
            (Events::Deployments, _) => hooks::delivery(secret, &state.world, deployment, status, sent),
            // An approval changes nothing about the job.
            (Events::Jobs, HookStatus::Approved | HookStatus::Rejected) => None,
            (Events::Jobs, _) => hooks::job(secret, &state.world, deployment, sent),
        };
        state.deliveries.extend(delivery);
    }

    /// A test that fails while it holds the lock must not hide behind a second failure here.
    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
