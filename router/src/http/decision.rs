//! `GET /v1/changes/{id}/decision?wait=60`: a long poll for pipelines that wait.

use super::auth::require;
use super::change_view::outcome;
use super::changes::address;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::clock::pause;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use engine::change::Change;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// The longest poll, in seconds; a longer wish is answered after this.
const LONGEST_WAIT_S: u64 = 60;
/// Between two looks at the database while nothing was announced here; another node may have decided.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    #[serde(default)]
    wait: u64,
}

pub async fn wait(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Result<Query<Wait>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let Query(Wait { wait }) = query.map_err(|error| Problem::new(Kind::Invalid, error.body_text()))?;
    let found = app.store.find_change(&address(&id)?).await.map_err(crate::app::Failure::from)?;
    let id = found.ok_or_else(|| Problem::unknown_change(&id))?.id;
    let over = pause(Duration::from_secs(wait.min(LONGEST_WAIT_S)));
    tokio::pin!(over);
    loop {
        // Listening begins before looking, so that a decision in between is not slept through.
        let news = app.news.notified();
        let change = app.change(id).await?;
        // A node that goes down answers at once; its caller asks another.
        if outcome(&change).is_some() || app.is_draining() {
            return Ok(Json(answer(&change)));
        }
        tokio::select! {
            () = &mut over => return Ok(Json(answer(&change))),
            () = news => {}
            () = pause(LOOK_AGAIN) => {}
        }
    }
}

/// No verdict is signed before the audit log exists, so none is claimed.
fn answer(change: &Change) -> Value {
    json!({ "state": change.state(), "outcome": outcome(change), "holds": change.holds, "verdict": Value::Null })
}
