//! Time: due changes are woken, and chores run by their cron rows. Any node may wake any change.

use crate::app::{App, Failure};
use engine::calendar::Cron;
use engine::event::Actor;
use engine::{Act, Input, Timestamp};
use std::future::Future;
use std::pin::Pin;

/// Changes that one pass wakes.
const BATCH: u64 = 64;

/// Wakes what is due; returns how many.
pub async fn pass(app: &App) -> Result<usize, Failure> {
    let due = app.store.due_changes(app.clock.now(), BATCH).await?;
    for id in &due {
        app.apply(*id, Input { actor: Actor::Timer, act: Act::Wake }).await?;
    }
    Ok(due.len())
}

type Chore = fn(App) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// What runs at fixed times: name, cron expression in UTC, function.
pub const JOBS: &[(&str, &str, Chore)] = &[
    ("forget old deliveries", "17 3 * * *", |app| Box::pin(forget_deliveries(app))),
    ("forget old sessions", "27 * * * *", |app| Box::pin(forget_sessions(app))),
    ("sound the alarm for stuck changes", "*/10 * * * *", |app| Box::pin(find_stuck(app))),
];

/// Deliveries and what is kept of their bodies, in days (the contract's 30).
const KEEP_DELIVERIES_S: u64 = 30 * 24 * 3600;

async fn forget_deliveries(app: App) -> Result<(), Failure> {
    let now = app.clock.now();
    let before = Timestamp::from_micros(now.micros() - i64::try_from(KEEP_DELIVERIES_S * 1_000_000).unwrap_or(0)).unwrap_or(now);
    let forgotten = app.store.forget_deliveries(before).await?;
    if forgotten > 0 {
        tracing::info!(forgotten, "deliveries older than 30 days were removed from the inbox");
    }
    Ok(())
}

async fn forget_sessions(app: App) -> Result<(), Failure> {
    app.store.forget_sessions(app.clock.now()).await?;
    Ok(())
}

/// Invariant 16: every open change has a future wake-up or waits on its tool.
async fn find_stuck(app: App) -> Result<(), Failure> {
    let stuck = app.store.stuck_changes(app.clock.now()).await?;
    for summary in &stuck {
        tracing::error!(change = %summary.number, state = summary.state.word(), "nothing will ever move this change");
    }
    metrics::gauge!("countersign_stuck_changes").set(f64::from(u32::try_from(stuck.len()).unwrap_or(u32::MAX)));
    Ok(())
}

/// Runs every job whose time has come since `last`. One node at a time holds a job's lease.
pub async fn run_jobs(app: &App, holder: &str, last: Timestamp) -> Result<(), Failure> {
    let now = app.clock.now();
    for (name, expression, chore) in JOBS {
        let due = Cron::parse(expression).ok().and_then(|cron| cron.next_after(last, chrono_tz::UTC)).is_some_and(|at| at <= now);
        if !due || app.store.take_lease(name, holder, now, 60).await?.is_none() {
            continue;
        }
        if let Err(failure) = chore(app.clone()).await {
            tracing::error!(job = name, %failure, "a job failed and runs again at its next time");
        }
        app.store.give_back_lease(name, holder).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_time() {
        for (name, expression, _) in JOBS {
            assert!(Cron::parse(expression).is_ok(), "{name}");
        }
    }
}
