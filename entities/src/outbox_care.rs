//! Looking after the outbox: what waits, what is dead, and sending it again.

use crate::convert::Place;
use crate::outbox::{OutgoingState, not_before_lease_ends};
use crate::rows::outbox;
use crate::{Store, StoreError};
use engine::Timestamp;
use engine::ids::ChangeId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};

/// Literally as in the partial index.
const IS_DEAD: &str = "state = 'dead'";

const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM outbox WHERE state = 'waiting') AS waiting, \
     (SELECT COUNT(*) FROM outbox WHERE state = 'dead') AS dead, \
     (SELECT MIN(due_at) FROM outbox WHERE state = 'waiting') AS oldest_due";

/// Every field that is there has to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutgoingFilter {
    pub state: Option<OutgoingState>,
    pub change: Option<ChangeId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingRecord {
    pub id: i64,
    pub key: String,
    pub kind: String,
    pub change: Option<ChangeId>,
    pub payload: String,
    pub version: u64,
    pub state: OutgoingState,
    /// When it may be taken; the end of the lease while somebody has it.
    pub due_at: Timestamp,
    pub attempts: u64,
    pub error: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendAgain {
    /// By its id, whatever its state.
    One(i64),
    AllDead,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutgoingCounts {
    pub waiting: u64,
    pub dead: u64,
    pub oldest_due: Option<Timestamp>,
}

impl Store {
    /// Newest first.
    pub async fn outgoing_list(&self, filter: OutgoingFilter, limit: u64) -> Result<Vec<OutgoingRecord>, StoreError> {
        let mut find = outbox::Entity::find().order_by_desc(outbox::Column::Id).limit(limit);
        if let Some(state) = filter.state {
            find = find.filter(outbox::Column::State.eq(state.word()));
        }
        if let Some(change) = filter.change {
            find = find.filter(outbox::Column::ChangeId.eq(change.0));
        }
        find.all(self.reader()).await?.into_iter().map(record).collect()
    }

    /// Wants it anew, due now, without attempts; answers how many. What somebody has in hand waits for him.
    pub async fn outgoing_send_again(&self, which: SendAgain, now: Timestamp) -> Result<u64, StoreError> {
        use outbox::Column;
        let which = match which {
            SendAgain::One(id) => Column::Id.eq(id),
            SendAgain::AllDead => Expr::cust(IS_DEAD),
        };
        let again = outbox::Entity::update_many().filter(which);
        let again = again.col_expr(Column::State, Expr::value(OutgoingState::Waiting.word()));
        let again = again.col_expr(Column::Version, Expr::col(Column::Version).add(1));
        let again = again.col_expr(Column::DueAt, not_before_lease_ends(Expr::val(now.micros())).into());
        let again = again.col_expr(Column::Attempts, Expr::value(0_i64));
        let again = again.col_expr(Column::UpdatedAt, Expr::value(now.micros()));
        Ok(again.exec(self.writer()).await?.rows_affected)
    }

    pub async fn outgoing_counts(&self) -> Result<OutgoingCounts, StoreError> {
        let db = self.reader();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), COUNTS)).await?;
        let place = Place::new("outbox", "counts");
        let row = row.ok_or_else(|| place.corrupt("no counts"))?;
        Ok(OutgoingCounts {
            waiting: place.count(row.try_get("", "waiting")?)?,
            dead: place.count(row.try_get("", "dead")?)?,
            oldest_due: place.maybe_instant(row.try_get("", "oldest_due")?)?,
        })
    }
}

fn record(row: outbox::Model) -> Result<OutgoingRecord, StoreError> {
    let place = Place::new("outbox", row.id);
    Ok(OutgoingRecord {
        id: row.id,
        key: row.key,
        kind: row.kind,
        change: row.change_id.map(ChangeId),
        payload: row.payload,
        version: place.count(row.version)?,
        state: place.word(&row.state, OutgoingState::from_word(&row.state))?,
        due_at: place.instant(row.due_at)?,
        attempts: place.count(row.attempts)?,
        error: row.error,
        created_at: place.instant(row.created_at)?,
        updated_at: place.instant(row.updated_at)?,
    })
}
