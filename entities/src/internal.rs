//! Inputs from one change, or from the system, to another: written with their cause, applied through the same door.

use crate::convert::{Place, ROWS_PER_INSERT};
use crate::queue::{Fenced, Held, Lease, Queue, WorkState, claim, renew};
use crate::rows::internal_inputs;
use crate::{Store, StoreError, Tx, Written};
use engine::Timestamp;
use engine::ids::ChangeId;
use sea_orm::{ActiveValue::NotSet, ActiveValue::Set, EntityTrait, FromQueryResult};
use uuid::Uuid;

/// Target, cause and kind together make it one and the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInternal {
    pub target: ChangeId,
    /// The event it follows from: stream and sequence number.
    pub cause: String,
    pub kind: String,
    /// JSON; read only by whoever wrote it.
    pub input: String,
}

/// An internal input in the hands of one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedInternal {
    pub id: i64,
    pub target: ChangeId,
    pub cause: String,
    pub kind: String,
    pub input: String,
    /// This one included.
    pub attempts: u64,
    pub fence: u64,
}

impl Tx {
    /// Writes inputs that are due at once. One that is there already is left as it is.
    pub async fn post_internal(&mut self, new: &[NewInternal], now: Timestamp) -> Result<(), StoreError> {
        use internal_inputs::Column;
        for inputs in new.chunks(ROWS_PER_INSERT) {
            let insert = internal_inputs::Entity::insert_many(inputs.iter().map(|input| row(input, now)));
            let insert = insert.on_conflict_do_nothing_on([Column::Target, Column::Cause, Column::Kind]);
            insert.exec_without_returning(self.db()).await?;
            self.wrote(Written { orders: true, ..Written::default() });
        }
        Ok(())
    }
}

impl Store {
    /// Lends at most `limit` inputs that are due, or whose lease ran out, for `lease_s` seconds; oldest first.
    pub async fn claim_internal(&self, now: Timestamp, limit: u64, lease_s: u64) -> Result<Vec<ClaimedInternal>, StoreError> {
        let rows = claim(self.writer(), Queue::InternalInputs, Lease { now, limit, seconds: lease_s }).await?;
        let mut claimed = rows.iter().map(claimed).collect::<Result<Vec<_>, _>>()?;
        claimed.sort_by_key(|input| input.id);
        Ok(claimed)
    }

    /// Prolongs the leases of those that are still in these hands: `lease_s` seconds from `now` on.
    pub async fn renew_internal(&self, claims: &[ClaimedInternal], now: Timestamp, lease_s: u64) -> Result<(), StoreError> {
        let held = claims.iter().map(|claim| (claim.id.into(), claim.fence)).collect();
        renew(self.writer(), Queue::InternalInputs, held, now.plus_seconds(lease_s)).await
    }

    pub async fn internal_done(&self, claim: &ClaimedInternal) -> Result<Fenced, StoreError> {
        held(claim).end(self.writer(), WorkState::Done, None).await
    }

    /// To be tried again at `due_at`.
    pub async fn internal_retry(&self, claim: &ClaimedInternal, due_at: Timestamp, error: &str) -> Result<Fenced, StoreError> {
        held(claim).retry(self.writer(), due_at, error).await
    }

    /// Given up.
    pub async fn internal_failed(&self, claim: &ClaimedInternal, error: &str) -> Result<Fenced, StoreError> {
        held(claim).end(self.writer(), WorkState::Failed, Some(error)).await
    }
}

fn held(claim: &ClaimedInternal) -> Held {
    Held { queue: Queue::InternalInputs, id: claim.id.into(), fence: claim.fence }
}

fn row(new: &NewInternal, now: Timestamp) -> internal_inputs::ActiveModel {
    internal_inputs::ActiveModel {
        id: NotSet,
        target: Set(new.target.0),
        cause: Set(new.cause.clone()),
        kind: Set(new.kind.clone()),
        input: Set(new.input.clone()),
        state: Set(WorkState::Waiting.word().to_owned()),
        due_at: Set(now.micros()),
        attempts: Set(0),
        fence: Set(0),
        lease_until: Set(None),
        error: Set(None),
    }
}

#[derive(FromQueryResult)]
struct Lent {
    id: i64,
    target: Uuid,
    cause: String,
    kind: String,
    input: String,
    attempts: i64,
    fence: i64,
}

fn claimed(row: &sea_orm::QueryResult) -> Result<ClaimedInternal, StoreError> {
    let row = Lent::from_query_result(row, "")?;
    let place = Place::new("internal input", row.id);
    Ok(ClaimedInternal {
        id: row.id,
        target: ChangeId(row.target),
        cause: row.cause,
        kind: row.kind,
        input: row.input,
        attempts: place.count(row.attempts)?,
        fence: place.count(row.fence)?,
    })
}
