//! `POST /v1/changes/{id}/votes`: voting as the person whose token it is. A service's token never votes.

use super::auth::require;
use super::body;
use super::changes::{address, idempotency_key};
use super::document::shapes::state_schema;
use super::problem::{Kind, Problem};
use crate::app::apply::{Done, Outcome};
use crate::app::chat::recorded;
use crate::app::{App, Failure};
use crate::clock::new_id;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use engine::event::{Actor, Choice};
use engine::ids::{Digest, InteractionId, PersonId, RequirementName};
use engine::input::{self, Sight, Voter};
use engine::phase::State as ChangeState;
use engine::{Act, Input, Refusal};
use entities::TokenRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The door's name in the record of a vote.
pub const VIA: &str = "api";

/// A vote, and what its voter looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ballot {
    choice: Chosen,
    /// Why; the policy says how long it has to be.
    #[serde(default)]
    rationale: String,
    /// Which requirement it is for, if that matters.
    #[serde(default)]
    requirement: Option<String>,
    seen: Seen,
}

/// The change as the voter saw it; a vote for anything else is refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    round: u32,
    /// The subject's digest.
    digest: String,
}

impl Seen {
    pub fn sight(self) -> Sight {
        Sight { round: self.round, digest: Some(Digest::new(self.digest)) }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    Approve,
    Reject,
    /// Not like this: the round ends, and the requester is asked to mend it.
    RequestChanges,
    /// Has looked and leaves it to the others.
    Abstain,
}

impl From<Chosen> for Choice {
    fn from(chosen: Chosen) -> Self {
        match chosen {
            Chosen::Approve => Self::Approve,
            Chosen::Reject => Self::Reject,
            Chosen::RequestChanges => Self::RequestChanges,
            Chosen::Abstain => Self::Abstain,
        }
    }
}

/// What came of a vote.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recorded {
    /// `CHG-1042`
    number: String,
    #[schema(schema_with = state_schema)]
    state: ChangeState,
    round: u32,
    /// In words, as chat says it.
    sentence: String,
}

pub async fn cast(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "votes:write").await?;
    let person = voter(&token)?;
    let ballot: Ballot = body::read(body::json(&body::whole(&app, body)?)?)?;
    let found = app.store.find_change(&address(&id)?).await.map_err(Failure::from)?;
    let change = found.ok_or_else(|| Problem::unknown_change(&id))?.id;
    let choice = Choice::from(ballot.choice);
    let interaction = interaction(&app, &token, &headers)?;
    let actor = Actor::Person { id: person.clone(), via: VIA.to_owned() };
    let act = Act::Vote(ballot.by(person, interaction));
    match app.apply(change, Input { actor, act }).await? {
        Outcome::Done(done) => Ok(Json(Recorded::of(&done, recorded(&done, choice)))),
        // The same request came before: it is answered again, not decided again.
        Outcome::Refused { refusal: Refusal::Repeated { .. }, done } => Ok(Json(Recorded::of(&done, recorded(&done, choice)))),
        Outcome::Refused { refusal, done } => Err(refused(&refusal, &done)),
    }
}

pub fn voter(token: &TokenRecord) -> Result<PersonId, Problem> {
    token.person.clone().ok_or_else(|| {
        let detail = format!("The token “{}” is a service’s, and those never vote. Use a personal one (--personal).", token.name);
        Problem::new(Kind::Forbidden, detail)
    })
}

/// The same key of the same token is the same vote.
pub fn interaction(app: &App, token: &TokenRecord, headers: &HeaderMap) -> Result<InteractionId, Problem> {
    if headers.contains_key("Idempotency-Key") {
        return Ok(InteractionId::new(format!("{VIA}:{}:{}", token.id, idempotency_key(headers)?)));
    }
    Ok(InteractionId::new(format!("{VIA}:{}", new_id(app.clock.now()))))
}

impl Ballot {
    fn by(self, person: PersonId, interaction: InteractionId) -> input::Ballot {
        input::Ballot {
            voter: Voter::Person(person),
            choice: self.choice.into(),
            rationale: self.rationale,
            requirement: self.requirement.map(RequirementName::new),
            seen: self.seen.sight(),
            via: VIA.to_owned(),
            interaction,
        }
    }
}

impl Recorded {
    pub fn of(done: &Done, sentence: String) -> Self {
        Self { number: done.change.number.to_string(), state: done.change.state(), round: done.change.round, sentence }
    }
}

/// A rationale can be mended and sent again; everything else stays refused as it is.
pub fn refused(refusal: &Refusal, done: &Done) -> Problem {
    let sentence = refusal.sentence(&done.directory);
    if refusal.is_mendable() {
        return Problem::new(Kind::Invalid, sentence.clone()).at("/rationale", sentence);
    }
    Problem::new(Kind::Refused, sentence).code(refusal.code())
}
