//! The loops of a worker: take in, carry out, wake, send. Each looks again when there is news, and now and then anyway.

use crate::app::news::Topic;
use crate::app::{App, Failure, intake, internal};
use crate::clock::{new_id, pause};
use crate::{dispatch, schedule, telemetry};
use std::time::Duration;
use tokio::sync::futures::Notified;
use tokio::task::JoinSet;

/// The longest that due work of another node, or a timer, may lie before somebody looks.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// After a failure of the database; it is not asked again at full speed.
const BREATHE: Duration = Duration::from_secs(1);
/// Between two looks at the table of jobs, or at the metrics; a look costs nothing while there is nothing to do.
const JOBS_EVERY: Duration = Duration::from_secs(1);

/// One queue, until the process drains.
pub async fn inward(app: App, topic: Topic) {
    while !app.is_draining() {
        let news = app.news.of(topic);
        let nap = nap(topic, pass(&app, topic).await.as_ref().copied());
        rest(nap, news).await;
    }
}

/// The outbox, until the process drains. A slow receiver holds one place, not the others up.
pub async fn outward(app: App) {
    let mut in_hand = JoinSet::new();
    while !app.is_draining() {
        let news = app.news.of(Topic::Outbox);
        while in_hand.try_join_next().is_some() {}
        let claims = dispatch::claim(&app, dispatch::AT_ONCE - in_hand.len()).await;
        let nap = nap(Topic::Outbox, claims.as_ref().map(Vec::len));
        for claim in claims.into_iter().flatten() {
            in_hand.spawn(dispatch::send_one(app.clone(), claim));
        }
        if in_hand.len() == dispatch::AT_ONCE {
            in_hand.join_next().await;
        }
        rest(nap, news).await;
    }
    while in_hand.join_next().await.is_some() {}
}

/// Everything of a queue that is due now, up to a batch; returns how much it looked at.
async fn pass(app: &App, topic: Topic) -> Result<usize, Failure> {
    match topic {
        Topic::Deliveries => intake::pass(app).await,
        Topic::Orders => internal::pass(app).await,
        Topic::Timers => schedule::pass(app).await,
        Topic::Outbox => dispatch::pass(app).await,
    }
}

/// How long a loop may rest after a pass: not at all while there was something to do.
fn nap(topic: Topic, pass: Result<usize, &Failure>) -> Duration {
    match pass {
        Ok(0) => LOOK_AGAIN,
        Ok(_) => Duration::ZERO,
        Err(failure) => {
            tracing::error!(%failure, ?topic, "work is interrupted and goes on by itself");
            BREATHE
        }
    }
}

async fn rest(nap: Duration, news: Notified<'_>) {
    if nap.is_zero() {
        return;
    }
    tokio::select! {
        () = news => {}
        () = pause(nap) => {}
    }
}

/// Keeps the metrics small, until the process drains.
pub async fn upkeep(app: App) {
    while !app.is_draining() {
        pause(JOBS_EVERY).await;
        telemetry::upkeep();
    }
}

/// The table of jobs, until the process drains.
pub async fn jobs(app: App) {
    let holder = new_id(app.clock.now()).to_string();
    let mut last = app.clock.now();
    while !app.is_draining() {
        pause(JOBS_EVERY).await;
        let now = app.clock.now();
        match schedule::run_jobs(&app, &holder, last).await {
            Ok(()) => last = now,
            Err(failure) => tracing::error!(%failure, "the table of jobs could not be looked at"),
        }
    }
}

/// Everything that is due now, to its end: what the demo's script and tests call instead of waiting.
pub async fn settle(app: &App) -> Result<(), Failure> {
    loop {
        let mut looked_at = 0;
        for topic in Topic::ALL {
            looked_at += Box::pin(pass(app, topic)).await?;
        }
        if looked_at == 0 {
            return Ok(());
        }
    }
}
