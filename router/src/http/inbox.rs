//! `GET /v1/inbox`: what waits for the person whose token it is.

use super::auth::require;
use super::change_view::{Row, row};
use super::problem::{Kind, Problem};
use crate::app::App;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

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
    let waiting = app.waiting_for(&person).await?;
    let web = app.settings.server.web();
    Ok(Json(Inbox { person: person.to_string(), changes: waiting.iter().map(|each| row(&each.summary, web)).collect() }))
}
