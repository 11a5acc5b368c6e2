//! Errors at the HTTP doors: RFC 9457 problem details with a stable type.

use crate::app::Failure;
use crate::sources::Reject;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What `type` begins with; the rest is the kind's name in the list below.
const TYPE: &str = "urn:countersign:problem:";
/// Seconds after which a caller may ask again when we can't answer now.
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("5");

/// Every kind of problem; names are for ever, kinds are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    BadSignature,
    Malformed,
    TooLarge,
    UnknownIntegration,
    KeyReused,
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    MissingIdempotencyKey,
    Invalid,
    Refused,
    NotInThisBuild,
    Unavailable,
    Broken,
}

impl Kind {
    pub const ALL: [Self; 15] = [
        Self::BadSignature,
        Self::Malformed,
        Self::TooLarge,
        Self::UnknownIntegration,
        Self::KeyReused,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::MissingIdempotencyKey,
        Self::Invalid,
        Self::Refused,
        Self::NotInThisBuild,
        Self::Unavailable,
        Self::Broken,
    ];

    /// Name, status, title.
    fn row(self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::BadSignature => ("bad-signature", StatusCode::UNAUTHORIZED, "The signature is missing or wrong"),
            Self::Malformed => ("malformed", StatusCode::BAD_REQUEST, "The body does not have the expected form"),
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Self::UnknownIntegration => ("unknown-integration", StatusCode::NOT_FOUND, "No such integration is configured"),
            Self::KeyReused => ("key-reused", StatusCode::UNPROCESSABLE_ENTITY, "The key was used before for another body"),
            Self::Unauthorized => ("unauthorized", StatusCode::UNAUTHORIZED, "A token or a session is needed"),
            Self::Forbidden => ("forbidden", StatusCode::FORBIDDEN, "This token or session may not do that"),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "There is no such thing here"),
            Self::MethodNotAllowed => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "This method is not offered here"),
            Self::MissingIdempotencyKey => ("missing-idempotency-key", StatusCode::BAD_REQUEST, "An Idempotency-Key header is needed"),
            Self::Invalid => ("invalid", StatusCode::UNPROCESSABLE_ENTITY, "Something in the request can't be used"),
            Self::Refused => ("refused", StatusCode::CONFLICT, "The rules of this change say no"),
            Self::NotInThisBuild => ("not-in-this-build", StatusCode::NOT_IMPLEMENTED, "This build does not do that yet"),
            Self::Unavailable => ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "Nothing can be stored now; try again"),
            Self::Broken => ("broken", StatusCode::INTERNAL_SERVER_ERROR, "Something is wrong on our side"),
        }
    }
}

impl Kind {
    pub fn name(self) -> &'static str {
        self.row().0
    }

    pub fn status(self) -> StatusCode {
        self.row().1
    }

    pub fn title(self) -> &'static str {
        self.row().2
    }

    /// The `type` of a problem of this kind.
    pub fn uri(self) -> String {
        format!("{TYPE}{}", self.name())
    }
}

/// A problem as it goes over the wire.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// `urn:countersign:problem:` and a name that never changes; `GET /problems` lists them.
    r#type: String,
    title: &'static str,
    status: u16,
    /// What happened to what, and what to do next.
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Fault>,
    /// Which rule said no, as a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    code: Option<&'static str>,
}

/// A type of problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemType {
    r#type: String,
    status: u16,
    title: &'static str,
}

/// Every type of problem.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(as = ProblemTypes)]
pub struct Kinds(Vec<ProblemType>);

/// One wrong place in a body, by JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fault {
    pub pointer: String,
    pub detail: String,
}

#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: String,
    errors: Vec<Fault>,
    code: Option<&'static str>,
}

impl Problem {
    /// `detail` says what happened to what, and what to do next.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), code: None }
    }

    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(Fault { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// The stable word of the rule that said no.
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub fn unknown_integration(name: &str) -> Self {
        Self::new(
            Kind::UnknownIntegration,
            format!("There is no integration “{name}”. Add an [[integration]] of that name to countersign.toml."),
        )
    }

    pub fn unknown_change(id: &str) -> Self {
        Self::new(Kind::NotFound, format!("There is no change “{id}”. Use its number (CHG-1042) or its UUID."))
    }
}

impl From<Failure> for Problem {
    /// Logged here, once; the caller reads only what it can do about it.
    fn from(failure: Failure) -> Self {
        tracing::error!(%failure, "a request could not be carried out");
        if failure.is_passing() {
            return Self::new(Kind::Unavailable, "Nothing was recorded. Send the same request again with the same key.");
        }
        Self::new(Kind::Broken, "It is in our log. Nothing was recorded.")
    }
}

impl From<Reject> for Problem {
    fn from(reject: Reject) -> Self {
        match reject {
            Reject::BadSignature(detail) => Self::new(Kind::BadSignature, detail),
            Reject::Malformed { detail, pointer } => Self::new(Kind::Malformed, detail.clone()).at(pointer, detail),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let (title, code) = (self.kind.title(), self.code);
        let body = Body { r#type: self.kind.uri(), title, status: status.as_u16(), detail: self.detail, errors: self.errors, code };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.kind {
            Kind::Unavailable => set(headers, header::RETRY_AFTER, RETRY_AFTER_S),
            Kind::Unauthorized => set(headers, header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            _ => {}
        }
        response
    }
}

fn set(headers: &mut axum::http::HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

/// `GET /problems`: every type with its status and title.
pub async fn list() -> Json<Kinds> {
    let row = |kind: Kind| ProblemType { r#type: kind.uri(), status: kind.status().as_u16(), title: kind.title() };
    Json(Kinds(Kind::ALL.into_iter().map(row).collect()))
}

pub async fn no_such_route(uri: axum::http::Uri) -> Problem {
    Problem::new(Kind::NotFound, format!("Nothing is served at {}.", uri.path()))
}

pub async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Problem {
    Problem::new(Kind::MethodNotAllowed, format!("{method} is not offered at {}.", uri.path()))
}
