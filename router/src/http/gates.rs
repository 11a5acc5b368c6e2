//! `GET /v1/gates/{tool}/…`: for tools that poll. 200 go, 202 wait, 403 no; asking opens nothing and uses nothing up.

use super::auth::require;
use super::planned::not_in_this_build;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::sources::{Connection, Polled};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use engine::change::Change;
use engine::ids::ChangeKey;
use engine::phase::State as ChangeState;
use entities::ChangeAddress;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Asked = BTreeMap<String, String>;

pub struct Question {
    tool: String,
    path: String,
    query: Asked,
}

pub async fn ask(
    State(app): State<App>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    Path((tool, path)): Path<(String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query.map_err(|error| Problem::new(Kind::Invalid, error.body_text()))?;
    let question = Question { tool, path, query };
    let connections: Vec<&Connection> = app.sources.iter().filter(|connection| connection.kind == question.tool).collect();
    let polls = connections.iter().any(|connection| question.put_to(connection).is_some());
    if method != Method::GET || !polls {
        return Err(not_in_this_build(uri).await);
    }
    require(&app, &headers, "changes:read").await?;
    answer(&app, question.key(&connections)?).await
}

impl Question {
    fn put_to(&self, connection: &Connection) -> Option<Result<ChangeKey, crate::sources::Reject>> {
        connection.source.polled(&Polled { path: &self.path, query: &self.query })
    }

    /// Where two have the same kind, `?integration=` says which one asks.
    fn key(&self, connections: &[&Connection]) -> Result<ChangeKey, Problem> {
        let invalid = |detail: String| Problem::new(Kind::Invalid, detail);
        let one = match (self.query.get("integration"), connections) {
            (Some(name), all) => all.iter().find(|connection| connection.name.as_str() == name).copied(),
            (None, [one]) => Some(*one),
            (None, _) => None,
        };
        let one = one.ok_or_else(|| invalid(format!("Say which integration of kind {} asks: ?integration=<name>.", self.tool)))?;
        let key = self.put_to(one).ok_or_else(|| invalid(format!("{} has no gate.", one.name)))?;
        key.map_err(|reject| invalid(reject.to_string()))
    }
}

async fn answer(app: &App, key: ChangeKey) -> Result<Response, Problem> {
    let found = app.store.find_change(&ChangeAddress::Key(key)).await.map_err(crate::app::Failure::from)?;
    let Some(summary) = found else {
        let sentence = "Nobody has asked for this yet, so nobody can approve it.";
        return Ok(written(&Gate { status: StatusCode::ACCEPTED, decision: "wait", sentence: sentence.to_owned() }, Value::Null));
    };
    let change = app.change(summary.id).await?;
    let link = format!("{}/changes/{}", app.settings.server.web(), change.number);
    let about = json!({ "id": change.id, "number": change.number.to_string(), "state": change.state(), "url": link });
    Ok(written(&gate(&change), about))
}

struct Gate {
    status: StatusCode,
    decision: &'static str,
    sentence: String,
}

/// An approval is for one deployment: once that has ended, another one is asked for anew.
fn gate(change: &Change) -> Gate {
    let number = change.number;
    let (status, decision, sentence) = match change.state() {
        ChangeState::Gating => (StatusCode::ACCEPTED, "wait", format!("{number} is being looked into.")),
        ChangeState::Blocked => (StatusCode::ACCEPTED, "wait", format!("{number} is blocked; its card says why.")),
        ChangeState::Pending => (StatusCode::ACCEPTED, "wait", format!("{number} waits for approval.")),
        ChangeState::Approved | ChangeState::Released | ChangeState::Deploying => (StatusCode::OK, "go", format!("{number} is approved.")),
        ChangeState::Succeeded | ChangeState::Failed => {
            (StatusCode::FORBIDDEN, "no", format!("{number} was deployed already and is over; ask for a new one."))
        }
        ChangeState::Rejected => (StatusCode::FORBIDDEN, "no", format!("{number} was rejected.")),
        ChangeState::Expired => (StatusCode::FORBIDDEN, "no", format!("{number} expired: nobody decided in time.")),
        ChangeState::Cancelled => (StatusCode::FORBIDDEN, "no", format!("{number} was withdrawn.")),
        ChangeState::Superseded => (StatusCode::FORBIDDEN, "no", format!("{number} was replaced by a newer change.")),
    };
    Gate { status, decision, sentence }
}

fn written(gate: &Gate, change: Value) -> Response {
    (gate.status, Json(json!({ "decision": gate.decision, "detail": gate.sentence, "change": change }))).into_response()
}
