//! The pretend Jenkins of a story: a build, its input, the step that asks, and the plugin that reports.

use super::World;
use super::hooks::Answer;
use crate::fakes::door::{Call, Tool};
use crate::fakes::fault::Fault;
use crate::fakes::jenkins::{Build, Input, TOKEN, USER};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

/// Hooks go to `/hooks/jenkins-main`.
pub const JENKINS: &str = "jenkins-main";
pub const SECRET: &str = "a secret of the pipeline";
const JOB: &str = "payments/checkout-api";
const SHA: &str = "5a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b";
/// As the pipeline has it; Jenkins writes it with a capital.
const INPUT: &str = "Deploy-gate";

pub(super) fn integration(url: &Url) -> Value {
    json!({ "name": JENKINS, "kind": "jenkins", "secret": SECRET, "api_url": url, "token": TOKEN })
}

/// One build of the job, whose input is the gate.
#[derive(Clone, Copy)]
pub struct Running<'w> {
    world: &'w World,
    number: u64,
}

impl World {
    /// A build runs that has not come to its input yet.
    pub fn jenkins_build(&self, number: u64) -> Running<'_> {
        let inputs = BTreeMap::from([(INPUT.to_owned(), Input::NotReached)]);
        let build = Build { inputs, submitters: vec![USER.to_owned(), "operator".to_owned()], ..Build::default() };
        self.jenkins.builds().insert((JOB.to_owned(), number), build);
        Running { world: self, number }
    }

    /// The next `count` calls of us with this method end like this.
    pub fn jenkins_fails_next(&self, method: &'static str, count: usize, fault: Fault) {
        self.jenkins.door().fails_next(method, count, fault);
    }
}

impl Running<'_> {
    /// The JSON of the step that asks for approval.
    pub fn step(self) -> Value {
        self.step_to("production")
    }

    fn step_to(self, environment: &str) -> Value {
        json!({
            "environment": environment, "sha": SHA, "job": JOB, "build": self.number, "input_id": "deploy-gate",
            "requested_by": "requester-1", "authors": ["author-1@example.com"],
            "build_url": format!("https://ci.example.com/job/payments/job/checkout-api/{}/", self.number),
        })
    }

    /// The step runs, and what follows from it is done.
    pub async fn asks(self) -> Answer {
        self.asks_for("production").await
    }

    /// As `asks`, to deploy there.
    pub async fn asks_for(self, environment: &str) -> Answer {
        let key = format!("jenkins-checkout-api-{}-gate", self.number);
        let headers = [("authorization", format!("Bearer {SECRET}")), ("idempotency-key", key)];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        let answer = self.world.posts(JENKINS, &headers, &self.step_to(environment).to_string()).await;
        self.world.settle().await;
        answer
    }

    pub fn reaches_its_input(self) {
        self.change(|build| {
            build.inputs.insert(INPUT.to_owned(), Input::Waits);
        });
    }

    /// Its input has these parameters.
    pub fn wants(self, parameters: &[Value]) {
        self.change(|build| {
            build.asks.insert(INPUT.to_owned(), parameters.to_vec());
        });
    }

    /// The parameters that it was let through with.
    pub fn given(self) -> BTreeMap<String, Value> {
        self.world.jenkins.builds()[&(JOB.to_owned(), self.number)].given.clone()
    }

    pub fn is_answered_by(self, user: &str, to: Input) {
        self.change(|build| build.answer(INPUT, user, to).expect("Jenkins lets them"));
    }

    pub fn lets_only(self, user: &str) {
        self.change(|build| build.submitters = vec![user.to_owned()]);
    }

    /// The plugin reports the end of the build, and what follows is done.
    pub async fn ends(self, result: &'static str) {
        self.change(|build| build.result = Some(result));
        let body = json!({
            "name": "checkout-api", "url": "job/payments/job/checkout-api/",
            "build": {
                "full_url": format!("https://ci.example.com/job/payments/job/checkout-api/{}/", self.number),
                "number": self.number, "phase": "FINALIZED", "status": result,
            },
        });
        // `plugin:` and the secret, as the plugin makes it of the address.
        let basic = ("authorization", "Basic cGx1Z2luOmEgc2VjcmV0IG9mIHRoZSBwaXBlbGluZQ==");
        let answer = self.world.posts(JENKINS, &[basic], &body.to_string()).await;
        assert!(matches!(answer.status, 200 | 202), "{answer:?}");
        self.world.settle().await;
    }

    pub fn is_deleted(self) {
        self.world.jenkins.builds().remove(&(JOB.to_owned(), self.number));
    }

    /// How often it was let through.
    pub fn approvals(self) -> usize {
        self.world.jenkins.builds()[&(JOB.to_owned(), self.number)].approvers.len()
    }

    pub fn input(self) -> Input {
        self.world.jenkins.builds()[&(JOB.to_owned(), self.number)].inputs[INPUT]
    }

    /// Paths of what we tried to change there.
    pub fn posts(self) -> Vec<String> {
        self.world.jenkins.door().posts().into_iter().map(|Call { path, .. }| path).collect()
    }

    fn change(self, change: impl FnOnce(&mut Build)) {
        let mut builds = self.world.jenkins.builds();
        change(builds.get_mut(&(JOB.to_owned(), self.number)).expect("a build"));
    }
}
