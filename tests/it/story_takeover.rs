//! A node dies with work in hand: another has taken it over within ten seconds. One that lives keeps what it works on.

use router::demo::gitlab::Fault;
use router::work;
use sqlx::{Connection, Executor, PgConnection};
use std::time::Duration;
use tests::process::patience::seen;
use tests::world::database::Kind;
use tests::world::{Plan, World};
use tokio::task::JoinHandle;

/// While this has not passed, work may still be with whoever had it.
const WITHIN_THE_LEASE: Duration = Duration::from_secs(7);
/// Together with it: ten seconds.
const THE_REST: Duration = Duration::from_secs(3);
/// Real time, for a machine that does many things at once.
const SOON: Duration = Duration::from_secs(20);

fn on_two_nodes(story: impl AsyncFn(&World)) {
    Plan::default().only_on(Kind::Postgres).run(async |w| {
        w.another_node().await;
        story(w).await;
    });
}

/// The first node works until it is stopped.
fn first_node_works(w: &World) -> JoinHandle<()> {
    let app = w.app();
    tokio::spawn(async move { drop(work::settle(&app).await) })
}

async fn hook_arrives(w: &World) {
    w.gitlab().deployment_of("checkout-api", "production").is_set_off();
    for hook in w.gitlab().pretend().take_deliveries() {
        assert_eq!(w.gitlab().sends(&hook).await.status, 202);
    }
}

async fn another_takes_over(w: &World) {
    w.time_passes(WITHIN_THE_LEASE).await;
    w.settle().await;
    assert!(w.slack().channel("deploys").is_empty(), "taken while its holder might still live");
    w.time_passes(THE_REST).await;
    w.settle().await;
    w.slack().channel("deploys").sees("Approval needed");
    w.change().await;
}

#[test]
fn what_a_dead_node_was_asking_is_asked_by_another() {
    on_two_nodes(async |w| {
        w.gitlab().fails_next(1, Fault::Slow);
        hook_arrives(w).await;
        let working = first_node_works(w);
        seen("a question to GitLab", SOON, async || (!w.gitlab().pretend().calls().is_empty()).then_some(())).await;
        working.abort();
        drop(working.await);
        w.first_node_dies().await;
        another_takes_over(w).await;
    });
}

#[test]
fn a_hook_that_a_dead_node_was_reading_is_read_by_another() {
    on_two_nodes(async |w| {
        hook_arrives(w).await;
        let mut holder = PgConnection::connect(&w.database_url()).await.unwrap();
        holder.execute("BEGIN; SELECT version FROM versions FOR UPDATE").await.unwrap();
        let working = first_node_works(w);
        let mut watcher = PgConnection::connect(&w.database_url()).await.unwrap();
        seen("a decision that waits", SOON, async || is_waiting(&mut watcher).await.then_some(())).await;
        working.abort();
        drop(working.await);
        holder.execute("ROLLBACK").await.unwrap();
        w.first_node_dies().await;
        another_takes_over(w).await;
    });
}

async fn is_waiting(watcher: &mut PgConnection) -> bool {
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    sqlx::query_scalar::<_, i64>(waiting).fetch_one(watcher).await.unwrap() > 0
}

#[test]
fn a_node_that_lives_keeps_what_it_works_on_for_longer_than_a_lease() {
    on_two_nodes(async |w| {
        w.gitlab().fails_next(1, Fault::Slow);
        hook_arrives(w).await;
        let working = first_node_works(w);
        seen("a question to GitLab", SOON, async || (!w.gitlab().pretend().calls().is_empty()).then_some(())).await;
        let mut watcher = PgConnection::connect(&w.database_url()).await.unwrap();
        for _ in 0..2 {
            w.time_passes(WITHIN_THE_LEASE).await;
            let now = w.now().micros();
            seen("a longer lease", SOON, async || {
                (lent_until(&mut watcher).await > now + WITHIN_THE_LEASE.as_micros() as i64).then_some(())
            })
            .await;
        }
        let other = w.nodes().pop().unwrap();
        other.settle().await;
        assert_eq!(w.gitlab().pretend().calls().len(), 1, "asked by two at once");
        w.gitlab().pretend().answer_now();
        working.await.unwrap();
        w.settle().await;
        w.slack().channel("deploys").sees("Approval needed");
    });
}

async fn lent_until(watcher: &mut PgConnection) -> i64 {
    sqlx::query_scalar::<_, Option<i64>>("SELECT max(lease_until) FROM outbox").fetch_one(watcher).await.unwrap().unwrap_or_default()
}
