//! What goes wrong between the two: a queue of faults, and a record of every call.

use super::PretendGitlab;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The largest body that is read, in bytes.
const BODY_BYTES: usize = 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status, and nothing is done.
    Status(u16),
    /// 429 with `Retry-After`, in seconds; nothing is done.
    RetryAfter(u64),
    /// The connection breaks before anything is done.
    Reset,
    /// It is done, but the connection breaks before the answer.
    DoneButDropped,
    /// It is done, but the answer is held back until [`PretendGitlab::answer_now`].
    Slow,
}

/// One call as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// `POST`.
    pub method: String,
    /// With its query, below [`super::API_ROOT`]: `/projects/1/jobs/3/play`.
    pub path: String,
    /// `Null` for none, and for one that is not JSON.
    pub body: Value,
}

#[derive(Default)]
pub struct Faults {
    /// `None`: that call is answered.
    queue: Mutex<VecDeque<Option<Fault>>>,
    calls: Mutex<Vec<Recorded>>,
    slow: Notify,
}

impl Faults {
    pub fn queue(&self, count: usize, fault: Fault) {
        lock(&self.queue).extend(std::iter::repeat_n(Some(fault), count));
    }

    pub fn queue_after(&self, good: usize, fault: Fault) {
        lock(&self.queue).extend(std::iter::repeat_n(None, good).chain([Some(fault)]));
    }

    pub fn release(&self) {
        self.slow.notify_waiters();
    }

    pub fn recorded(&self) -> Vec<Recorded> {
        lock(&self.calls).clone()
    }

    pub fn forget(&self) {
        lock(&self.calls).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stands before every answer.
pub async fn around(State(gitlab): State<PretendGitlab>, request: Request, next: Next) -> Response {
    let faults = &gitlab.shared.faults;
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, BODY_BYTES).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str()).to_owned();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    lock(&faults.calls).push(Recorded { method: parts.method.to_string(), path, body });
    let request = Request::from_parts(parts, Body::from(bytes));
    let fault = lock(&faults.queue).pop_front().flatten();
    match fault {
        None => next.run(request).await,
        Some(Fault::Status(status)) => StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
        Some(Fault::RetryAfter(seconds)) => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())]).into_response(),
        Some(Fault::Reset) => broken(),
        Some(Fault::DoneButDropped) => {
            next.run(request).await;
            broken()
        }
        Some(Fault::Slow) => {
            let released = faults.slow.notified();
            let response = next.run(request).await;
            released.await;
            response
        }
    }
}

/// hyper closes the connection when a body fails, before the head of the answer has left its buffer.
fn broken() -> Response {
    let nothing = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) });
    ([(CONTENT_LENGTH, "1")], Body::from_stream(nothing)).into_response()
}
