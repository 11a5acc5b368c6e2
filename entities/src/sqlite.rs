//! SQLite as a database that keeps what was acknowledged: WAL, `synchronous` FULL, one writer.

use crate::StoreError;
use crate::deadline::Pool;
use crate::doubt::Doubt;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};
use std::time::Duration;

/// Readers never wait for the writer in WAL mode; a handful is enough for one process.
const READERS: u32 = 4;

/// Writers wait for one another in the pool; this bounds the queue, not one transaction.
const WAIT_FOR_WRITER: Duration = Duration::from_secs(8);

/// Another process at the same file: a backup, or a command at the terminal.
const WAIT_FOR_FILE: Duration = Duration::from_secs(5);

/// `PRAGMA synchronous`: 2 is FULL, 3 is EXTRA; below that a power cut loses commits in WAL mode.
const SYNCHRONOUS_FULL: i64 = 2;

/// One connection that writes, so that writers queue in memory instead of colliding in the file, and some that read.
pub(crate) async fn connect(url: &str) -> Result<(Pool, Pool), StoreError> {
    let writers = pool(url, 1).await?;
    refuse_if_not_durable(&writers).await?;
    Ok((writers, pool(url, READERS).await?))
}

async fn pool(url: &str, connections: u32) -> Result<Pool, StoreError> {
    let mut options = ConnectOptions::new(url);
    // Statements are told to whoever listens at level info: the process does not, tests count them.
    options.max_connections(connections).acquire_timeout(WAIT_FOR_WRITER).sqlx_logging(true).test_before_acquire(false);
    options.map_sqlx_sqlite_opts(|file| {
        file.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full).busy_timeout(WAIT_FOR_FILE).foreign_keys(true)
    });
    Ok(Pool::new(Database::connect(options).await?, Doubt::of(0)))
}

/// Asks the database itself: not every file system and not every build does what was set.
async fn refuse_if_not_durable(writers: &Pool) -> Result<(), StoreError> {
    let journal: String = pragma(writers, "journal_mode").await?;
    if !journal.eq_ignore_ascii_case("wal") {
        return Err(StoreError::NotDurable(format!("journal_mode is {journal}, not wal")));
    }
    let synchronous: i64 = pragma(writers, "synchronous").await?;
    if synchronous < SYNCHRONOUS_FULL {
        return Err(StoreError::NotDurable(format!("synchronous is {synchronous}, not FULL")));
    }
    Ok(())
}

async fn pragma<T: sea_orm::TryGetable>(writers: &Pool, name: &str) -> Result<T, StoreError> {
    let row = writers.query_one_raw(Statement::from_string(DbBackend::Sqlite, format!("PRAGMA {name}"))).await?;
    let row = row.ok_or_else(|| StoreError::NotDurable(format!("{name} is not answered")))?;
    Ok(row.try_get_by_index(0)?)
}
