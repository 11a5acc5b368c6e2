//! PostgreSQL, also behind a transaction pooler: no session state, no start-up options, every limit inside its transaction.
//!
//! Statements are prepared by name. A pooler that shares connections between transactions has to carry prepared
//! statements along: PgBouncer from 1.21 on does, with `max_prepared_statements` above 0.

use crate::StoreError;
use crate::deadline::{Deadline, Pool};
use crate::doubt::Doubt;
use sea_orm::sqlx::Connection;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseTransaction};
use std::time::Duration;

/// A database that is away, or a pool that is used up, is told at once; whoever asked asks again.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(2);

/// Connections that have been used more recently are asked whether they still live only while there is doubt.
const ASK_AFTER_IDLE: Duration = Duration::from_secs(30);

/// Longest statement, longest wait for a lock, longest pause of a node that holds locks; all in milliseconds.
const LIMITS: &str = "SET LOCAL statement_timeout = 8000; SET LOCAL lock_timeout = 5000; \
                      SET LOCAL idle_in_transaction_session_timeout = 10000";

pub(crate) async fn connect(url: &str, connections: u32) -> Result<Pool, StoreError> {
    let connections = connections.max(1);
    let doubt = Doubt::of(connections);
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(connections)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .test_before_acquire_if_idle_for(ASK_AFTER_IDLE)
        // As on SQLite: statements are told at level info.
        .sqlx_logging(true)
        // A pooler refuses start-up parameters that it does not know; no column of ours is a float.
        .map_sqlx_postgres_opts(|server| server.extra_float_digits(None).application_name("countersign"));
    let doubted = doubt.clone();
    connect.map_sqlx_postgres_before_acquire(move |connection, _| {
        let doubted = doubted.clone();
        Box::pin(async move {
            if doubted.asks() {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    Ok(Pool::new(Database::connect(connect).await?, doubt))
}

/// One message for all three; they end with the transaction.
pub(crate) async fn limit_waits(tx: &Deadline<DatabaseTransaction>) -> Result<(), StoreError> {
    tx.execute_unprepared(LIMITS).await?;
    Ok(())
}
