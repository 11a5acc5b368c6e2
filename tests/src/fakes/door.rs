//! What stands before a pretend tool that is a plain HTTP API: a record of every call, and faults that a story asked for.

#![allow(clippy::expect_used, reason = "a fake that can't go on ends the story that it plays in")]

use super::fault::{Fault, status};
use super::line::Line;
use axum::Router;
use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// One call as it came.
#[derive(Clone, Debug)]
pub struct Call {
    /// `POST`.
    pub method: String,
    /// With its query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Call {
    pub fn authorization(&self) -> &str {
        self.header(AUTHORIZATION.as_str())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// `Null` for a body that is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

#[derive(Clone, Debug)]
pub enum Reply {
    Json(u16, Value),
    Page(u16, String),
}

/// A tool behind a door. `None` for a path that it does not have.
pub trait Tool: Send + Sync + 'static {
    fn answer(&self, call: &Call) -> Option<Reply>;
    fn door(&self) -> &Door;
}

#[derive(Default)]
pub struct Door {
    faults: Mutex<VecDeque<(&'static str, Fault)>>,
    calls: Mutex<Vec<Call>>,
    unexpected: Mutex<Vec<String>>,
}

impl Door {
    /// The next `count` calls with this method end like this, after those that were queued before.
    pub fn fails_next(&self, method: &'static str, count: usize, fault: Fault) {
        lock(&self.faults).extend(std::iter::repeat_n((method, fault), count));
    }

    pub fn calls(&self) -> Vec<Call> {
        lock(&self.calls).clone()
    }

    /// Calls that changed something, or tried to.
    pub fn posts(&self) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method == "POST").collect()
    }

    /// Calls of paths that the tool does not have.
    pub fn unexpected(&self) -> Vec<String> {
        lock(&self.unexpected).clone()
    }

    fn fault(&self, method: &str) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        let at = faults.iter().position(|(of, _)| *of == method)?;
        faults.remove(at).map(|(_, fault)| fault)
    }
}

/// A story that fails while it holds a lock must not hide behind a second failure here.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves the tool on loopback, at the end of this line; with its address.
pub async fn serve(tool: Arc<dyn Tool>, line: &Line) -> Url {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback");
    let url = Url::parse(&format!("http://{}", listener.local_addr().expect("its address"))).expect("a URL");
    let router = Router::new().fallback(async move |method: axum::http::Method, uri: Uri, headers: HeaderMap, body: Bytes| {
        let path = uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
        received(tool.as_ref(), Call { method: method.to_string(), path, headers, body }).await
    });
    let router = line.to(router);
    tokio::spawn(async move { drop(axum::serve(listener, router).await) });
    url
}

async fn received(tool: &dyn Tool, call: Call) -> Response {
    let door = tool.door();
    lock(&door.calls).push(call.clone());
    match door.fault(&call.method) {
        None => answered(tool, &call),
        Some(fault) => fault.befalls(async { answered(tool, &call) }).await,
    }
}

fn answered(tool: &dyn Tool, call: &Call) -> Response {
    match tool.answer(call) {
        Some(Reply::Json(code, body)) => (status(code), axum::Json(body)).into_response(),
        Some(Reply::Page(code, page)) => (status(code), [(CONTENT_TYPE, "text/html")], page).into_response(),
        None => {
            lock(&tool.door().unexpected).push(format!("{} {}", call.method, call.path));
            StatusCode::NOT_FOUND.into_response()
        }
    }
}
