//! What goes wrong between the two.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status, and nothing is done.
    Status(u16),
    /// 403 with `Retry-After`, in seconds, as to whoever calls too often; nothing is done.
    TooOften(u64),
    /// It is done, but the connection breaks before the answer.
    DoneButDropped,
}

pub fn status(status: u16) -> Response {
    StatusCode::from_u16(status).expect("a status").into_response()
}

pub fn too_often(seconds: u64) -> Response {
    (StatusCode::FORBIDDEN, [(RETRY_AFTER, seconds.to_string())], "You have exceeded a secondary rate limit.").into_response()
}

/// hyper closes the connection when a body fails, before the head of the answer has left its buffer.
pub fn broken() -> Response {
    let nothing = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) });
    ([(CONTENT_LENGTH, "1")], Body::from_stream(nothing)).into_response()
}
