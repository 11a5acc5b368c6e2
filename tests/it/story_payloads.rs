//! Bodies that real systems send, posted as they would post them: whatever they say, nothing breaks.
//!
//! `COUNTERSIGN_PAYLOADS` names a folder of them to use instead of the samples of this repository.

use serde_json::Value;
use std::path::{Path, PathBuf};
use tests::world::hooks::{Answer, github_signature};
use tests::world::{GITHUB, GITLAB, Plan, World, gitlab};

/// `object_kind` of a body → the header that goes with it.
const KINDS: [(&str, &str); 6] = [
    ("deployment", "Deployment Hook"),
    ("pipeline", "Pipeline Hook"),
    ("build", "Job Hook"),
    ("merge_request", "Merge Request Hook"),
    ("note", "Note Hook"),
    ("release", "Release Hook"),
];

#[test]
fn no_payload_breaks_anything() {
    let bodies = bodies();
    assert!(!bodies.is_empty(), "the folder has no payloads");
    Plan::default().run(async |w| {
        for (path, body) in &bodies {
            for answer in posted(w, body).await {
                assert!(matches!(answer.status, 200 | 202 | 400), "{}: {answer:?}", path.display());
            }
            w.settle().await;
        }
        // What waits is a question about commits that the pretend GitLab does not know.
        let waiting = w.app().store.outgoing_counts().await.unwrap().waiting;
        w.expects_waiting(waiting);
        eprintln!("{} payloads, {} changes, {waiting} questions", bodies.len(), w.changes().await.len());
    });
}

/// As the kind that it is, as a deployment that it may not be, and to the other door.
async fn posted(w: &World, body: &str) -> Vec<Answer> {
    let kind = serde_json::from_str::<Value>(body).ok().and_then(|body| Some(body["object_kind"].as_str()?.to_owned()));
    let hook = KINDS.iter().find(|(word, _)| Some(*word) == kind.as_deref()).map_or("Push Hook", |(_, hook)| hook);
    let token = ("x-gitlab-token", gitlab::SECRET);
    vec![
        w.posts(GITLAB, &[("x-gitlab-event", hook), token], body).await,
        w.posts(GITLAB, &[("x-gitlab-event", "Deployment Hook"), token], body).await,
        w.posts(GITHUB, &[("x-github-event", "deployment_protection_rule"), ("x-hub-signature-256", &github_signature(body))], body).await,
    ]
}

fn bodies() -> Vec<(PathBuf, String)> {
    let ours = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../router/testdata");
    let folder = std::env::var_os("COUNTERSIGN_PAYLOADS").map_or_else(ours, PathBuf::from);
    let mut open = vec![folder];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a folder of payloads").flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|kind| kind == "json") {
            found.push((path.clone(), std::fs::read_to_string(&path).expect("a payload")));
        }
    }
    found.sort();
    found
}
