//! A deployment that starts although nobody asked us about it: put on record, and told to the policy's owners.

use super::outgoing::Wish;
use super::{App, Failure};
use crate::sources::Place;
use engine::Timestamp;
use engine::event::Actor;
use engine::ids::{ChangeId, ChangeKey, PersonId};
use entities::{NewRecord, Outgoing};
use serde_json::json;

pub struct Deployment {
    pub key: ChangeKey,
    pub run: String,
    pub place: Place,
}

/// Nothing is expected to be asked about an environment that the policy does not know.
pub async fn record(app: &App, actor: &Actor, deployment: &Deployment) -> Result<Option<ChangeId>, Failure> {
    let Deployment { key, run, place } = deployment;
    let policy = app.laws.policy(&app.store).await?;
    if policy.environment_for(&place.environment, place.tier.as_deref()).is_none() {
        return Ok(None);
    }
    let directory = app.laws.directory_now(&app.store).await?;
    let now = app.clock.now();
    let owners = policy.owner_people(&directory);
    let notices: Result<Vec<Outgoing>, Failure> = owners.iter().flat_map(|owner| notices(app, deployment, owner, now)).collect();
    let body = json!({ "key": key, "run": run, "service": place.service, "environment": place.environment });
    let record = NewRecord { at: now, actor: actor.clone(), kind: "unapproved_deployment".to_owned(), body };
    let mut tx = app.store.begin().await?;
    tx.record(&stream(actor), &record).await?;
    tx.enqueue(&notices?, now).await?;
    app.news.written(tx.commit().await?);
    metrics::counter!("countersign_unapproved_deployments_total").increment(1);
    tracing::warn!(%key, run, "a deployment started that nobody asked Countersign about");
    Ok(None)
}

fn stream(actor: &Actor) -> String {
    match actor {
        Actor::Integration { name } => format!("deployments:{name}"),
        Actor::Person { .. } | Actor::Account { .. } | Actor::Token { .. } | Actor::Timer | Actor::System => "deployments:api".to_owned(),
    }
}

fn notices(app: &App, deployment: &Deployment, owner: &PersonId, now: Timestamp) -> Vec<Result<Outgoing, Failure>> {
    let each = app.platforms.iter().map(|platform| {
        let wish = Wish::Unapproved {
            platform: platform.name().to_owned(),
            person: owner.clone(),
            service: deployment.place.service.clone(),
            environment: deployment.place.environment.clone(),
        };
        let key = format!("unapproved:{}:{}:{}:{owner}", deployment.key, deployment.run, platform.name());
        Ok(Outgoing { key, kind: wish.kind().to_owned(), change: None, payload: wish.to_json()?, due_at: now })
    });
    each.collect()
}
