//! A connection that gives up: a database that no longer answers must not hold a request for ever.

use crate::doubt::Doubt;
use crate::error::connection_died;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use std::future::Future;
use std::time::Duration;

/// Longer than any wait for a lock or a busy file, so that only a dead peer meets it.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A pool or a transaction whose every statement has to be answered in time.
#[derive(Clone, Debug)]
pub(crate) struct Deadline<C> {
    pub(crate) db: C,
    doubt: Doubt,
}

/// The connections that a store works with.
pub(crate) type Pool = Deadline<DatabaseConnection>;

impl Pool {
    pub(crate) fn new(db: DatabaseConnection, doubt: Doubt) -> Self {
        Self { db, doubt }
    }
}

impl<C> Deadline<C> {
    /// What was begun on this pool.
    pub(crate) fn with<D>(&self, db: D) -> Deadline<D> {
        Deadline { db, doubt: self.doubt.clone() }
    }

    /// What was begun, and what is left to watch its end with.
    pub(crate) fn parts(self) -> (C, Deadline<()>) {
        (self.db, Deadline { db: (), doubt: self.doubt })
    }

    /// Waits for the database at most `ANSWER_WITHIN`.
    pub(crate) async fn answered<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let silent = |_| DbErr::Conn(RuntimeErr::Internal(format!("no answer within {} s", ANSWER_WITHIN.as_secs())));
        let answer = tokio::time::timeout(ANSWER_WITHIN, work).await.map_err(silent)?;
        answer.inspect_err(|error| {
            if connection_died(error) {
                self.doubt.arise();
            }
        })
    }
}

#[async_trait::async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Deadline<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.answered(self.db.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.answered(self.db.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.answered(self.db.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.answered(self.db.query_all_raw(statement)).await
    }
}
