//! `GET /v1/inbox`: what waits for the person whose token it is.

use super::auth::require;
use super::change_view::{Row, row};
use super::document::shapes::instant_schema;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::waiting::Open;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use engine::Timestamp;
use entities::ChangeFilter;
use serde::Serialize;
use utoipa::ToSchema;

/// First what waits for a vote, then what waits for answers; both in the order in which they expire.
#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// The person's id.
    person: String,
    changes: Vec<WaitingRow>,
    /// More is open than the 500 changes that were looked at.
    is_cut: bool,
}

/// A change that can't go on without this person, or somebody like them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WaitingChange)]
pub struct WaitingRow {
    #[serde(flatten)]
    row: Row,
    waits_for: Awaited,
    #[schema(schema_with = instant_schema)]
    expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    Vote,
    /// What the policy asks its requester.
    Answers,
}

impl WaitingRow {
    fn of(open: &Open, web: &str) -> Self {
        let waits_for = if open.waits_for_answers() { Awaited::Answers } else { Awaited::Vote };
        Self { row: row(&open.summary, web), waits_for, expires_at: open.change.expires_at }
    }
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<Inbox>, Problem> {
    let token = require(&app, &headers, "changes:read").await?;
    let Some(person) = token.person else {
        let detail = format!("The token “{}” is a service’s, and nothing waits for those. Use a personal one (--personal).", token.name);
        return Err(Problem::new(Kind::Forbidden, detail));
    };
    let waiting = app.waiting(&ChangeFilter::default(), Some(&person)).await?;
    let web = app.settings.server.web();
    let changes = waiting.on_them.iter().map(|open| WaitingRow::of(open, web)).collect();
    Ok(Json(Inbox { person: person.to_string(), changes, is_cut: waiting.is_cut }))
}
