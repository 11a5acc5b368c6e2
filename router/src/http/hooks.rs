//! `POST /hooks/{integration}`: verified, de-duplicated, durable, acknowledged. What it means is worked out afterwards.

use super::document::operation::{Content, Operation};
use super::document::shapes::{shape, uuid_schema};
use super::problem::{Kind, Problem};
use super::redaction::kept;
use crate::app::intake::Meaning;
use crate::app::{App, Failure};
use crate::clock::new_id;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, response::IntoResponse, response::Response};
use engine::canonical::digest_of_bytes;
use engine::ids::ChangeId;
use entities::{Acceptance, DeliveryRecord, DeliveryStatus, NewDelivery};
use http_body_util::LengthLimitError;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a sender is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// Its id; a repeat hears the first one.
    #[schema(schema_with = uuid_schema)]
    delivery: Uuid,
    /// `accepted`, `ignored` or `duplicate`
    status: &'static str,
    /// The changes that the first one led to, as far as it was worked on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    changes: Option<Vec<ChangeId>>,
}

pub fn documented() -> Operation {
    let receipt = || Content::Json(shape::<Receipt>());
    Operation::post("/hooks/{integration}", "A webhook, verified on its raw bytes")
        .signed()
        .takes(Content::Foreign("application/json"))
        .answers(202, "It is stored; what follows from it follows", receipt())
        .answers(200, "It came before", receipt())
        .problems(&[Kind::UnknownIntegration, Kind::KeyReused])
}

pub async fn receive(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let connection = app.sources.named(&name).ok_or_else(|| Problem::unknown_integration(&name))?;
    let body = read(body, app.settings.server.body_limit).await?;
    let now = app.clock.now();
    connection.source.verify(&headers, &body, now)?;
    let parsed = connection.source.parse(&headers, &body)?;
    let is_handled = !parsed.signals.is_empty();
    let signals = serde_json::to_string(&Meaning::Signals(parsed.signals)).map_err(|error| unwritable(&error))?;
    let delivery = NewDelivery {
        id: new_id(now),
        source: name,
        key: parsed.key,
        body_digest: digest_of_bytes(&body),
        event: parsed.event,
        status: if is_handled { DeliveryStatus::Accepted } else { DeliveryStatus::Ignored },
        signals: is_handled.then_some(signals),
        body: kept(&body),
        received_at: now,
        due_at: now,
    };
    let (id, status) = (delivery.id, delivery.status);
    let acceptance = app.arrivals.write(delivery).await?;
    if is_handled {
        app.news.delivered();
    }
    Ok(match acceptance {
        Acceptance::Stored => (StatusCode::ACCEPTED, Json(Receipt { delivery: id, status: status.word(), changes: None })).into_response(),
        Acceptance::Duplicate(first) => duplicate(&first),
        Acceptance::Conflict { first } => return Err(reused(first)),
        Acceptance::Unstorable { why } => return Err(Problem::new(Kind::Malformed, format!("The delivery can’t be stored: {why}"))),
    })
}

/// Up to the limit; a larger body is refused without being read to its end.
async fn read(body: Body, limit: usize) -> Result<axum::body::Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|error| match error.into_inner().downcast_ref::<LengthLimitError>() {
        Some(_) => Problem::new(Kind::TooLarge, format!("At most {limit} bytes are taken (server.body_limit). Nothing was stored.")),
        None => Problem::new(Kind::Malformed, "The body ended before it was complete. Nothing was stored."),
    })
}

fn duplicate(first: &DeliveryRecord) -> Response {
    Json(Receipt { delivery: first.id, status: "duplicate", changes: Some(first.changes.clone()) }).into_response()
}

pub(super) fn reused(first: Uuid) -> Problem {
    Problem::new(
        Kind::KeyReused,
        format!("Delivery {first} had the same key and another body. Nothing was stored. Use a new key for a new event."),
    )
}

pub(super) fn unwritable(error: &serde_json::Error) -> Problem {
    Failure::Unreadable { what: "a signal".to_owned(), why: error.to_string() }.into()
}
