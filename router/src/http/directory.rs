//! `GET /v1/people` and `GET /v1/policies`: who there is, and what is in force.

use super::auth::require;
use super::document::shapes::instant_schema;
use super::problem::Problem;
use crate::app::{App, Failure};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use engine::Timestamp;
use engine::directory::{Directory, Person};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    people: Vec<PersonRow>,
}

/// Somebody; addresses and accounts stay here.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonRow {
    id: String,
    name: String,
    /// `file:payments-devs`
    groups: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Policies {
    policies: Vec<PolicyRow>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyRow {
    name: String,
    /// The author's own number.
    version: u32,
    /// Of its text.
    digest: String,
    #[schema(schema_with = instant_schema)]
    loaded_at: Timestamp,
}

pub async fn people(State(app): State<App>, headers: HeaderMap) -> Result<Json<People>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let directory = app.laws.directory_now(&app.store).await?;
    Ok(Json(People { people: directory.people().map(|person| row(person, &directory)).collect() }))
}

fn row(person: &Person, directory: &Directory) -> PersonRow {
    let groups = directory.groups_of(&person.id).map(|group| format!("{}:{}", group.source, group.group));
    PersonRow { id: person.id.to_string(), name: person.name.clone(), groups: groups.collect() }
}

pub async fn policies(State(app): State<App>, headers: HeaderMap) -> Result<Json<Policies>, Problem> {
    require(&app, &headers, "changes:read").await?;
    let record = app.store.policy_in_force().await.map_err(Failure::from)?;
    let row = record.map(|record| PolicyRow {
        name: record.name,
        version: record.version,
        digest: record.digest.to_string(),
        loaded_at: record.loaded_at,
    });
    Ok(Json(Policies { policies: row.into_iter().collect() }))
}
