//! A Slack that agrees to everything and remembers its messages: enough for whole flows, no judge of what it is sent.

use crate::process::patience::now_micros;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use url::Url;

#[derive(Clone)]
pub struct Workspace {
    pub api: Url,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// One call of the Web API.
#[derive(Clone, Debug)]
pub struct Call {
    /// `chat.postMessage`
    pub method: String,
    pub body: Value,
    /// What `Authorization` said.
    pub authorization: String,
    /// By which Slack would know what was posted.
    pub ts: String,
}

/// As whom it posts.
const US: &str = "U0000000US";

impl Workspace {
    pub async fn start() -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().route("/api/{method}", post(answer).get(read)).with_state(calls.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port for the workspace");
        let api = Url::parse(&format!("http://{}/api", listener.local_addr().expect("an address"))).expect("an address");
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Self { api, calls }
    }

    pub fn calls(&self) -> Vec<Call> {
        locked(&self.calls).clone()
    }

    /// What the buttons of each card point to (`CHG-1042.r1`), in the order of posting, from the call number `after` on;
    /// and how many calls there are now.
    pub fn asked(&self, after: usize) -> (Vec<String>, usize) {
        let calls = locked(&self.calls);
        let posted = calls.iter().skip(after).filter(|call| call.method == "chat.postMessage");
        (posted.filter_map(|call| target(&call.body)).collect(), calls.len())
    }
}

/// The value of the button that approves.
pub fn target(message: &Value) -> Option<String> {
    let blocks = message["blocks"].as_array()?.iter();
    let controls = blocks.filter_map(|block| block["elements"].as_array()).flatten();
    controls.filter(|control| control["action_id"] == "gate:v1:approve").find_map(|control| control["value"].as_str().map(str::to_owned))
}

async fn answer(
    State(calls): State<Arc<Mutex<Vec<Call>>>>,
    Path(method): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Json<Value> {
    let mut calls = locked(&calls);
    let channel = body["channel"].clone();
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let ts = format!("{}.{:06}", now_micros() / 1_000_000, calls.len());
    calls.push(Call { method: method.clone(), body, authorization, ts: ts.clone() });
    Json(match method.as_str() {
        "auth.test" => json!({ "ok": true, "user_id": US }),
        "conversations.open" => json!({ "ok": true, "channel": { "id": "D000000001" } }),
        _ => json!({ "ok": true, "channel": channel, "ts": ts }),
    })
}

/// What was posted into a channel, or into a thread, since an instant; the newest first, all on one page.
async fn read(State(calls): State<Arc<Mutex<Vec<Call>>>>, Query(asked): Query<BTreeMap<String, String>>) -> Json<Value> {
    let asked = |name: &str| asked.get(name).map(String::as_str);
    let since: f64 = asked("oldest").and_then(|oldest| oldest.parse().ok()).unwrap_or_default();
    let is_meant = |call: &&Call| {
        let is_there = call.body["channel"].as_str() == asked("channel") && call.body["thread_ts"].as_str() == asked("ts");
        call.method == "chat.postMessage" && is_there && call.ts.parse::<f64>().is_ok_and(|ts| ts > since)
    };
    let message = |call: &Call| json!({ "user": US, "ts": call.ts, "metadata": call.body["metadata"] });
    let messages: Vec<Value> = locked(&calls).iter().rev().filter(is_meant).map(message).collect();
    Json(json!({ "ok": true, "messages": messages }))
}

fn locked(calls: &Mutex<Vec<Call>>) -> MutexGuard<'_, Vec<Call>> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}
