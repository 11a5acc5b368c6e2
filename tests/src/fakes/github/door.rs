//! The REST API: who may call, what is recorded, and where each path leads.

use super::state::{Call, PATH};
use super::{FakeGithub, reviewing, runs, tokens};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

pub type Answer = (StatusCode, Value);

pub fn router(github: FakeGithub) -> Router {
    Router::new().fallback(receive).with_state(github)
}

pub fn refused(status: u16, message: &str) -> Answer {
    (StatusCode::from_u16(status).expect("a status"), json!({ "message": message }))
}

async fn receive(State(github): State<FakeGithub>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let call = Call { method: method.to_string(), path: uri.path_and_query().map_or("", |path| path.as_str()).to_owned(), body };
    github.state().calls.push(call.clone());
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).and_then(|text| text.strip_prefix("Bearer "));
    let bearer = bearer.unwrap_or_default();
    let changes = call.is_review();
    let fault = if changes { github.state().faults.pop_front() } else { None };
    let answer = async { written(answer(&github, &call, bearer)) };
    match fault {
        None => answer.await,
        Some(fault) => fault.befalls(answer).await,
    }
}

fn written((status, body): Answer) -> Response {
    if body.is_null() { status.into_response() } else { (status, Json(body)).into_response() }
}

fn answer(github: &FakeGithub, call: &Call, bearer: &str) -> Answer {
    let path = call.path.split('?').next().unwrap_or_default();
    if let Some(rest) = path.strip_prefix("/app/installations/") {
        return tokens::lend(github, rest, bearer, &call.body);
    }
    let Some(below) = path.strip_prefix(&format!("/repos/{PATH}/")) else { return unknown(github, call) };
    let parts: Vec<&str> = below.split('/').collect();
    let needs = match parts.as_slice() {
        ["commits", ..] => "contents",
        ["pulls", _] => "pull_requests",
        ["deployments", ..] | ["actions", "runs", _, "deployment_protection_rule"] => "deployments",
        _ => "actions",
    };
    let who = match tokens::bearer(github, bearer, needs) {
        Ok(who) => who,
        Err(refusal) => return refusal,
    };
    match (call.method.as_str(), parts.as_slice()) {
        ("GET", ["commits", sha]) => runs::commit(github, sha),
        ("GET", ["commits", sha, "pulls"]) => runs::pulls(github, sha),
        ("GET", ["pulls", number]) => runs::pull(github, number),
        ("GET", ["deployments", id, "statuses"]) => runs::statuses(github, id),
        ("GET", ["actions", "runs", id]) => runs::run(github, id),
        ("GET", ["actions", "runs", id, "approvals"]) => runs::approvals(github, id),
        ("GET", ["actions", "runs", id, "pending_deployments"]) => runs::pending(github, id, who),
        ("POST", ["actions", "runs", id, "deployment_protection_rule"]) => reviewing::by_rule(github, id, who, &call.body),
        ("POST", ["actions", "runs", id, "pending_deployments"]) => reviewing::by_reviewer(github, id, who, &call.body),
        _ => unknown(github, call),
    }
}

fn unknown(github: &FakeGithub, call: &Call) -> Answer {
    github.state().unexpected.push(format!("{} {}", call.method, call.path));
    refused(404, "Not Found")
}
