//! Databases that are away, busy, weak or altered.

use crate::store_bench::{Bench, change, delivery, event, options};
use entities::{Store, StoreError};
use std::time::{Duration, Instant};
use tests::postgres::Cluster;
use tests::sqlite;

/// A port on which nobody listens.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn a_database_in_memory_is_not_durable() {
    let refused = Store::connect(&options("sqlite::memory:")).await;
    assert!(matches!(refused, Err(StoreError::NotDurable(_))), "{refused:?}");
}

#[tokio::test]
async fn the_sqlite_file_is_as_durable_as_promised() {
    let bench = Bench::on_sqlite().await;
    assert!(!bench.store.is_postgres());
    bench.store.ping().await.unwrap();
}

#[tokio::test]
async fn other_addresses_are_refused() {
    for url in ["mysql://localhost/db", "countersign.db", ""] {
        let refused = Store::connect(&options(url)).await;
        assert!(matches!(refused, Err(StoreError::Database(_))), "{url}: {refused:?}");
        assert!(migrations::up(url).await.is_err());
    }
    let missing = Store::connect(&options(sqlite::nothing_yet().url())).await;
    assert!(matches!(missing, Err(StoreError::Unavailable(_))), "{missing:?}");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how long a person waits is the point here")]
async fn a_server_that_is_not_there_is_told_at_once() {
    let begun = Instant::now();
    let refused = Store::connect(&options(&format!("postgres://postgres@127.0.0.1:{}/countersign", closed_port()))).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how long a person waits is the point here")]
async fn a_server_that_says_nothing_is_given_up() {
    // The kernel takes the connection for it; nobody ever answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let begun = Instant::now();
    let refused = Store::connect(&options(&format!("postgres://postgres@{}/countersign", silent.local_addr().unwrap()))).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "how long a person waits is the point here")]
async fn a_server_that_stops_is_told_at_once() {
    let cluster = Cluster::start();
    let database = cluster.database();
    let store = Store::connect(&options(database.url())).await.unwrap();
    let mut open = store.begin().await.unwrap();
    open.append(change(1), &[event(1, "lost")]).await.unwrap();
    drop(cluster);
    let lost = open.commit().await;
    assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
    for _ in 0..3 {
        let begun = Instant::now();
        let refused = store.events(change(1)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        let refused = store.accept(&[delivery(1, "a", 1)]).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    }
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
}

/// Takes five seconds: that is how long a busy file is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_process_holds_is_waited_for_and_given_up() {
    let bench = Bench::on_sqlite().await;
    let holder = bench.hold_file().await;
    let refused = bench.store.begin().await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{:?}", refused.err());
    // Readers do not wait for writers.
    assert_eq!(bench.store.events(change(1)).await.unwrap(), []);
    drop(holder);
    bench.append(change(1), &[event(1, "why")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_schema_is_no_outage() {
    let file = sqlite::nothing_yet();
    std::fs::write(file.url().trim_start_matches("sqlite://"), "").unwrap();
    let store = Store::connect(&options(file.url())).await.unwrap();
    let refused = store.events(change(1)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_the_wrong_type_is_corrupt() {
    let bench = Bench::on_sqlite().await;
    bench.append(change(1), &[event(1, "why")]).await;
    // SQLite lets anything into any column.
    bench.execute("UPDATE events SET at = 'yesterday'").await;
    let read = bench.store.events(change(1)).await;
    assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{read:?}");
}
