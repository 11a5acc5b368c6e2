//! `DELETE /v1/changes/{id}/votes/mine`, `POST /v1/changes/{id}/withdraw` and `…/override`: taking one's own vote, or one's
//! own change, back, and lifting a freeze for a change.

use super::auth::require;
use super::body::{self, Sent};
use super::caller::{VIA, acts_for, as_person, found, interaction, voter};
use super::problem::Problem;
use super::recorded::{Recorded, Seen, refused};
use crate::app::App;
use crate::app::apply::Done;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use engine::change::Change;
use engine::ids::PersonId;
use engine::input::{Deed, Sight, Voter};
use engine::{Act, Input};
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
pub async fn withdraw(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap, body: Sent) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "changes:write").await?;
    let withdrawal: Withdrawal = body::sent(&app, body)?;
    let change = found(&app, &id).await?;
    let by = Author { token: &token, person: acts_for(&token), seen: withdrawal.seen.map(Seen::sight) };
    let deed = by.deed(&app, &change, &headers)?;
    by.does(&app, &change, Act::Withdraw { deed, rationale: withdrawal.rationale }, "It is withdrawn").await
}

/// For the group that the freeze names, and only as a person.
pub async fn override_freeze(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Sent,
) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "votes:write").await?;
    let person = voter(&token)?;
    let signature: Signature = body::sent(&app, body)?;
    let change = found(&app, &id).await?;
    let by = Author { token: &token, person, seen: signature.seen.map(Seen::sight) };
    let deed = by.deed(&app, &change, &headers)?;
    by.does(&app, &change, Act::Override { deed, rationale: signature.rationale }, "You override the freeze for it").await
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
        let told = |done: &Done| format!("Recorded: {}: {what}.", done.change.number);
        let input = Input { actor: as_person(self.person), act };
        Recorded::of(app.apply(change.id, input).await?, told, refused)
    }
}
