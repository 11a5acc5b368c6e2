//! `/v1/holds`: pausing and resuming by programs, and by people with a token of their own.

use super::auth::require;
use super::body::{self, Sent};
use super::caller::{actor, acts_for, interaction};
use super::document::operation::{Content, Operation};
use super::document::shapes::{instant_schema, maybe_instant_schema, shape};
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::pauses::{Paused, Resume, Which};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use bot::command::{End, period};
use engine::hold::{Hold, SCOPE_MAX, Scope};
use engine::ids::HoldId;
use engine::no_pause::NoPause;
use engine::stop_the_line::PauseWish;
use engine::{Refusal, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

const WRITE: &str = "holds:write";
const READ: &str = "changes:read";

/// What is to be paused. With neither environment nor service: everything.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The policy's name, or the source's.
    #[serde(default)]
    environment: Option<String>,
    /// The catalogue's name.
    #[serde(default)]
    service: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    #[schema(schema_with = maybe_instant_schema)]
    until: Option<Timestamp>,
    /// `30m`, `2h`, `1d`
    #[serde(default, rename = "for")]
    length: Option<String>,
}

/// Why a pause ends; in the query or in the body.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    #[serde(default)]
    reason: String,
}

/// A pause in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct Row {
    id: String,
    /// `null`: every environment.
    environment: Option<String>,
    /// `null`: every service.
    service: Option<String>,
    reason: String,
    by: String,
    #[schema(schema_with = instant_schema)]
    since: Timestamp,
    /// `null`: until somebody resumes.
    #[schema(schema_with = maybe_instant_schema)]
    until: Option<Timestamp>,
}

/// The pauses in force, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rows {
    holds: Vec<Row>,
}

/// A pause that was placed, and how many open changes are told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Placed {
    #[serde(flatten)]
    hold: Row,
    changes: usize,
}

/// A pause that was ended, and how many open changes are told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lifted {
    id: String,
    changes: usize,
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<Rows>, Problem> {
    require(&app, &headers, READ).await?;
    let holds = app.pauses().await?;
    Ok(Json(Rows { holds: holds.iter().filter_map(Row::of).collect() }))
}

pub async fn place(State(app): State<App>, headers: HeaderMap, body: Sent) -> Result<(StatusCode, Json<Placed>), Problem> {
    let token = require(&app, &headers, WRITE).await?;
    let wanted: Wanted = body::sent(&app, body)?;
    let until = wanted.until(app.clock.now())?;
    let scope = Scope { environment: wanted.environment, service: wanted.service };
    let wish = PauseWish { by: acts_for(&token), scope, reason: wanted.reason, until };
    let interaction = interaction(&app, &token, &headers)?;
    let (holds, changes) = done(app.pause(&actor(&token), &interaction, &wish).await?)?;
    let hold = holds.iter().find_map(Row::of).ok_or_else(|| Problem::new(Kind::Broken, "No pause came of it."))?;
    Ok((StatusCode::CREATED, Json(Placed { hold, changes })))
}

pub async fn lift(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Result<Query<Why>, QueryRejection>,
    body: Sent,
) -> Result<Json<Lifted>, Problem> {
    let token = require(&app, &headers, WRITE).await?;
    let Query(query) = query.map_err(|error| Problem::new(Kind::Invalid, error.body_text()))?;
    let body = body::whole(&app, body)?;
    let why = if body.is_empty() { query } else { body::read(body::json(&body)?)? };
    let wish = Resume { by: acts_for(&token), which: Which::Id(HoldId::new(id.clone())), reason: why.reason };
    let (_, changes) = done(app.resume(&actor(&token), &wish).await?)?;
    Ok(Json(Lifted { id, changes }))
}

/// The three as they are documented.
pub fn documented() -> Vec<Operation> {
    let refusals = [Kind::Invalid, Kind::Refused];
    let reason = json!({ "type": "string" });
    vec![
        Operation::get("/v1/holds", "Pauses in force").scope(READ).answers(200, "Oldest first", Content::Json(shape::<Rows>())),
        Operation::post("/v1/holds", "Pause releases; votes go on")
            .scope(WRITE)
            .repeatable()
            .takes(Content::Json(shape::<Wanted>()))
            .answers(201, "Nothing that it covers is released any more", Content::Json(shape::<Placed>()))
            .problems(&refusals),
        Operation::delete("/v1/holds/{id}", "End a pause")
            .scope(WRITE)
            .query("reason", "Why it ends", reason)
            .answers(200, "What it held is released", Content::Json(shape::<Lifted>()))
            .problems(&refusals)
            .problems(&[Kind::NotFound, Kind::Malformed, Kind::TooLarge]),
    ]
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

fn done(paused: Paused) -> Result<(Vec<Hold>, usize), Problem> {
    match paused {
        Paused::Done { holds, changes } => Ok((holds, changes)),
        Paused::Refused { refusal, directory } => {
            let kind = if matches!(refusal, Refusal::Pause(NoPause::NotThere { .. })) { Kind::NotFound } else { Kind::Refused };
            Err(Problem::new(kind, refusal.sentence(&directory)).code(refusal.code()))
        }
    }
}

impl Row {
    fn of(hold: &Hold) -> Option<Self> {
        let pause = hold.pause()?.clone();
        let Scope { environment, service } = pause.scope;
        let (id, by) = (hold.id.to_string(), pause.by.to_string());
        Some(Self { id, environment, service, reason: pause.reason, by, since: pause.since, until: pause.until })
    }
}
