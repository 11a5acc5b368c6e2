//! The pretend GitLab of a story: projects, commits and people of theirs, and hooks that arrive when they are set off.

use super::deployment::{Deployment, MERGE_REQUEST, Wanted};
use super::hooks::{Answer, gitlab_signature};
use super::{GITLAB, World};
use crate::fakes::line::Line;
use reqwest::header::HeaderMap;
use router::demo::gitlab::{API_ROOT, BOT, Delivery, Fault, PretendGitlab, Protection, Recorded};
use std::collections::BTreeMap;
use url::Url;

pub const TOKEN: &str = "glpat-of-the-stories";
pub const SECRET: &str = "a secret of the hook";
/// The user id that approver-1 has there.
pub const GITLAB_APPROVER: i64 = 12;
/// Services that have a project and a protected production.
const SERVICES: [&str; 2] = ["checkout-api", "ledger-api"];

/// Service → project id.
pub struct Projects(BTreeMap<&'static str, i64>);

impl Projects {
    pub fn furnish(gitlab: &PretendGitlab) -> Self {
        let project = |service: &&'static str| {
            let id = gitlab.add_project(&format!("payments/{service}"));
            gitlab.protect(id, "production", Protection { required_approvals: 1, approvers: vec![BOT] });
            (*service, id)
        };
        Self(SERVICES.iter().map(project).collect())
    }

    pub fn id(&self, service: &str) -> i64 {
        *self.0.get(service).unwrap_or_else(|| panic!("GitLab has no project for {service}"))
    }
}

/// On loopback, at the end of this line; with the address of its API.
pub async fn serve(line: &Line) -> (PretendGitlab, Url) {
    let gitlab = PretendGitlab::new(TOKEN, SECRET);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = Url::parse(&format!("http://{}{API_ROOT}", listener.local_addr().unwrap())).unwrap();
    let router = line.to(gitlab.router());
    tokio::spawn(async move { drop(axum::serve(listener, router).await) });
    (gitlab, url)
}

/// By what a hook shows that it is GitLab's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    #[default]
    Token,
    Signature,
}

#[derive(Clone, Copy)]
pub struct Gitlab<'w> {
    pub(super) world: &'w World,
}

impl<'w> Gitlab<'w> {
    /// A pipeline of requester-1 comes to its deployment job, with a new commit of author-1.
    pub async fn deployment_waits(self, service: &str, environment: &str) -> Deployment<'w> {
        self.deployment_of(service, environment).waits().await
    }

    /// The same, to be described further before it waits.
    pub fn deployment_of(self, service: &str, environment: &str) -> Wanted<'w> {
        Wanted::new(self.world, service, environment)
    }

    pub fn pretend(self) -> &'w PretendGitlab {
        &self.world.gitlab
    }

    /// The next `count` calls of us end like this.
    pub fn fails_next(self, count: usize, fault: Fault) {
        self.pretend().fail_next(count, fault);
    }

    /// The call number `nth` from now ends like this; those before are answered.
    pub fn fails_call(self, nth: usize, fault: Fault) {
        self.pretend().fail_later(nth - 1, fault);
    }

    /// Our bot user loses or gets the right to approve.
    pub fn lets_the_bot_approve(self, service: &str, may: Permission) {
        let approvers = match may {
            Permission::Given => vec![BOT],
            Permission::Taken => Vec::new(),
        };
        self.lets_approve(service, Protection { required_approvals: 1, approvers });
    }

    /// A further environment that asks for the approval of our bot user.
    pub fn protects(self, service: &str, environment: &str) {
        let protection = Protection { required_approvals: 1, approvers: vec![BOT] };
        self.pretend().protect(self.world.projects.id(service), environment, protection);
    }

    pub fn lets_approve(self, service: &str, protection: Protection) {
        self.pretend().protect(self.world.projects.id(service), "production", protection);
    }

    /// Sends the hooks that were set off. Whether there were any.
    pub(super) async fn delivers_hooks(self) -> bool {
        let deliveries = self.pretend().take_deliveries();
        for delivery in &deliveries {
            let answer = self.sends(delivery).await;
            assert!(matches!(answer.status, 200 | 202), "a hook was answered {answer:?}");
        }
        !deliveries.is_empty()
    }

    /// Sends one hook; nothing that follows from it is done yet.
    pub async fn sends(self, delivery: &Delivery) -> Answer {
        let headers = match self.world.hooks_prove.get() {
            Proof::Token => delivery.headers.clone(),
            Proof::Signature => self.signed(delivery),
        };
        self.world.posts_to(&self.world.node(), GITLAB, headers, delivery.body.clone()).await
    }

    /// From now on the webhook has a signing token in place of a secret one.
    pub fn signs_its_hooks(self) {
        self.world.hooks_prove.set(Proof::Signature);
    }

    fn signed(self, delivery: &Delivery) -> HeaderMap {
        let mut headers = delivery.headers.clone();
        headers.remove("x-gitlab-token");
        let id = headers["idempotency-key"].clone();
        let sent_s = self.world.now().utc().timestamp();
        let signature = gitlab_signature(id.to_str().unwrap(), sent_s, std::str::from_utf8(&delivery.body).unwrap());
        headers.insert("webhook-id", id);
        headers.insert("webhook-timestamp", sent_s.into());
        headers.insert("webhook-signature", signature.parse().unwrap());
        headers
    }

    /// Somebody merges the request that the deployment's commit came with.
    pub async fn merges(self, service: &str, user: i64) {
        self.pretend().merge(self.world.projects.id(service), MERGE_REQUEST, user).expect("a merge request that GitLab knows");
        self.world.settle().await;
    }

    /// Calls that changed something there, or tried to.
    pub fn posts(self) -> Vec<Recorded> {
        self.pretend().calls().into_iter().filter(|call| call.method == "POST").collect()
    }

    /// Calls of paths that GitLab does not have.
    pub(super) fn unexpected_calls(self) -> Vec<Recorded> {
        self.pretend().calls().into_iter().filter(|call| !is_known(call)).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Given,
    Taken,
}

fn is_known(call: &Recorded) -> bool {
    let path = call.path.split('?').next().unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    matches!(
        (call.method.as_str(), parts.as_slice()),
        ("GET", ["projects", _, "repository", "commits", _] | ["projects", _, "repository", "commits", _, "merge_requests"])
            | ("GET", ["projects", _, "deployments"] | ["projects", _, "deployments" | "jobs", _])
            | ("POST", ["projects", _, "deployments", _, "approval"] | ["projects", _, "jobs", _, "play"])
    )
}
