//! `POST /v1/changes/{id}/facts`: a measurement, for the gates of a change.

use super::auth::require;
use super::body::{self, Sent};
use super::caller::{actor, acts_for, found, interaction};
use super::document::shapes::instant_schema;
use super::problem::{Kind, Problem};
use super::recorded::Recorded;
use crate::app::App;
use crate::app::apply::Done;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use engine::Timestamp;
use engine::change::Change;
use engine::fact::{self, Fact, FactFault};
use engine::gate::{Ageing, troubles};
use engine::ids::PersonId;
use engine::input::Supply;
use engine::{Act, Input, Refusal};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One measurement. The same one sent again changes nothing, and neither does an older one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFact {
    /// Its kind: `tests.unit`.
    name: String,
    /// What it says, by the fields of its kind.
    #[schema(value_type = Object)]
    value: Value,
    /// The commit or the subject’s digest that it is about; a fact about another one is refused.
    #[serde(default)]
    subject: Option<String>,
    /// When it was measured: its age counts from here.
    #[schema(schema_with = instant_schema)]
    observed_at: Timestamp,
}

pub async fn supply(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap, body: Sent) -> Result<Json<Recorded>, Problem> {
    let token = require(&app, &headers, "facts:write").await?;
    let new: NewFact = body::sent(&app, body)?;
    let about = new.subject.clone();
    let fact = new.read(acts_for(&token))?;
    let change = found(&app, &id).await?;
    let act = Act::SupplyFact(Supply { fact, about, interaction: interaction(&app, &token, &headers)? });
    let outcome = app.apply(change.id, Input { actor: actor(&token), act }).await?;
    Recorded::of(outcome, |done| sentence(&done.change, app.clock.now()), refused)
}

impl NewFact {
    fn read(self, by: PersonId) -> Result<Fact, Problem> {
        let (name, fields) = fact::read(&self.name, &self.value).map_err(|faults| unfit(&faults))?;
        Ok(Fact { name, fields, observed_at: self.observed_at, by })
    }
}

fn unfit(faults: &[FactFault]) -> Problem {
    let problem = Problem::new(Kind::Invalid, "The fact is not what its kind asks for. docs/facts.md lists the kinds and their fields.");
    faults.iter().fold(problem, |problem, fault| problem.at(fault.pointer.clone(), fault.message.clone()))
}

/// Nothing of a fact is mended by other words.
fn refused(refusal: &Refusal, done: &Done) -> Problem {
    Problem::new(Kind::Refused, refusal.sentence(&done.directory)).code(refusal.code())
}

/// What the change still lacks.
fn sentence(change: &Change, now: Timestamp) -> String {
    let gates = change.rules.as_ref().map(|rules| &rules.gates);
    let stopped = gates.map(|gates| troubles(gates, &change.evidence, change.ageing().unwrap_or(Ageing::OfAll), now)).unwrap_or_default();
    let Some(first) = stopped.first() else { return format!("Recorded: no gate of {} stands in the way.", change.number) };
    let more = match stopped.len() - 1 {
        0 => String::new(),
        1 => " One more gate does not pass.".to_owned(),
        more => format!(" {more} more gates do not pass."),
    };
    format!("Recorded. {}{more}", first.sentence())
}
