//! Working on deliveries: lent to one worker at a time, given back, ended, answered.

use crate::convert::{Place, json_text};
use crate::queue::{Fenced, Held, Lease, Queue, WorkState, claim, renew};
use crate::rows::deliveries;
use crate::{Store, StoreError, Tx};
use engine::Timestamp;
use engine::ids::ChangeId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, UpdateMany,
    sea_query::Expr,
};
use uuid::Uuid;

/// Deliveries that one statement removes, so that those who write wait only shortly.
const FORGET_AT_ONCE: u64 = 500;

/// A delivery in the hands of one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedDelivery {
    pub id: Uuid,
    pub source: String,
    pub event: String,
    pub signals: Option<String>,
    pub received_at: Timestamp,
    /// This one included.
    pub attempts: u64,
    pub fence: u64,
}

impl Store {
    /// Lends at most `limit` deliveries that are due, or whose lease ran out, for `lease_s` seconds; oldest first.
    pub async fn claim_deliveries(&self, now: Timestamp, limit: u64, lease_s: u64) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let rows = claim(self.writer(), Queue::Deliveries, Lease { now, limit, seconds: lease_s }).await?;
        let mut claimed = rows.iter().map(claimed).collect::<Result<Vec<_>, _>>()?;
        claimed.sort_by_key(|delivery| (delivery.received_at, delivery.id));
        Ok(claimed)
    }

    /// Prolongs the leases of those that are still in these hands: `lease_s` seconds from `now` on.
    pub async fn renew_deliveries(&self, claims: &[ClaimedDelivery], now: Timestamp, lease_s: u64) -> Result<(), StoreError> {
        let held = claims.iter().map(|claim| (claim.id.into(), claim.fence)).collect();
        renew(self.writer(), Queue::Deliveries, held, now.plus_seconds(lease_s)).await
    }

    /// All that follows from it has happened. Adds these changes to those that are noted; an answer replaces none.
    pub async fn delivery_done(&self, claim: &ClaimedDelivery, changes: &[ChangeId], answer: Option<&str>) -> Result<Fenced, StoreError> {
        if changes.is_empty() && answer.is_none() {
            return held(claim).end(self.writer(), WorkState::Done, None).await;
        }
        let mut tx = self.begin().await?;
        tx.note(claim.id, changes, answer).await?;
        let held = held(claim);
        let mut update = held.update();
        update.value("state", WorkState::Done.word()).value("error", Option::<String>::None);
        let fenced = held.write(tx.db(), &update).await?;
        if fenced == Fenced::Held {
            tx.commit().await?;
        }
        Ok(fenced)
    }

    /// To be tried again at `due_at`.
    pub async fn delivery_retry(&self, claim: &ClaimedDelivery, due_at: Timestamp, error: &str) -> Result<Fenced, StoreError> {
        held(claim).retry(self.writer(), due_at, error).await
    }

    /// Given up; `deliveries show` says why.
    pub async fn delivery_failed(&self, claim: &ClaimedDelivery, error: &str) -> Result<Fenced, StoreError> {
        held(claim).end(self.writer(), WorkState::Failed, Some(error)).await
    }

    /// Removes what was received before `before` and no longer waits; answers how many.
    ///
    /// A repeat of one of these is new to the inbox; its change key still keeps it from opening a second change.
    pub async fn forget_deliveries(&self, before: Timestamp) -> Result<u64, StoreError> {
        use deliveries::Column;
        let mut forgotten = 0;
        loop {
            let old = deliveries::Entity::find().select_only().column(Column::Id).filter(Column::ReceivedAt.lt(before.micros()));
            let old = old.filter(Column::State.ne(WorkState::Waiting.word())).limit(FORGET_AT_ONCE).into_query();
            let deleted = deliveries::Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(self.writer()).await?;
            forgotten += deleted.rows_affected;
            if deleted.rows_affected < FORGET_AT_ONCE {
                return Ok(forgotten);
            }
        }
    }
}

