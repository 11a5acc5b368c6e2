//! The HTTP side of the fake: the token, faults, Slack's envelope, and reply addresses.

use super::faults::Fault;
use super::methods::{self, Answer};
use super::state::{Call, REPLIES, REPLY_LIFE_S, Whisper};
use super::{API_ROOT, FakeSlack, Method};
use crate::fakes::fault::broken;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderMap, Method as Verb, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What stands in the address of a method that reads.
type Asked = BTreeMap<String, String>;

pub fn router(slack: FakeSlack) -> Router {
    Router::new()
        .route(&format!("{API_ROOT}/{{method}}"), post(api).get(read))
        .route("/actions/{id}", post(reply))
        .fallback(unknown)
        .with_state(slack)
}

async fn api(State(slack): State<FakeSlack>, Path(method): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    takes(slack, method, &headers, body).await
}

/// Methods that only read take what is asked in the address.
async fn read(State(slack): State<FakeSlack>, Path(method): Path<String>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    takes(slack, method, &headers, serde_json::to_value(asked).unwrap_or(Value::Null)).await
}

async fn takes(slack: FakeSlack, method: String, headers: &HeaderMap, body: Value) -> Response {
    let fault = {
        let mut state = slack.state();
        state.calls.push(Call { method: method.clone(), body: body.clone() });
        state.faults.next(&method)
    };
    let answer = || match refused_token(&slack, headers) {
        Some(code) => Json(json!({ "ok": false, "error": code })).into_response(),
        None => called(&slack, &method, &body),
    };
    let response = around(fault, answer).await;
    slack.shared.arrived.notify_waiters();
    response
}

fn refused_token(slack: &FakeSlack, headers: &HeaderMap) -> Option<&'static str> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    match given {
        None => Some("not_authed"),
        Some(token) if token == slack.shared.token => None,
        Some(_) => Some("invalid_auth"),
    }
}

fn called(slack: &FakeSlack, method: &str, body: &Value) -> Response {
    let now = slack.now();
    let answer = methods::answer(&mut slack.state(), method, body, now);
    match answer {
        Some(answer) => enveloped(answer),
        None => {
            slack.state().unexpected.push(method.to_owned());
            Json(json!({ "ok": false, "error": "unknown_method" })).into_response()
        }
    }
}

fn enveloped(answer: Answer) -> Response {
    let body = match answer {
        Ok(mut body) => {
            body["ok"] = true.into();
            body
        }
        Err(refused) => json!({ "ok": false, "error": refused.code, "response_metadata": { "messages": refused.messages } }),
    };
    Json(body).into_response()
}

/// Five answers within half an hour; they take no token.
async fn reply(State(slack): State<FakeSlack>, Path(id): Path<String>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let now = slack.now();
    let fault = {
        let mut state = slack.state();
        state.calls.push(Call { method: Method::Reply.word().to_owned(), body: body.clone() });
        state.faults.next(Method::Reply.word())
    };
    let answer = || {
        let mut state = slack.state();
        let Some(address) = state.replies.get_mut(&id) else { return (StatusCode::NOT_FOUND, "no such address").into_response() };
        if address.uses >= REPLIES || now.seconds_since(address.made_at) > REPLY_LIFE_S {
            return (StatusCode::NOT_FOUND, Json(json!({ "ok": false, "error": "used_url" }))).into_response();
        }
        address.uses += 1;
        let whisper = Whisper { user: address.user.clone(), text: body["text"].as_str().unwrap_or_default().to_owned() };
        if body["response_type"] == "in_channel" {
            state.lines.push(whisper.text);
        } else {
            state.whispers.push(whisper);
        }
        Json(json!({ "ok": true })).into_response()
    };
    let response = around(fault, answer).await;
    slack.shared.arrived.notify_waiters();
    response
}

async fn unknown(State(slack): State<FakeSlack>, verb: Verb, uri: Uri) -> StatusCode {
    slack.state().unexpected.push(format!("{verb} {uri}"));
    StatusCode::NOT_FOUND
}

async fn around(fault: Option<Fault>, answer: impl FnOnce() -> Response) -> Response {
    match fault {
        None => answer(),
        Some(Fault::Limited(seconds)) => {
            let body = Json(json!({ "ok": false, "error": "ratelimited" }));
            (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())], body).into_response()
        }
        Some(Fault::Status(status)) => StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
        Some(Fault::Error(code)) => Json(json!({ "ok": false, "error": code })).into_response(),
        Some(Fault::Drop) => broken(),
        Some(Fault::DoneButDropped) => {
            drop(answer());
            broken()
        }
        Some(Fault::DoneButSilent) => {
            drop(answer());
            std::future::pending().await
        }
    }
}
