//! What people's deeds come to over the API: what was seen, what was recorded, or the problem.

use super::document::shapes::state_schema;
use super::problem::{Kind, Problem};
use crate::app::apply::{Done, Outcome};
use axum::Json;
use engine::Refusal;
use engine::ids::Digest;
use engine::input::Sight;
use engine::phase::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recorded {
    /// `CHG-1042`
    number: String,
    #[schema(schema_with = state_schema)]
    state: State,
    round: u32,
    /// In words, as chat says it.
    sentence: String,
}

impl Recorded {
    /// What was done, in the words of `told`; a request that came before is answered again, not done again.
    pub fn of(
        outcome: Outcome,
        told: impl FnOnce(&Done) -> String,
        refused: fn(&Refusal, &Done) -> Problem,
    ) -> Result<Json<Self>, Problem> {
        let done = match outcome {
            Outcome::Done(done) | Outcome::Refused { refusal: Refusal::Repeated { .. }, done } => done,
            Outcome::Refused { refusal, done } => return Err(refused(&refusal, &done)),
        };
        let sentence = told(&done);
        Ok(Json(Self { number: done.change.number.to_string(), state: done.change.state(), round: done.change.round, sentence }))
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
