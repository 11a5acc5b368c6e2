//! A Slack and a GitLab in this process, which note when they are called.

use crate::process::installation::{GITLAB_TOKEN, HOOK_SECRET};
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use router::demo::gitlab::{API_ROOT, PretendGitlab};
use serde_json::{Value, json};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::Url;

pub struct Peers {
    pub slack_api: Url,
    pub gitlab_api: Url,
    pub gitlab: PretendGitlab,
    /// Each new message, when it came.
    pub posted: UnboundedReceiver<(Instant, Bytes)>,
    /// The path of each call that decides about a deployment, when it came.
    pub told: UnboundedReceiver<(Instant, String)>,
}

impl Peers {
    pub async fn start() -> Self {
        let (posts, posted) = unbounded_channel();
        let slack = Router::new().route("/api/{method}", post(answer)).with_state(posts);
        let (tells, told) = unbounded_channel();
        let gitlab = PretendGitlab::new(GITLAB_TOKEN, HOOK_SECRET);
        let routes = gitlab.router().layer(from_fn_with_state(tells, note));
        let (slack_api, gitlab_api) = (serve(slack, "/api").await, serve(routes, API_ROOT).await);
        Self { slack_api, gitlab_api, gitlab, posted, told }
    }
}

async fn serve(router: Router, path: &str) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port for a peer");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { drop(axum::serve(listener, router).await) });
    Url::parse(&format!("http://{address}{path}")).expect("an address")
}

async fn answer(State(posts): State<UnboundedSender<(Instant, Bytes)>>, Path(method): Path<String>, body: Bytes) -> Json<Value> {
    if method == "chat.postMessage" {
        drop(posts.send((Instant::now(), body)));
    }
    Json(json!({ "ok": true, "channel": "C000000001", "ts": "1795449600.000001", "message_ts": "1795449600.000001" }))
}

async fn note(State(tells): State<UnboundedSender<(Instant, String)>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.ends_with("/approval") {
        drop(tells.send((Instant::now(), path)));
    }
    next.run(request).await
}
