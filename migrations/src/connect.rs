//! One connection and one transaction in which the schema moves, so that a failed start leaves it as it was.

use crate::MigrateError;
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a node waits while another one migrates.
const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// Any number of ours: nodes that migrate take this PostgreSQL advisory lock.
const LOCK_KEY: i64 = 0x636f_756e_7465_7273;

pub(crate) struct Session {
    db: DatabaseConnection,
    tx: DatabaseTransaction,
}

impl Session {
    /// Creates the SQLite file if it is missing; waits for a node that is migrating.
    pub(crate) async fn open(url: &str) -> Result<Self, MigrateError> {
        let db = connect(url, IfMissing::Create).await?;
        let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        let tx = db.begin_with_options(options).await?;
        if tx.get_database_backend() == DbBackend::Postgres {
            // Bound to the transaction, so that it also holds behind a transaction pooler.
            tx.execute_unprepared(&format!("SET LOCAL lock_timeout = {}", LOCK_TIMEOUT.as_millis())).await?;
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK_KEY})")).await?;
        }
        Ok(Self { db, tx })
    }

    pub(crate) fn transaction(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Commits if it went well, rolls back if not; the connection is closed either way.
    pub(crate) async fn close(self, result: Result<Vec<String>, MigrateError>) -> Result<Vec<String>, MigrateError> {
        let ended: Result<(), DbErr> = match &result {
            Ok(_) => self.tx.commit().await,
            Err(_) => self.tx.rollback().await,
        };
        self.db.close().await?;
        let names = result?;
        ended?;
        Ok(names)
    }
}

/// `None` for a SQLite file that does not exist.
pub(crate) async fn existing(url: &str) -> Result<Option<DatabaseConnection>, MigrateError> {
    if url.starts_with("sqlite:") && !sqlite_path(url).exists() {
        return Ok(None);
    }
    connect(url, IfMissing::Fail).await.map(Some)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IfMissing {
    Create,
    Fail,
}

async fn connect(url: &str, if_missing: IfMissing) -> Result<DatabaseConnection, MigrateError> {
    let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme));
    if !known {
        return Err(MigrateError::UnknownDatabase);
    }
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).acquire_timeout(CONNECT_TIMEOUT).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |file| file.create_if_missing(if_missing == IfMissing::Create).busy_timeout(LOCK_TIMEOUT));
    Ok(Database::connect(options).await?)
}

fn sqlite_path(url: &str) -> std::path::PathBuf {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    path.split_once('?').map_or(path, |(path, _)| path).into()
}
