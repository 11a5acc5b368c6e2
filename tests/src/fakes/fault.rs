//! The ways in which a call to a plain HTTP API can fail.

#![allow(clippy::expect_used, reason = "a fake that can't go on ends the story that it plays in")]

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status, and nothing is done.
    Status(u16),
    /// 429 with `Retry-After`, in seconds; nothing is done.
    Limited(u64),
    /// 403 with `Retry-After`, in seconds, as some say to whoever calls too often; nothing is done.
    TooOften(u64),
    /// The connection breaks before anything is done.
    Reset,
    /// Nothing is done, and nobody ever answers.
    Unheard,
    /// It is done, but the connection breaks before the answer.
    DoneButDropped,
    /// It is done, but nobody ever answers.
    DoneButSilent,
    /// It is done, but somebody on the way answers with this status.
    DoneBut(u16),
}

impl Fault {
    /// What the caller gets in the place of `answer`, which is awaited only if it is done.
    pub async fn befalls(self, answer: impl Future<Output = Response>) -> Response {
        match self {
            Self::Status(code) => status(code).into_response(),
            Self::Limited(seconds) => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())]).into_response(),
            Self::TooOften(seconds) => {
                (StatusCode::FORBIDDEN, [(RETRY_AFTER, seconds.to_string())], "You have exceeded a secondary rate limit.").into_response()
            }
            Self::Reset => broken(),
            Self::Unheard => std::future::pending().await,
            Self::DoneButDropped => {
                drop(answer.await);
                broken()
            }
            Self::DoneButSilent => {
                drop(answer.await);
                std::future::pending().await
            }
            Self::DoneBut(code) => {
                drop(answer.await);
                status(code).into_response()
            }
        }
    }

    /// When it is asked to be left alone: for so many seconds.
    pub fn pause_s(self) -> Option<u64> {
        match self {
            Self::Limited(seconds) | Self::TooOften(seconds) => Some(seconds),
            Self::Status(_) | Self::Reset | Self::Unheard | Self::DoneButDropped | Self::DoneButSilent | Self::DoneBut(_) => None,
        }
    }
}

pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).expect("a status")
}

/// hyper closes the connection when a body fails, before the head of the answer has left its buffer.
pub fn broken() -> Response {
    let nothing = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) });
    ([(CONTENT_LENGTH, "1")], Body::from_stream(nothing)).into_response()
}
