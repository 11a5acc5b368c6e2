//! `/v1/incidents`: what programs and people report to be broken, for the conditions of the policy.

use super::auth::require;
use super::body::{self, Sent};
use super::caller::actor;
use super::document::operation::{Content, Operation};
use super::document::shapes::{instant_schema, maybe_instant_schema, shape};
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::incidents::Known;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use engine::Timestamp;
use engine::incident::{self, Fault, Incident, Status};
use entities::TokenRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const WRITE: &str = "holds:write";
const READ: &str = "changes:read";

/// How an incident stands. What is left out stays as it was; the first report says title, severity and services.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentReport {
    /// The incident, as whoever reports it calls it: the same id is the same incident.
    id: String,
    #[serde(default)]
    title: Option<String>,
    /// `sev1`: whatever word the policy compares it with.
    #[serde(default)]
    severity: Option<String>,
    /// The services that it concerns; `[]` for none.
    #[serde(default)]
    services: Option<Vec<String>>,
    #[serde(default)]
    caused_by_service: Option<String>,
    #[serde(default)]
    url: Option<String>,
    /// A new one is open.
    #[serde(default)]
    status: Option<IncidentStatus>,
    /// Now, if the first report leaves it out.
    #[serde(default)]
    #[schema(schema_with = maybe_instant_schema)]
    opened_at: Option<Timestamp>,
    /// Now, if a report that it is resolved leaves it out.
    #[serde(default)]
    #[schema(schema_with = maybe_instant_schema)]
    resolved_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IncidentStatus {
    Open,
    Resolved,
}

/// An incident, as it was reported last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentRow {
    id: String,
    title: String,
    severity: String,
    services: Vec<String>,
    caused_by_service: Option<String>,
    url: Option<String>,
    status: IncidentStatus,
    #[schema(schema_with = instant_schema)]
    opened_at: Timestamp,
    /// `null`: it is open.
    #[schema(schema_with = maybe_instant_schema)]
    resolved_at: Option<Timestamp>,
    /// The name of the token that reported it first.
    source: String,
}

/// The incidents that are open, and those that were resolved within a day; oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incidents)]
pub struct IncidentRows {
    incidents: Vec<IncidentRow>,
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Json<IncidentRows>, Problem> {
    require(&app, &headers, READ).await?;
    Ok(Json(IncidentRows { incidents: app.incidents().await?.into_iter().map(IncidentRow::of).collect() }))
}

pub async fn report(State(app): State<App>, headers: HeaderMap, body: Sent) -> Result<(StatusCode, Json<IncidentRow>), Problem> {
    let token = require(&app, &headers, WRITE).await?;
    let report: IncidentReport = body::sent(&app, body)?;
    match app.report_incident(&actor(&token), &report.by(&token)).await? {
        Known::New(incident) => Ok((StatusCode::CREATED, Json(IncidentRow::of(incident)))),
        Known::Again(incident) => Ok((StatusCode::OK, Json(IncidentRow::of(incident)))),
        Known::Unfit(faults) => Err(unfit(&faults)),
        Known::Refused(no) => Err(Problem::new(Kind::Refused, no.sentence()).code(no.code())),
    }
}

/// The two as they are documented.
pub fn documented() -> Vec<Operation> {
    let row = || Content::Json(shape::<IncidentRow>());
    vec![
        Operation::get("/v1/incidents", "Incidents that conditions of the policy ask about").scope(READ).answers(
            200,
            "Oldest first",
            Content::Json(shape::<IncidentRows>()),
        ),
        Operation::post("/v1/incidents", "Report how an incident stands; the same report again changes nothing")
            .scope(WRITE)
            .takes(Content::Json(shape::<IncidentReport>()))
            .answers(201, "It was not known before", row())
            .answers(200, "It is known and stands like this now", row())
            .problems(&[Kind::Invalid, Kind::Refused]),
    ]
}

impl IncidentReport {
    fn by(self, token: &TokenRecord) -> incident::Report {
        let Self { id, title, severity, services, caused_by_service, url, status, opened_at, resolved_at } = self;
        let status = status.map(|status| match status {
            IncidentStatus::Open => Status::Open,
            IncidentStatus::Resolved => Status::Resolved,
        });
        let (id, source) = (incident::named(&id), token.name.clone());
        incident::Report { id, title, severity, services, caused_by_service, url, status, opened_at, resolved_at, source }
    }
}

impl IncidentRow {
    fn of(incident: Incident) -> Self {
        let status = if incident.is_open() { IncidentStatus::Open } else { IncidentStatus::Resolved };
        let Incident { id, title, severity, services, caused_by_service, url, opened_at, resolved_at, source, revision: _ } = incident;
        let (id, services) = (id.to_string(), services.into_iter().collect());
        Self { id, title, severity, services, caused_by_service, url, status, opened_at, resolved_at, source }
    }
}

fn unfit(faults: &[Fault]) -> Problem {
    let problem = Problem::new(Kind::Invalid, "The report can’t be used, so nothing was recorded.");
    faults.iter().fold(problem, |problem, fault| problem.at(fault.pointer, fault.message.clone()))
}
