//! `POST /changes/{id}/vote`: voting as one of the demo's sample people. Outside the demo there is no such door.

use super::console::{Said, show};
use super::page::{failed, said};
use super::session::{Viewer, viewer};
use crate::app::apply::Outcome;
use crate::app::recorded::recorded;
use crate::app::shown::Shown;
use crate::app::{App, Failure};
use crate::clock::new_id;
use crate::http::changes::address;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use engine::event::{Actor, Choice};
use engine::ids::{InteractionId, PersonId};
use engine::input::{Ballot, Sight, Voter};
use engine::{Act, Input};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Vote {
    csrf: String,
    round: u32,
    choice: Chosen,
    #[serde(default)]
    rationale: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Chosen {
    Approve,
    Reject,
}

impl From<Chosen> for Choice {
    fn from(chosen: Chosen) -> Self {
        match chosen {
            Chosen::Approve => Self::Approve,
            Chosen::Reject => Self::Reject,
        }
    }
}

/// Whether a request comes from a page of ours: loopback by name, and no other page behind it.
pub fn is_from_here(app: &App, headers: &HeaderMap) -> bool {
    let Some(sandbox) = &app.sandbox else { return false };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    text(header::HOST).is_some_and(|host| sandbox.knows_host(host))
        && text(header::ORIGIN).is_none_or(|origin| sandbox.knows_origin(origin))
}

pub async fn vote(State(app): State<App>, Path(id): Path<String>, headers: HeaderMap, Form(vote): Form<Vote>) -> Response {
    let Some(sandbox) = &app.sandbox else {
        return said(&app, StatusCode::NOT_IMPLEMENTED, "Voting here is not in this build", "Vote on the card in chat.");
    };
    let person = match viewer(&app, &headers).await {
        Ok(Some(Viewer::Sandbox(person))) if is_from_here(&app, &headers) && sandbox.is_csrf(person.as_str(), &vote.csrf) => person,
        Ok(_) => return said(&app, StatusCode::FORBIDDEN, "This form is not valid any more", "Sign in again and send it once more."),
        Err(failure) => return failed(&app, &failure),
    };
    match cast(&app, &id, person.clone(), &vote).await {
        Ok(Some((shown, result))) => show(&app, &shown, &Viewer::Sandbox(person), &result),
        Ok(None) => said(&app, StatusCode::NOT_FOUND, "There is no such change", "Look at the list."),
        Err(failure) => failed(&app, &failure),
    }
}

async fn cast(app: &App, id: &str, person: PersonId, vote: &Vote) -> Result<Option<(Shown, Said)>, Failure> {
    let Ok(address) = address(id) else { return Ok(None) };
    let Some(summary) = app.store.find_change(&address).await? else { return Ok(None) };
    let choice = Choice::from(vote.choice);
    let ballot = Ballot {
        voter: Voter::Person(person.clone()),
        choice,
        rationale: vote.rationale.clone(),
        requirement: None,
        seen: Sight { round: vote.round, digest: None },
        via: "demo".to_owned(),
        interaction: InteractionId::new(format!("demo:{}", new_id(app.clock.now()))),
    };
    let input = Input { actor: Actor::Person { id: person, via: "demo".to_owned() }, act: Act::Vote(ballot) };
    let result = match app.apply(summary.id, input).await? {
        Outcome::Done(done) => Said::Good(recorded(&done, choice)),
        Outcome::Refused { refusal, done } if refusal.is_mendable() => {
            Said::Mend { sentence: refusal.sentence(&done.directory), rationale: vote.rationale.clone() }
        }
        Outcome::Refused { refusal, done } => Said::Bad(refusal.sentence(&done.directory)),
    };
    Ok(Some((Shown::load(app, summary.id).await?, result)))
}
