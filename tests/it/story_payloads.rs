//! Bodies that real systems send, posted as they would post them: whatever they say, nothing breaks, and what waits opens
//! the change that it describes.
//!
//! `COUNTERSIGN_PAYLOADS` names a folder of them to use instead of the samples of this repository.

use engine::phase::State;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tests::world::argocd::{ARGOCD, SECRET as NOTIFICATIONS};
use tests::world::generic::{BEARER, SECRET as SENDER};
use tests::world::hooks::{Answer, github_signature};
use tests::world::jenkins::{JENKINS, SECRET as PIPELINE};
use tests::world::{GITHUB, GITLAB, Plan, Told, World, gitlab};

/// `object_kind` of a body → the header that goes with it.
const KINDS: [(&str, &str); 6] = [
    ("deployment", "Deployment Hook"),
    ("pipeline", "Pipeline Hook"),
    ("build", "Job Hook"),
    ("merge_request", "Merge Request Hook"),
    ("note", "Note Hook"),
    ("release", "Release Hook"),
];
const EVENTS: [&str; 4] = ["deployment_protection_rule", "deployment_status", "deployment_review", "workflow_job"];

#[test]
fn no_payload_breaks_anything() {
    let bodies = bodies();
    assert!(!bodies.is_empty(), "the folder has no payloads");
    Plan::default().with_pipelines().run(async |w| {
        let mut posts = 0;
        for (path, body) in &bodies {
            for (door, answer) in posted(w, body).await {
                posts += 1;
                assert!(matches!(answer.status, 200 | 202 | 400), "{} to {door}: {answer:?}", path.display());
            }
            w.settle().await;
        }
        // What waits is a question about commits that the pretend tools do not know.
        let waiting = w.app().store.outgoing_counts().await.unwrap().waiting;
        w.expects_waiting(waiting);
        eprintln!("{} payloads, {posts} posts, {} changes, {waiting} questions", bodies.len(), w.changes().await.len());
    });
}

/// As the kind that it is and as all that it may not be, to every door.
async fn posted(w: &World, body: &str) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    let token = ("x-gitlab-token", gitlab::SECRET);
    for (_, hook) in KINDS.iter().chain([&("push", "Push Hook")]) {
        answers.push((format!("{GITLAB} as {hook}"), w.posts(GITLAB, &[("x-gitlab-event", hook), token], body).await));
    }
    let signature = github_signature(body);
    for event in EVENTS.iter().chain([&"push"]) {
        let headers = [("x-github-event", *event), ("x-hub-signature-256", signature.as_str())];
        answers.push((format!("{GITHUB} as {event}"), w.posts(GITHUB, &headers, body).await));
    }
    for (door, secret) in [(JENKINS, PIPELINE), (ARGOCD, NOTIFICATIONS), (BEARER, SENDER)] {
        let bearer = format!("Bearer {secret}");
        answers.push((door.to_owned(), w.posts(door, &[("authorization", bearer.as_str())], body).await));
    }
    answers
}

/// A payload of a kind that is handled, made to say that it waits, and what has to become of it.
struct Waiting {
    door: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Value,
    original: String,
    /// Whether what really came tells how the deployment goes on.
    goes_on: bool,
    service: Value,
    environment: Value,
    commit: Value,
    initiator: Value,
    /// The end of the link.
    page: String,
}

#[test]
fn what_waits_opens_the_change_that_it_describes() {
    let waiting: Vec<(PathBuf, Waiting)> = bodies().into_iter().filter_map(|(path, body)| Some((path, waiting(&body)?))).collect();
    assert!(!waiting.is_empty() || std::env::var_os("COUNTERSIGN_PAYLOADS").is_some(), "no sample waits");
    for (path, payload) in &waiting {
        Plan::default().run(async |w| {
            let body = payload.body.to_string();
            let signature = ("x-hub-signature-256", github_signature(&body));
            let headers: Vec<(&str, &str)> =
                payload.headers.iter().chain([&signature]).map(|(name, value)| (*name, value.as_str())).collect();
            let answer = w.posts(payload.door, &headers, &body).await;
            assert_eq!((answer.status, &answer.body["status"]), (202, &json!("accepted")), "{}: {answer:?}", path.display());
            w.settle().await;
            w.expects_waiting(w.app().store.outgoing_counts().await.unwrap().waiting);
            let opened = w.change().await;
            payload.has_become(&opened, path);
            // As it came, it is about the same change, if it says anything more than that it waits.
            let signature = ("x-hub-signature-256", github_signature(&payload.original));
            let headers: Vec<(&str, &str)> =
                payload.headers.iter().chain([&signature]).map(|(name, value)| (*name, value.as_str())).collect();
            w.posts(payload.door, &headers, &payload.original).await;
            w.settle().await;
            w.expects_waiting(w.app().store.outgoing_counts().await.unwrap().waiting);
            // Somebody else's repository is none of the fake's.
            w.github().fake().state().unexpected.clear();
            let grew = w.change().await.events.len() > opened.events.len();
            assert_eq!(grew, payload.goes_on, "{}", path.display());
        });
    }
    eprintln!("{} payloads opened their change", waiting.len());
}

impl Waiting {
    fn has_become(&self, told: &Told, path: &Path) {
        let request = json!(told.change.request);
        let found = (&request["service"]["path"], &request["environment"], &request["subject"]["commit"]);
        assert_eq!(found, (&self.service, &self.environment, &self.commit), "{}", path.display());
        let initiator = request["initiator"].to_string();
        assert!(initiator.contains(&format!("\"{}\"", self.initiator)), "{}: {initiator} is not {}", path.display(), self.initiator);
        let page = request["url"].as_str().unwrap_or_default();
        assert!(page.starts_with("http") && page.ends_with(&self.page), "{}: {page} does not end with {}", path.display(), self.page);
    }
}

