//! `GET /v1/changes/{id}/decision?wait=60`: a long poll for pipelines that wait.

use super::auth::require;
use super::change_view::{Outcome, holds, outcome};
use super::changes::address;
use super::document::shapes::state_schema;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::clock::pause;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use engine::change::Change;
use engine::event::Actor;
use engine::ids::ChangeId;
use engine::phase::State as ChangeState;
use engine::{Act, Input};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use utoipa::ToSchema;

/// The longest poll, in seconds; a longer wish is answered after this.
const LONGEST_WAIT_S: u32 = 60;
/// Between two looks at the database while nothing was announced here; another node may have decided.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    #[serde(default)]
    wait: u32,
}

pub async fn wait(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Result<Query<Wait>, QueryRejection>,
) -> Result<Json<Decision>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let Query(Wait { wait }) = query.map_err(|error| Problem::new(Kind::Invalid, error.body_text()))?;
    let found = app.store.find_change(&address(&id)?).await.map_err(crate::app::Failure::from)?;
    let id = found.ok_or_else(|| Problem::unknown_change(&id))?.id;
    let over = pause(Duration::from_secs(wait.min(LONGEST_WAIT_S).into()));
    tokio::pin!(over);
    // Listening begins before looking, so that a decision in between is not slept through.
    let mut moves = app.news.moves();
    loop {
        let change = newest(&app, id).await?;
        // A node that goes down answers at once; its caller asks another.
        if is_settled(&change) || app.is_draining() {
            return Ok(Json(answer(&change)));
        }
        tokio::select! {
            () = &mut over => return Ok(Json(answer(&change))),
            () = moves.of(id) => {}
            () = pause(LOOK_AGAIN) => {}
        }
    }
}

/// To say that it is approved is a release, so a hold that the change has not heard of yet counts too.
async fn newest(app: &App, id: ChangeId) -> Result<Change, Problem> {
    let change = app.change(id).await?;
    if outcome(&change) != Some(Outcome::Approved) {
        return Ok(change);
    }
    let input = Input { actor: Actor::System, act: Act::HoldsChanged };
    Ok(app.apply(id, input).await?.into_done().change)
}

/// An approval that is held may still wait; every other outcome is final for a pipeline.
fn is_settled(change: &Change) -> bool {
    match outcome(change) {
        None => false,
        Some(Outcome::Approved) => change.holds.is_empty(),
        Some(Outcome::Succeeded | Outcome::Failed | Outcome::Rejected | Outcome::Expired | Outcome::Cancelled | Outcome::Superseded) => {
            true
        }
    }
}

/// What a pipeline goes by.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decision {
    #[schema(schema_with = state_schema)]
    state: ChangeState,
    /// Null while nothing is decided.
    outcome: Option<Outcome>,
    /// What keeps an approved change from going ahead.
    #[schema(value_type = Vec<Object>)]
    holds: Vec<Value>,
    /// Null until decisions are signed.
    #[schema(value_type = Option<Object>)]
    verdict: Option<Value>,
}

/// No verdict is signed before the audit log exists, so none is claimed.
fn answer(change: &Change) -> Decision {
    Decision { state: change.state(), outcome: outcome(change), holds: holds(change), verdict: None }
}
