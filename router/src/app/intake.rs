//! From a stored delivery to what it means: changes are opened, followed and ended here, outside the HTTP request.

use super::{App, Failure, unapproved};
use crate::app::comment::is_ours;
use crate::app::lease::{InHand, LEASE_S, while_renewed};
use crate::app::open::Delivered;
use crate::backoff;
use crate::sources::{ForgeAuthors, Signal, Wish};
use engine::event::{Actor, DeploymentOutcome};
use engine::ids::{ChangeId, ChangeKey, IntegrationName};
use engine::request::Request;
use engine::{Act, Input};
use entities::{ChangeAddress, ClaimedDelivery, Fenced, Summary};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the source of a request through the API begins with; the token's id follows.
pub const API_SOURCE: &str = "api:";

const BATCH: u64 = 64;
/// Passing failures of one delivery, before it is given up and shown as failed.
const MAX_ATTEMPTS: u64 = 100;

/// What a delivery means, as it lies in the inbox.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// A webhook's.
    Signals(Vec<Signal>),
    /// A request through the API, its people resolved.
    Request(Box<Request>),
}

/// Works through what is due; returns how much it looked at.
pub async fn pass(app: &App) -> Result<usize, Failure> {
    let claims = app.store.claim_deliveries(app.clock.now(), BATCH, LEASE_S).await?;
    while_renewed(app, InHand::Deliveries(&claims), each(app, &claims)).await?;
    Ok(claims.len())
}

async fn each(app: &App, claims: &[ClaimedDelivery]) -> Result<(), Failure> {
    for claim in claims {
        match understand(app, claim).await {
            Ok(Understood::Whole) => {}
            Ok(Understood::Parts(changes)) => report(app, claim, Ok(changes)).await?,
            Err(failure) => report(app, claim, Err(failure)).await?,
        }
    }
    Ok(())
}

async fn report(app: &App, claim: &ClaimedDelivery, end: Result<Vec<ChangeId>, Failure>) -> Result<(), Failure> {
    let written = match end {
        Ok(changes) => app.store.delivery_done(claim, &changes, None).await?,
        Err(failure) if failure.is_passing() && claim.attempts < MAX_ATTEMPTS => {
            let again = backoff::next(app.clock.now(), claim.attempts, None);
            app.store.delivery_retry(claim, again, &failure.to_string()).await?
        }
        Err(failure) => {
            tracing::error!(delivery = %claim.id, source = claim.source, %failure, "a delivery was given up");
            app.store.delivery_failed(claim, &failure.to_string()).await?
        }
    };
    if written == Fenced::Lost {
        tracing::info!(delivery = %claim.id, "another worker took over a delivery");
    }
    Ok(())
}

/// What became of a delivery.
enum Understood {
    /// It opened its change and is done since that commit.
    Whole,
    /// These changes were concerned; those that it opened are noted with it already.
    Parts(Vec<ChangeId>),
}

/// Doing it twice does nothing twice.
async fn understand(app: &App, claim: &ClaimedDelivery) -> Result<Understood, Failure> {
    let Some(text) = &claim.signals else { return Ok(Understood::Parts(Vec::new())) };
    let meaning: Meaning = serde_json::from_str(text)
        .map_err(|error| Failure::Unreadable { what: format!("delivery {}", claim.id), why: error.to_string() })?;
    let actor = actor(&claim.source);
    match meaning {
        Meaning::Request(request) => {
            app.open(&request, &actor, Delivered::Part(claim.id)).await?;
            Ok(Understood::Parts(Vec::new()))
        }
        Meaning::Signals(signals) => match <[Signal; 1]>::try_from(signals) {
            Ok([Signal::Opens(wish)]) => opened(app, &wish, &actor, Delivered::Whole(claim.id)).await.map(|()| Understood::Whole),
            Ok([signal]) => take(app, signal, &actor, claim.id).await.map(Understood::Parts),
            Err(signals) => all(app, signals, &actor, claim.id).await.map(Understood::Parts),
        },
    }
}

fn actor(source: &str) -> Actor {
    match source.strip_prefix(API_SOURCE) {
        Some(token) => Actor::Token { id: token.to_owned() },
        None => Actor::Integration { name: IntegrationName::new(source) },
    }
}

