//! `GET /v1/gates/{tool}/…`: for tools that poll. 200 go, 202 wait, 403 no; asking opens nothing and uses nothing up.

use super::auth::require;
use super::changes::Opened;
use super::document::operation::{Content, Operation};
use super::document::shapes::shape;
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
use engine::event::Actor;
use engine::ids::ChangeKey;
use engine::phase::State as ChangeState;
use engine::{Act, Input};
use entities::ChangeAddress;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const PATH: &str = "/v1/gates/{tool}/{*rest}";

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
    require(&app, &headers, "changes:read").await?;
    let Query(query) = query.map_err(|error| Problem::new(Kind::Invalid, error.body_text()))?;
    let question = Question { tool, path, query };
    let connections: Vec<&Connection> = app.sources.iter().filter(|connection| connection.kind == question.tool).collect();
    let polls = connections.iter().any(|connection| question.put_to(connection).is_some());
    if method != Method::GET || !polls {
        return Err(not_in_this_build(uri).await);
    }
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
        return Ok(written(&Gate { status: StatusCode::ACCEPTED, decision: "wait", sentence: sentence.to_owned() }, None));
    };
    // A go is a release, so a pause that the change has not heard of yet counts too.
    let input = Input { actor: Actor::System, act: Act::HoldsChanged };
    let change = app.apply(summary.id, input).await?.into_done().change;
    Ok(written(&gate(&change), Some(Opened::of(&change, app.settings.server.web()))))
}

/// What a tool that polls is told; most look at the status alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct GateAnswer {
    /// `go`, `wait` or `no`
    decision: &'static str,
    detail: String,
    /// Null if nobody has asked for it yet.
    change: Option<Opened>,
}

pub fn documented() -> Vec<Operation> {
    let answer = || Content::Json(shape::<GateAnswer>());
    let get = Operation::get(PATH, "Whether a tool that polls may go on; the documents about each tool name the rest of the address")
        .scope("changes:read")
        .query("integration", "Which integration asks, where two are of one kind", serde_json::json!({ "type": "string" }))
        .answers(200, "Go", answer())
        .answers(202, "Wait", answer())
        .answers(403, "No", answer())
        .problems(&[Kind::Invalid, Kind::NotInThisBuild]);
    vec![get, Operation::post(PATH, "Planned, and not in this build").scope("changes:read").problems(&[Kind::NotInThisBuild])]
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
        ChangeState::Draft => (StatusCode::ACCEPTED, "wait", format!("{number} waits for its requester; its card says for what.")),
        ChangeState::Gating => (StatusCode::ACCEPTED, "wait", format!("{number} is being looked into.")),
        ChangeState::Blocked => (StatusCode::ACCEPTED, "wait", format!("{number} is blocked; its card says why.")),
        ChangeState::Pending => (StatusCode::ACCEPTED, "wait", format!("{number} waits for approval.")),
        ChangeState::Approved if !change.holds.is_empty() => {
            (StatusCode::ACCEPTED, "wait", format!("{number} is approved and held; its card says by what."))
        }
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

fn written(gate: &Gate, change: Option<Opened>) -> Response {
    let answer = GateAnswer { decision: gate.decision, detail: gate.sentence.clone(), change };
    (gate.status, Json(answer)).into_response()
}
