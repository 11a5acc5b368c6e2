//! The door to the database: one value for the whole process, cheap to clone.

use crate::deadline::{Deadline, Pool};
use crate::error::connection_died;
use crate::{StoreError, Tx, postgresql, sqlite};
use sea_orm::{AccessMode, DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// `sqlite://countersign.db` or `postgres://user:password@host/database`.
    pub url: String,
    /// Connections to PostgreSQL. SQLite has one writer and a few readers whatever this says.
    pub connections: u32,
}

#[derive(Clone, Debug)]
pub struct Store {
    writers: Pool,
    readers: Pool,
    is_postgres: bool,
}

impl Store {
    /// Connects; the schema has to be there already.
    ///
    /// `NotDurable` for a SQLite database that would not survive a power cut (in memory, or not in WAL mode with
    /// `synchronous` FULL); `Unavailable` if it does not answer within seconds; `Database` for a wrong address.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        if options.url.starts_with("sqlite:") {
            let (writers, readers) = sqlite::connect(&options.url).await?;
            return Ok(Self { writers, readers, is_postgres: false });
        }
        if !["postgres:", "postgresql:"].iter().any(|scheme| options.url.starts_with(scheme)) {
            return Err(StoreError::Database("the database address must begin with sqlite: or postgres:".into()));
        }
        let pool = postgresql::connect(&options.url, options.connections).await?;
        Ok(Self { writers: pool.clone(), readers: pool, is_postgres: true })
    }

    /// Whether the database answers now.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.readers.answered(self.readers.db.ping()).await?)
    }

    pub fn is_postgres(&self) -> bool {
        self.is_postgres
    }

    /// A transaction that may write. On SQLite it is the only one of its time; `Unavailable` if that takes too long.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let tx = match self.begin_once().await {
            // Nothing was asked yet, so a connection that died while nobody used it costs nobody anything.
            Err(error) if connection_died(&error) => self.begin_once().await?,
            begun => begun?,
        };
        if self.is_postgres {
            postgresql::limit_waits(&tx).await?;
        }
        Ok(Tx::new(tx))
    }

    async fn begin_once(&self) -> Result<Deadline<DatabaseTransaction>, DbErr> {
        let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        let begun = self.writers.answered(self.writers.db.begin_with_options(options)).await?;
        Ok(self.writers.with(begun))
    }

    /// Lets go of every connection once what runs has ended.
    pub async fn close(self) -> Result<(), StoreError> {
        self.close_pools().await.map_err(StoreError::from)
    }

    async fn close_pools(&self) -> Result<(), DbErr> {
        self.readers.db.close_by_ref().await?;
        self.writers.db.close_by_ref().await
    }

    /// Several reads of one and the same state; nobody waits for it.
    pub(crate) async fn snapshot(&self) -> Result<Deadline<DatabaseTransaction>, StoreError> {
        let mut options = TransactionOptions::default();
        if self.is_postgres {
            // A transaction of SQLite sees one state anyway.
            options.isolation_level = Some(IsolationLevel::RepeatableRead);
            options.access_mode = Some(AccessMode::ReadOnly);
        }
        let begun = self.readers.answered(self.readers.db.begin_with_options(options)).await?;
        Ok(self.readers.with(begun))
    }

    /// For single statements that only read.
    pub(crate) fn reader(&self) -> &Pool {
        &self.readers
    }

    /// For single statements that write and need no transaction around them.
    pub(crate) fn writer(&self) -> &Pool {
        &self.writers
    }
}