async fn all(app: &App, signals: Vec<Signal>, actor: &Actor, delivery: Uuid) -> Result<Vec<ChangeId>, Failure> {
    let mut changes = Vec::new();
    for signal in signals {
        changes.extend(take(app, signal, actor, delivery).await?);
    }
    Ok(changes)
}

async fn opened(app: &App, wish: &Wish, actor: &Actor, delivery: Delivered) -> Result<(), Failure> {
    let directory = app.laws.directory_now(&app.store).await?;
    app.open(&wish.to_request(&directory), actor, delivery).await.map(drop)
}

async fn take(app: &App, signal: Signal, actor: &Actor, delivery: Uuid) -> Result<Vec<ChangeId>, Failure> {
    let concerned = match signal {
        Signal::Opens(wish) => {
            opened(app, &wish, actor, Delivered::Part(delivery)).await?;
            None
        }
        Signal::Started { key, run, place } => match latest(app, &key).await? {
            Some(id) => tell(app, id, actor, Act::DeploymentStarted { run }).await?,
            None => unapproved::record(app, actor, &unapproved::Deployment { key, run, place }).await?,
        },
        Signal::Finished { key, run, outcome } => match latest(app, &key).await? {
            Some(id) => tell(app, id, actor, Act::DeploymentFinished { run, outcome }).await?,
            None => None,
        },
        Signal::RunFinished { keys_begin, run, outcome } => {
            return end_all(app, &keys_begin, actor, &Act::DeploymentFinished { run, outcome }).await;
        }
        Signal::PeopleJoined { keys_begin, commits, people } => {
            return join_all(app, actor, &Joined { keys_begin, commits, people }).await;
        }
        Signal::DecidedOutside { key, decision, by, comment, .. } => match latest(app, &key).await? {
            Some(id) if is_ours(app, id, &comment).await? => Some(id),
            Some(id) => tell(app, id, actor, Act::DecidedOutside { decision, by: by.label }).await?,
            None => None,
        },
    };
    Ok(concerned.into_iter().collect())
}

async fn end_all(app: &App, keys_begin: &str, actor: &Actor, act: &Act) -> Result<Vec<ChangeId>, Failure> {
    let mut ended = Vec::new();
    for row in reached(app, keys_begin, act).await? {
        ended.extend(tell(app, row.id, actor, act.clone()).await?);
    }
    Ok(ended)
}

/// A run that has failed concerns what is open. One that went through concerns, too, what had been refused: then it
/// went past us.
async fn reached(app: &App, keys_begin: &str, act: &Act) -> Result<Vec<Summary>, Failure> {
    let went_through = matches!(act, Act::DeploymentFinished { outcome: DeploymentOutcome::Success, .. });
    let found = if went_through {
        app.store.newest_with_key_beginning(keys_begin).await
    } else {
        app.store.open_with_key_beginning(keys_begin).await
    };
    Ok(found?)
}

struct Joined {
    keys_begin: String,
    commits: Vec<String>,
    people: ForgeAuthors,
}

async fn join_all(app: &App, actor: &Actor, joined: &Joined) -> Result<Vec<ChangeId>, Failure> {
    let authors = joined.people.to_authors(app.laws.directory_now(&app.store).await?.as_ref());
    let mut concerned = Vec::new();
    for row in app.store.open_with_key_beginning(&joined.keys_begin).await? {
        let commit = joined.commits.iter().find(|commit| row.key.as_str().ends_with(&format!(":{commit}")));
        let Some(commit) = commit.cloned() else { continue };
        let act = Act::AuthorsJoined { commit: Some(commit), authors: authors.clone() };
        concerned.extend(tell(app, row.id, actor, act).await?);
    }
    Ok(concerned)
}

async fn tell(app: &App, id: ChangeId, actor: &Actor, act: Act) -> Result<Option<ChangeId>, Failure> {
    app.apply(id, Input { actor: actor.clone(), act }).await?;
    Ok(Some(id))
}

async fn latest(app: &App, key: &ChangeKey) -> Result<Option<ChangeId>, Failure> {
    let summary = app.store.find_change(&ChangeAddress::Key(key.clone())).await?;
    Ok(summary.map(|summary| summary.id))
}
