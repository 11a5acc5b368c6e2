//! Whose token it is: who acts, how the record names it, and which request it was.

use super::changes::{address, idempotency_key};
use super::problem::{Kind, Problem};
use crate::app::{App, Failure};
use crate::clock::new_id;
use axum::http::HeaderMap;
use engine::change::Change;
use engine::event::Actor;
use engine::ids::{ChangeId, InteractionId, PersonId};
use entities::TokenRecord;

/// The door's name in the record.
pub const VIA: &str = "api";

/// For what only people do: the token has to be personal.
pub fn voter(token: &TokenRecord) -> Result<PersonId, Problem> {
    token.person.clone().ok_or_else(|| {
        let detail = format!("The token “{}” is a service’s, and those never vote. Use a personal one (--personal).", token.name);
        Problem::new(Kind::Forbidden, detail)
    })
}

/// A personal token acts as its person, a service's for its owner; the record has the token as well.
pub fn acts_for(token: &TokenRecord) -> PersonId {
    token.person.clone().unwrap_or_else(|| token.owner.clone())
}

/// Whom the record names.
pub fn actor(token: &TokenRecord) -> Actor {
    match &token.person {
        Some(person) => as_person(person.clone()),
        None => Actor::Token { id: token.id.to_string() },
    }
}

pub fn as_person(id: PersonId) -> Actor {
    Actor::Person { id, via: VIA.to_owned() }
}

/// The same key of the same token is the same deed.
pub fn interaction(app: &App, token: &TokenRecord, headers: &HeaderMap) -> Result<InteractionId, Problem> {
    if headers.contains_key("Idempotency-Key") {
        return Ok(InteractionId::new(format!("{VIA}:{}:{}", token.id, idempotency_key(headers)?)));
    }
    Ok(InteractionId::new(format!("{VIA}:{}", new_id(app.clock.now()))))
}

/// The change that a path names, by its number or its id.
pub async fn named(app: &App, id: &str) -> Result<ChangeId, Problem> {
    let summary = app.store.find_change(&address(id)?).await.map_err(Failure::from)?;
    summary.map(|summary| summary.id).ok_or_else(|| Problem::unknown_change(id))
}

/// The same with all that happened to it.
pub async fn found(app: &App, id: &str) -> Result<Change, Problem> {
    Ok(app.change(named(app, id).await?).await?)
}
