//! `POST /v1/changes/{id}/votes`: voting as the person whose token it is. A service's token never votes.

use super::auth::require;
use super::body::{self, Sent};
use super::caller::{VIA, as_person, interaction, named, voter};
use super::problem::Problem;
use super::recorded::{Recorded, Seen, refused};
use crate::app::App;
use crate::app::recorded::recorded;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use engine::event::Choice;
use engine::ids::{InteractionId, PersonId, RequirementName};
use engine::input::{self, Voter};
use engine::{Act, Input};
use serde::Deserialize;
use utoipa::ToSchema;

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

pub async fn cast(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap, body: Sent) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "votes:write").await?;
    let person = voter(&token)?;
    let ballot: Ballot = body::sent(&app, body)?;
    let change = named(&app, &id).await?;
    let choice = Choice::from(ballot.choice);
    let actor = as_person(person.clone());
    let act = Act::Vote(ballot.by(person, interaction(&app, &token, &headers)?));
    Recorded::of(app.apply(change, Input { actor, act }).await?, |done| recorded(done, choice), refused)
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
