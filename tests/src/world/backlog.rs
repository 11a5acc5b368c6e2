//! What a running program has still to do, read from its database while it works.

use sqlx::{Connection, PgConnection, SqliteConnection};

/// What is lent counts, whoever has it: it is on its way, or waits for the end of a dead node's lease.
const DUE: &str = "SELECT \
     (SELECT COUNT(*) FROM outbox WHERE state = 'waiting' AND (due_at <= $1 OR lease_until IS NOT NULL)) \
     + (SELECT COUNT(*) FROM deliveries WHERE state = 'waiting' AND (due_at <= $1 OR lease_until IS NOT NULL)) \
     + (SELECT COUNT(*) FROM internal_inputs WHERE state = 'waiting' AND (due_at <= $1 OR lease_until IS NOT NULL)) \
     + (SELECT COUNT(*) FROM changes WHERE wake_at <= $1)";

/// A connection of its own, as somebody has who looks on.
pub enum Backlog {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Backlog {
    pub async fn of(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(SqliteConnection::connect(url).await.expect("the database of the story"))
        } else {
            Self::Postgres(PgConnection::connect(url).await.expect("the database of the story"))
        }
    }

    /// How many rows are due at this instant, in microseconds since 1970, or in somebody's hand.
    pub async fn due(&mut self, now: i64) -> i64 {
        let due = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(DUE).bind(now).fetch_one(connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(DUE).bind(now).fetch_one(connection).await,
        };
        due.expect("a count of what is due")
    }
}
