//! `/v1/holds`: pausing and resuming by programs, and by people with a token of their own.

use super::auth::require;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::pauses::{Paused, Resume, Which};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use bot::command::{End, period};
use engine::event::Actor;
use engine::hold::{Hold, SCOPE_MAX, Scope};
use engine::ids::{HoldId, PersonId};
use engine::stop_the_line::PauseWish;
use engine::{Refusal, Timestamp};
use entities::TokenRecord;
use serde::Deserialize;
use serde_json::{Value, json};

const SCOPE: &str = "holds:write";

/// What is to be paused. With neither environment nor service: everything.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    environment: Option<String>,
    service: Option<String>,
    #[serde(default)]
    reason: String,
    until: Option<Timestamp>,
    /// `30m`, `2h`, `1d`
    #[serde(rename = "for")]
    length: Option<String>,
}

/// Why a pause ends; in the query or in the body.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    #[serde(default)]
    reason: String,
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let holds = app.pauses().await?;
    Ok(Json(json!({ "holds": holds.iter().map(row).collect::<Vec<_>>() })))
}

pub async fn place(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<(StatusCode, Json<Value>), Problem> {
    let token = require(&app, &headers, SCOPE).await?;
    let wanted: Wanted = read(&body)?;
    let until = wanted.until(app.clock.now())?;
    let scope = Scope { environment: wanted.environment, service: wanted.service };
    let wish = PauseWish { by: acts_for(&token), scope, reason: wanted.reason, until };
    let (holds, changes) = done(app.pause(&actor(&token), &wish).await?)?;
    let mut answer = holds.first().map(row).unwrap_or_default();
    answer["changes"] = changes.into();
    Ok((StatusCode::CREATED, Json(answer)))
}

pub async fn lift(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Why>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let token = require(&app, &headers, SCOPE).await?;
    let why = if body.is_empty() { query } else { read(&body)? };
    let wish = Resume { by: acts_for(&token), which: Which::Id(HoldId::new(id.clone())), reason: why.reason };
    let (_, changes) = done(app.resume(&actor(&token), &wish).await?)?;
    Ok(Json(json!({ "id": id, "changes": changes })))
}

impl Wanted {
    fn until(&self, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
        let invalid = |pointer: &str, detail: &str| Problem::new(Kind::Invalid, detail.to_owned()).at(pointer, detail);
        for (part, pointer) in [(&self.environment, "/environment"), (&self.service, "/service")] {
            if part.as_ref().is_some_and(|name| name.trim().is_empty() || name.chars().count() > SCOPE_MAX) {
                return Err(invalid(pointer, "It has 1 to 200 characters; leave it out for all of them."));
            }
        }
        match (&self.until, &self.length) {
            (Some(_), Some(_)) => Err(invalid("/for", "Say until or for, not both.")),
            (until, None) => Ok(*until),
            (None, Some(length)) => match period(length) {
                Ok(End::After(seconds)) => Ok(Some(now.plus_seconds(seconds))),
                Ok(End::At(_)) | Err(_) => Err(invalid("/for", "It is a length of time: 30m, 2h, 1d.")),
            },
        }
    }
}

/// A personal token acts as its person, a service's for its owner; the record has the token as well.
fn acts_for(token: &TokenRecord) -> PersonId {
    token.person.clone().unwrap_or_else(|| token.owner.clone())
}

fn actor(token: &TokenRecord) -> Actor {
    match &token.person {
        Some(person) => Actor::Person { id: person.clone(), via: "api".to_owned() },
        None => Actor::Token { id: token.id.to_string() },
    }
}

fn done(paused: Paused) -> Result<(Vec<Hold>, usize), Problem> {
    match paused {
        Paused::Done { holds, changes } => Ok((holds, changes)),
        Paused::Refused { refusal, directory } => {
            let kind = if matches!(refusal, Refusal::NoSuchHold { .. }) { Kind::NotFound } else { Kind::Refused };
            Err(Problem::new(kind, refusal.sentence(&directory)).code(refusal.code()))
        }
    }
}

fn row(hold: &Hold) -> Value {
    let Some(pause) = hold.pause() else { return json!({ "id": hold.id }) };
    json!({
        "id": hold.id, "environment": pause.scope.environment, "service": pause.scope.service, "reason": pause.reason,
        "by": pause.by, "since": pause.since, "until": pause.until,
    })
}

fn read<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let kind = if error.is_data() { Kind::Invalid } else { Kind::Malformed };
        Problem::new(kind, format!("The body can’t be read: {error}."))
    })
}
