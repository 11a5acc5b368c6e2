//! `GET /v1/inbox`: what waits for the person whose token it is.

use super::auth::require;
use super::change_view::{Row, row};
use super::problem::{Kind, Problem};
use crate::app::{App, Failure};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use engine::ids::PersonId;
use engine::phase::State as ChangeState;
use engine::standing::standing;
use entities::{ChangeFilter, Summary};
use serde::Serialize;
use utoipa::ToSchema;

/// Pending changes that one answer looks at.
const LOOKS_AT: u64 = 200;

#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    /// The person's id.
    person: String,
    changes: Vec<Row>,
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<Inbox>, Problem> {
    let token = require(&app, &headers, "changes:read").await?;
    let Some(person) = token.person else {
        let detail = format!("The token “{}” is a service’s, and nothing waits for those. Use a personal one (--personal).", token.name);
        return Err(Problem::new(Kind::Forbidden, detail));
    };
    let rows = waiting_for(&app, &person).await?;
    let web = app.settings.server.web();
    Ok(Json(Inbox { person: person.to_string(), changes: rows.iter().map(|summary| row(summary, web)).collect() }))
}

async fn waiting_for(app: &App, person: &PersonId) -> Result<Vec<Summary>, Failure> {
    let pending = ChangeFilter { state: Some(ChangeState::Pending), ..ChangeFilter::default() };
    let directory = app.laws.directory_now(&app.store).await?;
    let mut waiting = Vec::new();
    for summary in app.store.list_changes(&pending, None, LOOKS_AT).await? {
        let change = app.change(summary.id).await?;
        if standing(&change, &directory).waiting_on.contains(person) {
            waiting.push(summary);
        }
    }
    Ok(waiting)
}