impl Tx {
    /// Notes what a delivery led to, in the transaction in which it did.
    ///
    /// With an answer the delivery is done: whoever asks again hears that answer, and no worker takes it any more.
    pub async fn delivery_answer(&mut self, id: Uuid, changes: &[ChangeId], answer: Option<&str>) -> Result<(), StoreError> {
        self.note(id, changes, answer).await?;
        if answer.is_some() {
            let end = deliveries::Entity::update_many().filter(deliveries::Column::Id.eq(id));
            done(end).exec(self.db()).await?;
        }
        Ok(())
    }

    /// As [`Tx::delivery_answer`] where this change is all that the delivery led to: with the commit it is done, whoever has it in hand.
    pub async fn delivery_led_to(&mut self, id: Uuid, change: ChangeId) -> Result<(), StoreError> {
        let (mut all, _) = self.noted(id).await?;
        if !all.contains(&change) {
            all.push(change);
        }
        let update = deliveries::Entity::update_many().filter(deliveries::Column::Id.eq(id));
        let update = update.col_expr(deliveries::Column::Changes, Expr::value(json_text(&all)?));
        done(update).col_expr(deliveries::Column::Error, Expr::value(Option::<String>::None)).exec(self.db()).await?;
        Ok(())
    }

    /// The changes that a delivery is noted to have led to; nobody else notes one until this transaction ends.
    pub async fn delivery_changes(&mut self, id: Uuid) -> Result<Vec<ChangeId>, StoreError> {
        Ok(self.noted(id).await?.0)
    }

    /// Adds changes to those that are noted, and the answer if there is none yet.
    async fn note(&mut self, id: Uuid, changes: &[ChangeId], answer: Option<&str>) -> Result<(), StoreError> {
        let (mut all, first_answer) = self.noted(id).await?;
        let new: Vec<ChangeId> = changes.iter().filter(|change| !all.contains(change)).copied().collect();
        all.extend(new);
        let update = deliveries::Entity::update_many().filter(deliveries::Column::Id.eq(id));
        let update = update.col_expr(deliveries::Column::Changes, Expr::value(json_text(&all)?));
        let answer = first_answer.or_else(|| answer.map(str::to_owned));
        update.col_expr(deliveries::Column::Answer, Expr::value(answer)).exec(self.db()).await?;
        Ok(())
    }

    /// Changes and answer.
    async fn noted(&mut self, id: Uuid) -> Result<(Vec<ChangeId>, Option<String>), StoreError> {
        let mut find = deliveries::Entity::find_by_id(id).select_only();
        if self.db().get_database_backend() == DbBackend::Postgres {
            find = find.lock_exclusive();
        }
        let columns = [deliveries::Column::Changes, deliveries::Column::Answer];
        let noted: Option<(String, Option<String>)> = find.columns(columns).into_tuple().one(self.db()).await?;
        let place = Place::new("delivery", id);
        let (changes, answer) = noted.ok_or_else(|| place.corrupt("it does not exist"))?;
        Ok((place.json(&changes)?, answer))
    }
}

fn done(update: UpdateMany<deliveries::Entity>) -> UpdateMany<deliveries::Entity> {
    let update = update.col_expr(deliveries::Column::State, Expr::value(WorkState::Done.word()));
    update.col_expr(deliveries::Column::LeaseUntil, Expr::value(Option::<i64>::None))
}

fn held(claim: &ClaimedDelivery) -> Held {
    Held { queue: Queue::Deliveries, id: claim.id.into(), fence: claim.fence }
}

#[derive(FromQueryResult)]
struct Lent {
    id: Uuid,
    source: String,
    event: String,
    signals: Option<String>,
    received_at: i64,
    attempts: i64,
    fence: i64,
}

fn claimed(row: &sea_orm::QueryResult) -> Result<ClaimedDelivery, StoreError> {
    let row = Lent::from_query_result(row, "")?;
    let place = Place::new("delivery", row.id);
    Ok(ClaimedDelivery {
        id: row.id,
        source: row.source,
        event: row.event,
        signals: row.signals,
        received_at: place.instant(row.received_at)?,
        attempts: place.count(row.attempts)?,
        fence: place.count(row.fence)?,
    })
}
