//! `POST /v1/changes/{id}/waivers`: an exception for a gate, by the person whose token it is.

use super::auth::require;
use super::body::{self, Sent};
use super::caller::{VIA, found, interaction, voter};
use super::document::shapes::maybe_instant_schema;
use super::problem::{Kind, Problem};
use super::recorded::{Recorded, Seen};
use crate::app::App;
use crate::app::apply::Done;
use crate::app::personal::{Personal, Wanted};
use crate::app::recorded::waived;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use engine::ids::GateName;
use engine::input::Sight;
use engine::no_waiver::NoWaiver;
use engine::{Refusal, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

/// An exception for one gate of this change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWaiver {
    gate: String,
    /// Why it does not have to pass.
    rationale: String,
    /// Where the exception is kept; the policy says whether it has to be named.
    #[serde(default)]
    ticket: String,
    /// When it ends; the policy says how late that may be, and whether it has to be named.
    #[serde(default)]
    #[schema(schema_with = maybe_instant_schema)]
    until: Option<Timestamp>,
    /// The change as it was seen; the current one if left out.
    #[serde(default)]
    seen: Option<Seen>,
}

pub async fn make(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap, body: Sent) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "votes:write").await?;
    let person = voter(&token)?;
    let new: NewWaiver = body::sent(&app, body)?;
    let change = found(&app, &id).await?;
    let seen = new.seen.map_or(Sight { round: change.round, digest: None }, Seen::sight);
    let by = Personal { person, via: VIA, seen, interaction: interaction(&app, &token, &headers)? };
    let wanted = Wanted::Waive { gate: GateName::new(new.gate), rationale: new.rationale, ticket: new.ticket, until: new.until };
    Recorded::of(app.personally(change.id, &by, wanted).await?, waived, refused)
}

/// What can be mended is wrong at its place.
fn refused(refusal: &Refusal, done: &Done) -> Problem {
    let sentence = refusal.sentence(&done.directory);
    let pointer = match refusal {
        Refusal::Waiver(NoWaiver::NoTicket) => "/ticket",
        Refusal::Waiver(NoWaiver::NoExpiry { .. } | NoWaiver::TooLong { .. } | NoWaiver::InThePast) => "/until",
        _ if refusal.is_mendable() => "/rationale",
        _ => return Problem::new(Kind::Refused, sentence).code(refusal.code()),
    };
    Problem::new(Kind::Invalid, sentence.clone()).at(pointer, sentence)
}