/// The Notification plugin's report of a build, once nothing of it changes any more.
#[test]
fn what_ends_ends_the_change_that_it_belongs_to() {
    let ended = bodies().into_iter().filter_map(|(path, body)| Some((path, finalized(&body)?)));
    let ended: Vec<(PathBuf, Value)> = ended.collect();
    assert!(!ended.is_empty() || std::env::var_os("COUNTERSIGN_PAYLOADS").is_some(), "no sample ends");
    for (path, body) in &ended {
        Plan::default().with_pipelines().run(async |w| {
            let job = body["url"].as_str().unwrap_or_default().replace("job/", "").trim_matches('/').to_owned();
            let step = json!({
                "environment": "production", "sha": "0123abcd", "job": job, "build": body["build"]["number"], "input_id": "gate",
                "requested_by": "requester-1", "authors": ["author-1"],
            });
            let bearer = format!("Bearer {PIPELINE}");
            for said in [&step, body] {
                let answer = w.posts(JENKINS, &[("authorization", bearer.as_str())], &said.to_string()).await;
                assert_eq!((answer.status, &answer.body["status"]), (202, &json!("accepted")), "{}: {answer:?}", path.display());
                w.settle().await;
            }
            let run = format!("{job}#{}", body["build"]["number"]);
            let told = w.change().await;
            let went_past_us: &[String] = if body["build"]["status"] == "SUCCESS" { &[run] } else { &[] };
            assert_eq!((told.state(), &told.change.unapproved[..]), (State::Cancelled, went_past_us), "{}", path.display());
        });
    }
    eprintln!("{} payloads ended their change", ended.len());
}

fn finalized(body: &str) -> Option<Value> {
    let mut body: Value = serde_json::from_str(body).ok()?;
    body["build"]["full_url"].as_str()?;
    body["build"]["phase"] = json!("FINALIZED");
    Some(body)
}

fn waiting(body: &str) -> Option<Waiting> {
    let body: Value = serde_json::from_str(body).ok()?;
    match body["object_kind"].as_str() {
        Some("deployment") => gitlab_deployment(body),
        Some("build") => gitlab_job(body),
        Some(_) => None,
        None => github_deployment(body),
    }
}

fn gitlab_deployment(mut body: Value) -> Option<Waiting> {
    let original = body.to_string();
    let goes_on = body["status"] != "blocked";
    body["status"] = json!("blocked");
    let commit = body["commit_url"].as_str()?.rsplit('/').next()?.to_owned();
    Some(Waiting {
        door: GITLAB,
        original,
        goes_on,
        headers: vec![("x-gitlab-event", "Deployment Hook".to_owned()), ("x-gitlab-token", gitlab::SECRET.to_owned())],
        service: body["project"]["path_with_namespace"].clone(),
        environment: body["environment"].clone(),
        commit: json!(commit),
        initiator: body["user"]["id"].clone(),
        page: format!("/-/jobs/{}", body["deployable_id"]),
        body,
    })
}

/// Older ones do not say where a job deploys to, and nobody can be asked about those.
fn gitlab_job(mut body: Value) -> Option<Waiting> {
    let original = body.to_string();
    let goes_on = ["running", "success", "failed", "canceled"].iter().any(|status| body["build_status"] == *status);
    body["build_status"] = json!("manual");
    Some(Waiting {
        door: GITLAB,
        original,
        goes_on,
        headers: vec![("x-gitlab-event", "Job Hook".to_owned()), ("x-gitlab-token", gitlab::SECRET.to_owned())],
        service: json!(body["project"]["path_with_namespace"].as_str()?),
        environment: json!(body["environment"]["name"].as_str()?),
        commit: body["sha"].clone(),
        initiator: body["user"]["id"].clone(),
        page: format!("/-/jobs/{}", body["build_id"]),
        body,
    })
}

/// A deployment that no workflow made waits for nobody.
fn github_deployment(mut body: Value) -> Option<Waiting> {
    let original = body.to_string();
    let states = ["in_progress", "success", "failure", "error", "inactive"];
    let goes_on = states.iter().any(|state| body["deployment_status"]["state"] == *state);
    let run = body["workflow_run"]["id"].as_i64()?;
    body["deployment_status"].as_object()?;
    body["deployment_status"]["state"] = json!("waiting");
    // An application's webhook always names its installation.
    body["installation"] = json!({ "id": 80 });
    let actors = ["/workflow_run/triggering_actor/id", "/workflow_run/actor/id", "/sender/id"];
    let initiator = actors.iter().find_map(|place| body.pointer(place).filter(|id| id.is_i64()).cloned())?;
    Some(Waiting {
        door: GITHUB,
        original,
        goes_on,
        headers: vec![("x-github-event", "deployment_status".to_owned())],
        service: body["repository"]["full_name"].clone(),
        environment: body["deployment"]["environment"].clone(),
        commit: body["deployment"]["sha"].clone(),
        initiator,
        page: format!("/actions/runs/{run}"),
        body,
    })
}

/// Every file of the folder: reports and texts that reach a door by mistake break nothing either.
fn bodies() -> Vec<(PathBuf, String)> {
    let ours = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../router/testdata");
    let folder = std::env::var_os("COUNTERSIGN_PAYLOADS").map_or_else(ours, PathBuf::from);
    let mut open = vec![folder];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder of payloads").flatten().map(|entry| entry.path()));
        } else {
            let body = std::fs::read(&path).expect("a payload");
            found.push((path, String::from_utf8_lossy(&body).into_owned()));
        }
    }
    found.sort();
    found
}
