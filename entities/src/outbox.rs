//! Wishes about the world outside, written in the transaction that they follow from (invariant 14).

use crate::convert::ROWS_PER_INSERT;
use crate::rows::outbox;
use crate::{StoreError, Tx, Written};
use engine::Timestamp;
use engine::ids::ChangeId;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::NotSet, ActiveValue::Set, EntityTrait};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutgoingState {
    Waiting,
    Done,
    /// Given up until somebody sends it again.
    Dead,
}

impl OutgoingState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Done, Self::Dead].into_iter().find(|state| state.word() == word)
    }
}

/// What must become true outside. A later one with the same key takes the place of the earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub key: String,
    pub kind: String,
    pub change: Option<ChangeId>,
    /// JSON; read only by whoever wrote it.
    pub payload: String,
    pub due_at: Timestamp,
}

impl Tx {
    /// Writes wishes. One with a known key is wanted anew: newer payload and version, waiting, no attempts yet.
    ///
    /// A worker that has the older version in hand keeps its lease, and ends it with `waiting` instead of `done`. What is
    /// known of earlier attempts stays: the receiver does not forget them either.
    pub async fn enqueue(&mut self, wishes: &[Outgoing], now: Timestamp) -> Result<(), StoreError> {
        // One statement can't write a row twice; of two equal keys the later one counts.
        let newest: BTreeMap<&str, &Outgoing> = wishes.iter().map(|wish| (wish.key.as_str(), wish)).collect();
        let newest: Vec<&Outgoing> = newest.into_values().collect();
        for wishes in newest.chunks(ROWS_PER_INSERT) {
            let insert = outbox::Entity::insert_many(wishes.iter().map(|wish| row(wish, now)));
            insert.on_conflict(wanted_anew()).exec_without_returning(self.db()).await?;
            self.wrote(Written { outgoing: true, ..Written::default() });
        }
        Ok(())
    }
}

fn wanted_anew() -> OnConflict {
    use outbox::Column;
    let mut known = OnConflict::column(Column::Key);
    known
        .update_columns([
            Column::Kind,
            Column::ChangeId,
            Column::Payload,
            Column::UpdatedAt,
            Column::State,
            Column::Attempts,
            Column::Error,
        ])
        .value(Column::Version, Expr::col((outbox::Entity, Column::Version)).add(1))
        .value(Column::DueAt, not_before_lease_ends(Expr::cust("excluded.due_at")));
    known
}

/// While the row is lent nobody else may take it.
pub(crate) fn not_before_lease_ends(due_at: Expr) -> CaseStatement {
    let lease_until = || Expr::col((outbox::Entity, outbox::Column::LeaseUntil));
    CaseStatement::new().case(lease_until().gt(due_at.clone()), lease_until()).finally(due_at)
}

fn row(wish: &Outgoing, now: Timestamp) -> outbox::ActiveModel {
    outbox::ActiveModel {
        id: NotSet,
        key: Set(wish.key.clone()),
        kind: Set(wish.kind.clone()),
        change_id: Set(wish.change.map(|change| change.0)),
        payload: Set(wish.payload.clone()),
        version: Set(1),
        created_at: Set(now.micros()),
        updated_at: Set(now.micros()),
        state: Set(OutgoingState::Waiting.word().to_owned()),
        due_at: Set(wish.due_at.micros()),
        attempts: Set(0),
        fence: Set(0),
        lease_until: Set(None),
        error: Set(None),
        note: Set(None),
        unanswered: Set(false),
    }
}
