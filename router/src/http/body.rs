//! A JSON object out of a request's body, or the place where it is wrong.

use super::problem::{Kind, Problem};
use crate::app::App;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What axum hands over: the body, or why it did not come whole.
pub type Sent = Result<Bytes, BytesRejection>;

/// A JSON object of this type, and nothing else.
pub fn sent<T: DeserializeOwned>(app: &App, body: Sent) -> Result<T, Problem> {
    read(json(&whole(app, body)?)?)
}

/// The body, if all of it came.
pub fn whole(app: &App, body: Sent) -> Result<Bytes, Problem> {
    body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(Kind::TooLarge, format!("At most {} bytes are taken (server.body_limit).", app.settings.server.body_limit))
        }
        _ => Problem::new(Kind::Malformed, "The body ended before it was complete. Nothing was stored."),
    })
}

pub fn json(body: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::new(Kind::Malformed, format!("The body is not JSON: {error}.")))
}

/// serde also takes lists for structs; the published schemas do not.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(Problem::new(Kind::Invalid, "The body has to be a JSON object.").at("", "not an object"));
    }
    serde_json::from_value(value).map_err(|error| {
        let detail = error.to_string();
        Problem::new(Kind::Invalid, format!("The body can’t be read: {detail}.")).at(pointer(&detail), detail)
    })
}

/// serde names the field between back-ticks.
fn pointer(detail: &str) -> String {
    detail.split('`').nth(1).map(|field| format!("/{field}")).unwrap_or_default()
}
