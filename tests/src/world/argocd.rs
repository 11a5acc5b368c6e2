//! The pretend Argo CD of a story: applications, their revisions, their syncs, and the notifications of our templates.

use super::World;
use super::hooks::Answer;
use crate::fakes::argocd::{Application, TOKEN};
use crate::fakes::door::Tool;
use crate::fakes::fault::Fault;
use serde_json::{Value, json};
use url::Url;

/// We sync by its API.
pub const ARGOCD: &str = "argocd-main";
/// Its hooks ask us.
pub const POLLING: &str = "argocd-polling";
pub const SECRET: &str = "a secret of the notifications";
pub const APPLICATION: &str = "checkout-api";

pub(super) fn integrations(url: &Url) -> [Value; 2] {
    let api = url.join("/api/v1").unwrap();
    [
        json!({ "name": ARGOCD, "kind": "argocd", "secret": SECRET, "api_url": api, "token": TOKEN }),
        json!({ "name": POLLING, "kind": "argocd", "secret": SECRET }),
    ]
}

/// One application and where it is deployed to.
#[derive(Clone, Copy)]
pub struct Argocd<'w> {
    world: &'w World,
    name: &'w str,
    environment: &'w str,
}

impl World {
    /// With one application that is synced to an old revision.
    pub fn argocd(&self) -> Argocd<'_> {
        self.argocd_application(APPLICATION, "production")
    }

    /// As `argocd`, with this application.
    pub fn argocd_application<'w>(&'w self, name: &'w str, environment: &'w str) -> Argocd<'w> {
        let application = Application {
            uid: uid(name),
            project: "payments".to_owned(),
            has_list: false,
            target: revision(0),
            live: revision(0),
            operation: None,
            has_open_window: true,
            synced: Vec::new(),
        };
        self.argocd.state().applications.entry(name.to_owned()).or_insert(application);
        Argocd { world: self, name, environment }
    }
}

fn uid(name: &str) -> String {
    format!("uid-of-{name}")
}

/// A hash for each number.
pub fn revision(number: u8) -> String {
    format!("{number:02x}").repeat(20)
}

impl Argocd<'_> {
    /// Somebody merges: Git is ahead of the cluster, and this integration's notification says so.
    pub async fn is_out_of_sync(self, integration: &str, number: u8) -> Answer {
        let commit = ("Author One <author-1@example.com>".to_owned(), "Validate cards faster".to_owned());
        self.world.argocd.state().commits.insert(revision(number), commit);
        self.with(|application| application.target = revision(number));
        let body = with(
            self.base("out-of-sync"),
            json!({ "revision": revision(number), "author": "Author One <author-1@example.com>", "requested_by": "requester-1" }),
        );
        let answer = self.notifies(integration, &body).await;
        self.world.settle().await;
        answer
    }

    /// An application with a list of sources: each is at a revision of its own, those of Git by somebody.
    pub async fn is_out_of_sync_at(self, integration: &str, revisions: &[(&str, Option<&str>)]) -> Answer {
        for (revision, author) in revisions {
            let commit = author.map(|author| (format!("Somebody <{author}>"), "Validate cards faster".to_owned()));
            self.world.argocd.state().commits.extend(commit.map(|commit| ((*revision).to_owned(), commit)));
        }
        let revisions: Vec<&str> = revisions.iter().map(|(revision, _)| *revision).collect();
        self.with(|application| (application.has_list, application.target) = (true, revisions.join(",")));
        let body = with(self.base("out-of-sync"), json!({ "revision": null, "revisions": revisions, "requested_by": "requester-1" }));
        let answer = self.notifies(integration, &body).await;
        self.world.settle().await;
        answer
    }

    /// The controller takes its time: the notification comes when the story says so.
    pub async fn reports(self, integration: &str) {
        let operation = self.with(|application| application.operation.clone()).expect("an operation");
        let mut said = json!({ "phase": operation.phase, "started_at": operation.started_at });
        if self.with(|application| application.has_list) {
            said["revisions"] = operation.revision.split(',').collect();
        } else {
            said["revision"] = json!(operation.revision);
        }
        let answer = self.notifies(integration, &with(self.base("operation"), json!({ "operation": said }))).await;
        assert!(matches!(answer.status, 200 | 202), "{answer:?}");
        self.world.settle().await;
    }

    async fn notifies(self, integration: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {SECRET}");
        self.world.posts(integration, &[("authorization", &bearer)], &body.to_string()).await
    }

    pub fn with<T>(self, look: impl FnOnce(&mut Application) -> T) -> T {
        look(self.world.argocd.state().applications.get_mut(self.name).expect("the application"))
    }

    /// Revisions that were synced, in order.
    pub fn synced(self) -> Vec<String> {
        self.with(|application| application.synced.clone())
    }

    pub fn fails_next(self, method: &'static str, count: usize, fault: Fault) {
        self.world.argocd.door().fails_next(method, count, fault);
    }

    pub fn posts(self) -> usize {
        self.world.argocd.door().posts().len()
    }

    fn base(self, event: &str) -> Value {
        let Self { name, environment, .. } = self;
        json!({
            "v": 1, "event": event, "app": name, "uid": uid(name), "project": "payments", "environment": environment,
            "url": format!("https://argocd.example.com/applications/{name}"),
        })
    }
}

fn with(mut body: Value, more: Value) -> Value {
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}
