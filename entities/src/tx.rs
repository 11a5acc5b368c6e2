//! A transaction: everything that one decision writes, in one commit. Dropped without a commit it leaves nothing.
//!
//! Its methods are beside the tables that they write (`events`, `changes`, `outbox`, …). After an error the
//! transaction is lost: drop it and begin again. Locks are taken in one order, or two deciders wait for each other:
//! versions (directory before policy), then lanes, then the change.

use crate::StoreError;
use crate::deadline::Deadline;
use sea_orm::DatabaseTransaction;

pub struct Tx {
    open: Deadline<DatabaseTransaction>,
}

impl Tx {
    pub(crate) fn new(open: Deadline<DatabaseTransaction>) -> Self {
        Self { open }
    }

    /// `Unavailable` may mean that it was written and the answer got lost.
    pub async fn commit(self) -> Result<(), StoreError> {
        let (open, pool) = self.open.parts();
        Ok(pool.answered(open.commit()).await?)
    }

    pub(crate) fn db(&self) -> &Deadline<DatabaseTransaction> {
        &self.open
    }
}
