//! `DELETE /v1/changes/{id}/votes/mine`, `POST /v1/changes/{id}/withdraw` and `…/override`: taking one's own vote, or one's
//! own change, back, and lifting a freeze for a change.

use super::auth::require;
use super::body;
use super::changes::address;
use super::problem::Problem;
use super::votes::{Recorded, Seen, VIA, interaction, refused, voter};
use crate::app::apply::{Done, Outcome};
use crate::app::{App, Failure};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use engine::change::Change;
use engine::event::Actor;
use engine::ids::PersonId;
use engine::input::{Deed, Sight, Voter};
use engine::{Act, Input, Refusal};
use entities::TokenRecord;
use serde::Deserialize;
use utoipa::ToSchema;

/// Why a change is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    rationale: String,
    /// The change as it was seen; the current one if left out.
    #[serde(default)]
    seen: Option<Seen>,
}

/// Why a change can't wait for the end of a freeze.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The policy says how long it has to be.
    rationale: String,
    /// The change as it was seen; the current one if left out.
    #[serde(default)]
    seen: Option<Seen>,
}

/// Until the stage is decided, a person may take their vote back.
pub async fn take_back(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "votes:write").await?;
    let person = voter(&token)?;
    let change = found(&app, &id).await?;
    let by = Author { token: &token, person, seen: None };
    let deed = by.deed(&app, &change, &headers)?;
    by.does(&app, &change, Act::WithdrawVote(deed), "Your vote no longer counts").await
}

/// Only who asked for it may; for a service's token that is its owner.
pub async fn withdraw(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "changes:write").await?;
    let withdrawal: Withdrawal = body::read(body::json(&body::whole(&app, body)?)?)?;
    let change = found(&app, &id).await?;
    let person = token.person.clone().unwrap_or_else(|| token.owner.clone());
    let by = Author { token: &token, person, seen: withdrawal.seen.map(Seen::sight) };
    let deed = by.deed(&app, &change, &headers)?;
    by.does(&app, &change, Act::Withdraw { deed, rationale: withdrawal.rationale }, "It is withdrawn").await
}

/// For the group that the freeze names, and only as a person.
pub async fn override_freeze(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "votes:write").await?;
    let person = voter(&token)?;
    let signature: Signature = body::read(body::json(&body::whole(&app, body)?)?)?;
    let change = found(&app, &id).await?;
    let by = Author { token: &token, person, seen: signature.seen.map(Seen::sight) };
    let deed = by.deed(&app, &change, &headers)?;
    by.does(&app, &change, Act::Override { deed, rationale: signature.rationale }, "You override the freeze for it").await
}

pub async fn found(app: &App, id: &str) -> Result<Change, Problem> {
    let summary = app.store.find_change(&address(id)?).await.map_err(Failure::from)?;
    let id = summary.ok_or_else(|| Problem::unknown_change(id))?.id;
    Ok(app.change(id).await?)
}

/// Who does it, and what they saw.
struct Author<'a> {
    token: &'a TokenRecord,
    person: PersonId,
    seen: Option<Sight>,
}

impl Author<'_> {
    fn deed(&self, app: &App, change: &Change, headers: &HeaderMap) -> Result<Deed, Problem> {
        Ok(Deed {
            by: Voter::Person(self.person.clone()),
            seen: self.seen.clone().unwrap_or(Sight { round: change.round, digest: None }),
            via: VIA.to_owned(),
            interaction: interaction(app, self.token, headers)?,
        })
    }

    async fn does(self, app: &App, change: &Change, act: Act, what: &str) -> Result<Json<Recorded>, Problem> {
        let actor = Actor::Person { id: self.person, via: VIA.to_owned() };
        let told = |done: &Done| Json(Recorded::of(done, format!("Recorded: {}: {what}.", done.change.number)));
        match app.apply(change.id, Input { actor, act }).await? {
            Outcome::Done(done) => Ok(told(&done)),
            // The same request came before: it is answered again, not done again.
            Outcome::Refused { refusal: Refusal::Repeated { .. }, done } => Ok(told(&done)),
            Outcome::Refused { refusal, done } => Err(refused(&refusal, &done)),
        }
    }
}
