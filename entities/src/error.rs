//! What can go wrong with the database, sorted by what a caller does about it.

use sea_orm::sqlx::Error as DriverError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::postgres::PgDatabaseError;
use sea_orm::{DbErr, RuntimeErr};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Away, full or too busy. What was asked did not happen, except that a commit whose answer was lost may have:
    /// ask again with the same keys. A door answers 503.
    #[error("the database can’t be used now: {0}")]
    Unavailable(String),
    /// Another writer was first: load again and decide again.
    #[error("another writer was first")]
    Conflict,
    /// Another open change has the same change key.
    #[error("another open change has this change key")]
    KeyTaken,
    /// This database could lose what was acknowledged; start-up refuses it.
    #[error("this database could lose what was acknowledged: {0}")]
    NotDurable(String),
    /// A row that this build did not write, or that was altered.
    #[error("{what} {row} can’t be read: {why}")]
    Corrupt { what: &'static str, row: String, why: String },
    /// A source of the directory names a person or an account that belongs to another source.
    #[error("{what} {name} belongs to another source of the directory")]
    BelongsElsewhere { what: &'static str, name: String },
    /// Anything else: a missing table, a wrong password, a value that can't be stored.
    #[error("the database refused: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::Conn(RuntimeErr::SqlxError(driver))
            | DbErr::Exec(RuntimeErr::SqlxError(driver))
            | DbErr::Query(RuntimeErr::SqlxError(driver)) => match sort(driver) {
                Sort::Unavailable => Self::Unavailable(error.to_string()),
                Sort::Conflict => Self::Conflict,
                Sort::Unreadable => unreadable(&error),
                Sort::Other => Self::Database(Box::new(error)),
            },
            DbErr::ConnectionAcquire(_) | DbErr::Conn(RuntimeErr::Internal(_)) => Self::Unavailable(error.to_string()),
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => unreadable(&error),
            _ => Self::Database(Box::new(error)),
        }
    }
}

/// The message of the driver names the column.
fn unreadable(error: &DbErr) -> StoreError {
    StoreError::Corrupt { what: "a row", row: String::new(), why: error.to_string() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Unavailable,
    Conflict,
    Unreadable,
    Other,
}

fn sort(driver: &DriverError) -> Sort {
    match driver {
        DriverError::Database(refused) => sort_refused(refused.as_ref()),
        DriverError::Io(_)
        | DriverError::Tls(_)
        | DriverError::Protocol(_)
        | DriverError::PoolTimedOut
        | DriverError::PoolClosed
        | DriverError::WorkerCrashed
        | DriverError::BeginFailed => Sort::Unavailable,
        DriverError::ColumnDecode { .. } | DriverError::Decode(_) => Sort::Unreadable,
        _ => Sort::Other,
    }
}

fn sort_refused(refused: &dyn DatabaseError) -> Sort {
    if refused.is_unique_violation() {
        return Sort::Conflict;
    }
    let code = refused.code().unwrap_or_default();
    if refused.try_downcast_ref::<PgDatabaseError>().is_some() { sort_postgresql(&code) } else { sort_sqlite(&code) }
}

/// SQLSTATE, PostgreSQL documentation, appendix A.
fn sort_postgresql(code: &str) -> Sort {
    match code {
        // serialization_failure, deadlock_detected
        "40001" | "40P01" => Sort::Conflict,
        // read_only_sql_transaction (a standby), idle_in_transaction_session_timeout, lock_not_available, query_canceled
        "25006" | "25P03" | "55P03" | "57014" => Sort::Unavailable,
        // connection lost, out of disk, memory or connections, shutting down, error of the machine
        _ if ["08", "53", "57P", "58"].iter().any(|class| code.starts_with(class)) => Sort::Unavailable,
        _ => Sort::Other,
    }
}

/// Result codes, <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
fn sort_sqlite(code: &str) -> Sort {
    match code.parse::<u32>().map(|code| code & 0xff) {
        // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN
        Ok(5 | 6 | 8 | 10 | 13 | 14) => Sort::Unavailable,
        _ => Sort::Other,
    }
}

/// Whether the connection itself is of no use any more, whatever it was asked.
pub(crate) fn connection_died(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(driver))
    | DbErr::Exec(RuntimeErr::SqlxError(driver))
    | DbErr::Query(RuntimeErr::SqlxError(driver))) = error
    else {
        return false;
    };
    match driver.as_ref() {
        DriverError::Io(_) | DriverError::Protocol(_) | DriverError::BeginFailed => true,
        // 57P01 to 57P03: the server is going down, has crashed, or is only starting.
        DriverError::Database(refused) => refused.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

/// Whether a unique index refused the statement, and with which words it says so.
pub(crate) fn violated_key(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(driver)) | DbErr::Query(RuntimeErr::SqlxError(driver))) = error else { return None };
    let DriverError::Database(refused) = driver.as_ref() else { return None };
    // PostgreSQL names the index, SQLite the columns, in its message.
    refused.is_unique_violation().then(|| refused.constraint().map_or_else(|| refused.message().to_owned(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_stays() {
        let postgresql = [
            ("40001", Sort::Conflict),
            ("40P01", Sort::Conflict),
            ("08006", Sort::Unavailable),
            ("53100", Sort::Unavailable),
            ("53300", Sort::Unavailable),
            ("57P01", Sort::Unavailable),
            ("57014", Sort::Unavailable),
            ("25006", Sort::Unavailable),
            ("42P01", Sort::Other),
            ("28P01", Sort::Other),
        ];
        for (code, sort) in postgresql {
            assert_eq!(sort_postgresql(code), sort, "{code}");
        }
        // SQLITE_BUSY, BUSY_SNAPSHOT, FULL, IOERR_FSYNC, CANTOPEN; then ERROR, CORRUPT, NOTADB and no number at all.
        for code in ["5", "517", "13", "1034", "14"] {
            assert_eq!(sort_sqlite(code), Sort::Unavailable, "{code}");
        }
        for code in ["1", "11", "26", ""] {
            assert_eq!(sort_sqlite(code), Sort::Other, "{code}");
        }
    }
}
