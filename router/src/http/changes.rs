//! `/v1/changes`: asking for a change without a webhook, and looking at changes.

use super::auth::require;
use super::body::Sent;
use super::document::shapes::{state_schema, uuid_schema};
use super::hooks::{reused, unwritable};
use super::problem::{Kind, Problem};
use super::redaction::kept;
use super::{body, change_view, wish};
use crate::app::App;
use crate::app::intake::{API_SOURCE, Meaning};
use crate::app::lease::LEASE_S;
use crate::app::open::Delivered;
use crate::app::shown::Shown;
use crate::clock::new_id;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::canonical::digest_of_bytes;
use engine::change::Change;
use engine::event::Actor;
use engine::ids::{ChangeId, ChangeNumber};
use engine::phase::State as ChangeState;
use entities::{Acceptance, ChangeAddress, ChangeFilter, DeliveryStatus, NewDelivery, TokenRecord};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// Changes on one page of a list.
pub const PAGE: u64 = 50;
/// While a request is carried out by whoever sent it, no worker takes it up.
const IN_HAND_S: u64 = LEASE_S;
pub const KEY_MAX: usize = 255;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    state: Option<String>,
    environment: Option<String>,
    service: Option<String>,
    cursor: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<Filter>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<change_view::Page>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let Query(filter) = query.map_err(|error| Problem::new(Kind::Invalid, error.body_text()))?;
    let wanted = ChangeFilter {
        state: filter.state.as_deref().map(state).transpose()?,
        openness: None,
        environment: filter.environment,
        service: filter.service,
    };
    let after = filter.cursor.as_deref().map(cursor).transpose()?;
    let rows = app.store.list_changes(&wanted, after, PAGE).await.map_err(crate::app::Failure::from)?;
    let next = (rows.len() as u64 == PAGE).then(|| rows.last().map(|row| row.number.to_string())).flatten();
    let web = app.settings.server.web();
    Ok(Json(change_view::Page { changes: rows.iter().map(|row| change_view::row(row, web)).collect(), cursor: next }))
}

fn state(word: &str) -> Result<ChangeState, Problem> {
    ChangeState::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = ChangeState::ALL.into_iter().map(ChangeState::word).collect();
        Problem::new(Kind::Invalid, format!("“{word}” is no state. Use one of {}.", words.join(", ")))
    })
}

/// Exactly as a list has answered it.
fn cursor(text: &str) -> Result<ChangeNumber, Problem> {
    let is_ours = |number: &ChangeNumber| number.to_string() == text;
    let number = text.parse().ok().filter(is_ours);
    number.ok_or_else(|| Problem::new(Kind::Invalid, "The cursor is not one that a list has answered."))
}

pub async fn one(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Json<change_view::Whole>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let shown = Shown::find(&app, &address(&id)?).await?.ok_or_else(|| Problem::unknown_change(&id))?;
    Ok(Json(change_view::whole(&app, &shown)))
}

/// The UUID or the short number.
pub fn address(id: &str) -> Result<ChangeAddress, Problem> {
    if let Ok(id) = id.parse() {
        return Ok(ChangeAddress::Id(ChangeId(id)));
    }
    id.parse().map(ChangeAddress::Number).map_err(|_| Problem::unknown_change(id))
}

/// Where the change is, and how it stood when it was asked for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Opened {
    #[schema(schema_with = uuid_schema)]
    id: ChangeId,
    /// `CHG-1042`
    number: String,
    #[schema(schema_with = state_schema)]
    state: ChangeState,
    /// Its page in the console.
    url: String,
}

impl Opened {
    pub fn of(change: &Change, web: &str) -> Self {
        let url = format!("{web}/changes/{}", change.number);
        Self { id: change.id, number: change.number.to_string(), state: change.state(), url }
    }
}

/// Opens a change, or finds the open one with the same subject. 201 the first time, 200 when the same request comes again.
pub async fn open(State(app): State<App>, headers: HeaderMap, body: Sent) -> Result<Response, Problem> {
    let token = require(&app, &headers, "changes:write").await?;
    let body = body::whole(&app, body)?;
    let key = idempotency_key(&headers)?;
    let wish = wish::read(&body)?;
    let directory = app.laws.directory_now(&app.store).await?;
    let request = wish.to_request(&token, &directory)?;
    declared(&app, &request).await?;
    let (delivery, is_new) = match accept(&app, &token, key, &body, &request).await? {
        Accepted::New(id) => (id, true),
        Accepted::Answered(answer) => return Ok((StatusCode::OK, Json(answer)).into_response()),
        Accepted::Unanswered(id) => (id, false),
    };
    let change = app.open(&request, &Actor::Token { id: token.id.to_string() }, Delivered::Part(delivery)).await?;
    let web = app.settings.server.web();
    let answer = Opened::of(&change, web);
    remember(&app, delivery, change.id, &answer).await?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(answer)).into_response())
}

/// What no policy knows would be taken and forgotten.
async fn declared(app: &App, request: &engine::request::Request) -> Result<(), Problem> {
    let faults = app.laws.policy(&app.store).await?.attribute_faults(&request.attributes.extra);
    let Some(first) = faults.first() else { return Ok(()) };
    let problem = Problem::new(Kind::Invalid, format!("The attributes can’t be used: {}.", first.message));
    Err(faults.into_iter().fold(problem, |problem, fault| problem.at(format!("/attributes/{}", fault.name), fault.message)))
}

enum Accepted {
    New(uuid::Uuid),
    Answered(Opened),
    /// The same request came before, and its answer was never written: it is carried out again, which changes nothing twice.
    Unanswered(uuid::Uuid),
}

async fn accept(app: &App, token: &TokenRecord, key: String, body: &[u8], request: &engine::request::Request) -> Result<Accepted, Problem> {
    let now = app.clock.now();
    let delivery = NewDelivery {
        id: new_id(now),
        source: format!("{API_SOURCE}{}", token.id),
        key,
        body_digest: digest_of_bytes(body),
        event: "POST /v1/changes".to_owned(),
        status: DeliveryStatus::Accepted,
        signals: Some(serde_json::to_string(&Meaning::Request(Box::new(request.clone()))).map_err(|error| unwritable(&error))?),
        body: kept(body),
        received_at: now,
        due_at: now.plus_seconds(IN_HAND_S),
    };
    let id = delivery.id;
    match app.arrivals.write(delivery).await? {
        Acceptance::Stored => Ok(Accepted::New(id)),
        Acceptance::Conflict { first } => Err(reused(first)),
        Acceptance::Unstorable { why } => Err(Problem::new(Kind::Invalid, format!("The request can’t be stored: {why}"))),
        Acceptance::Duplicate(first) => {
            let answer = first.answer.as_deref().and_then(|answer| serde_json::from_str(answer).ok());
            Ok(answer.map_or(Accepted::Unanswered(first.id), Accepted::Answered))
        }
    }
}

async fn remember(app: &App, delivery: uuid::Uuid, change: ChangeId, answer: &Opened) -> Result<(), crate::app::Failure> {
    let mut tx = app.store.begin().await?;
    tx.delivery_answer(delivery, &[change], Some(&json!(answer).to_string())).await?;
    tx.commit().await?;
    Ok(())
}

pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let value = headers.get("Idempotency-Key").and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if value.is_empty() || value.len() > KEY_MAX {
        let detail = format!("Send an Idempotency-Key of 1 to {KEY_MAX} characters, the same one for every retry of the same request.");
        return Err(Problem::new(Kind::MissingIdempotencyKey, detail));
    }
    Ok(value.to_owned())
}
