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
    written: Written,
}

/// What a transaction put into the queues that workers empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Internal inputs.
    pub orders: bool,
    /// Rows of the outbox.
    pub outgoing: bool,
}

impl Tx {
    pub(crate) fn new(open: Deadline<DatabaseTransaction>) -> Self {
        Self { open, written: Written::default() }
    }

    /// `Unavailable` may mean that it was written and the answer got lost.
    pub async fn commit(self) -> Result<Written, StoreError> {
        let written = self.written;
        let (open, pool) = self.open.parts();
        pool.answered(open.commit()).await?;
        Ok(written)
    }

    /// Notes what becomes due with the commit.
    pub(crate) fn wrote(&mut self, more: Written) {
        self.written.orders |= more.orders;
        self.written.outgoing |= more.outgoing;
    }

    pub(crate) fn db(&self) -> &Deadline<DatabaseTransaction> {
        &self.open
    }
}
