//! The deliveries that GitHub sends to the application's webhook, in its own shape.

use super::state::{PATH, REPOSITORY, Run, State};
use super::{INSTALLATION, Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

/// A hook on its way. GitHub never sends one again by itself.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub fn delivery(shared: &Shared, state: &State, id: i64, event: &str) -> Delivery {
    let run = state.run(id);
    let mut body = match event {
        "deployment_protection_rule" => rule(shared, id, run),
        "deployment_status" => status(id, run),
        "deployment_review" => review(id, run),
        "workflow_job" => job(id, run),
        _ => panic!("the fake sends no {event}"),
    };
    body["repository"] = json!({ "id": REPOSITORY, "full_name": PATH, "html_url": format!("https://github.com/{PATH}") });
    body["installation"] = json!({ "id": INSTALLATION });
    let body = body.to_string().into_bytes();
    Delivery { headers: headers(shared, event, state.sent, &body), body }
}

fn headers(shared: &Shared, event: &str, sent: u64, body: &[u8]) -> HeaderMap {
    let mut mac = Hmac::<Sha256>::new_from_slice(shared.hook_secret.as_bytes()).unwrap();
    mac.update(body);
    let values = [
        ("content-type", "application/json".to_owned()),
        ("user-agent", "GitHub-Hookshot/0000000".to_owned()),
        ("x-github-event", event.to_owned()),
        ("x-github-delivery", Uuid::from_u64_pair(4, sent).to_string()),
        ("x-hub-signature-256", format!("sha256={}", hex::encode(mac.finalize().into_bytes()))),
    ];
    values.into_iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap())).collect()
}

fn user(id: i64) -> Value {
    json!({ "id": id, "login": format!("user-{id}"), "type": "User" })
}

fn deployment(run: &Run) -> Value {
    let what = &run.deploy;
    json!({
        "id": run.newest().id,
        "sha": what.sha,
        "ref": "main",
        "task": "deploy",
        "environment": what.environment,
        "production_environment": what.environment == "production",
        "creator": { "id": 41_898_282, "login": "github-actions[bot]", "type": "Bot" },
    })
}

fn workflow_run(id: i64, run: &Run) -> Value {
    let first = &run.deployments.first().unwrap_or(run.newest());
    json!({
        "id": id,
        "head_sha": run.deploy.sha,
        "display_title": "Validate cards faster",
        "run_attempt": run.attempt,
        "actor": user(first.user),
        "triggering_actor": user(run.newest().user),
    })
}

fn rule(shared: &Shared, id: i64, run: &Run) -> Value {
    json!({
        "action": "requested",
        "environment": run.deploy.environment,
        "event": "push",
        "deployment_callback_url": format!("{}repos/{PATH}/actions/runs/{id}/deployment_protection_rule", shared.base),
        "deployment": deployment(run),
        "pull_requests": [],
        "sender": user(run.newest().user),
    })
}

fn status(id: i64, run: &Run) -> Value {
    json!({
        "action": "created",
        "deployment_status": { "id": run.newest().statuses.len(), "state": run.newest().statuses.last() },
        "deployment": deployment(run),
        "workflow_run": workflow_run(id, run),
        "sender": { "id": 41_898_282, "login": "github-actions[bot]", "type": "Bot" },
    })
}

fn review(id: i64, run: &Run) -> Value {
    let review = run.reviews.last().unwrap();
    json!({
        "action": if review.is_approval { "approved" } else { "rejected" },
        "approver": user(review.user),
        "comment": review.comment,
        "workflow_job_runs": [{ "id": 84, "name": "deploy", "environment": run.deploy.environment }],
        "workflow_run": workflow_run(id, run),
        "sender": user(review.user),
    })
}

fn job(id: i64, run: &Run) -> Value {
    json!({
        "action": "completed",
        "workflow_job": { "id": 84, "run_id": id, "status": "completed", "conclusion": run.conclusion },
        "deployment": deployment(run),
        "sender": user(run.newest().user),
    })
}
