//! Sending: wishes are lent to one worker at a time and come back done, to be tried again, or dead.

use crate::convert::{Place, VALUES_PER_LIST, shortened, stored};
use crate::queue::{Fenced, Held, IS_WAITING, Lease, Queue, claim, renew};
use crate::rows::outbox;
use crate::{OutgoingState, Store, StoreError};
use engine::Timestamp;
use engine::ids::ChangeId;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A wish in the hands of one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedOutgoing {
    pub id: i64,
    pub key: String,
    pub kind: String,
    pub change: Option<ChangeId>,
    pub payload: String,
    /// This one included.
    pub attempts: u64,
    pub version: u64,
    pub fence: u64,
    pub claimed_at: Timestamp,
    /// What an earlier attempt wrote down.
    pub note: Option<String>,
    /// An earlier attempt ended without an answer, so it may have arrived.
    pub unanswered: bool,
}

impl Store {
    /// Lends at most `limit` wishes that are due, or whose lease ran out, for `lease_s` seconds; oldest first.
    pub async fn claim_outgoing(&self, now: Timestamp, limit: u64, lease_s: u64) -> Result<Vec<ClaimedOutgoing>, StoreError> {
        let rows = claim(self.writer(), Queue::Outbox, Lease { now, limit, seconds: lease_s }).await?;
        let mut claimed = rows.iter().map(|row| claimed(row, now)).collect::<Result<Vec<_>, _>>()?;
        claimed.sort_by_key(|wish| wish.id);
        Ok(claimed)
    }

    /// Prolongs the leases of those that are still in these hands: `lease_s` seconds from `now` on.
    pub async fn renew_outgoing(&self, claims: &[ClaimedOutgoing], now: Timestamp, lease_s: u64) -> Result<(), StoreError> {
        let held = claims.iter().map(|claim| (claim.id.into(), claim.fence)).collect();
        renew(self.writer(), Queue::Outbox, held, now.plus_seconds(lease_s)).await
    }

    /// It is true outside. If it was wanted anew meanwhile, it waits again, due now.
    pub async fn outgoing_done(&self, claim: &ClaimedOutgoing, now: Timestamp) -> Result<Fenced, StoreError> {
        self.end_outgoing(claim, now, End { state: OutgoingState::Done, error: None }).await
    }

    /// As [`Store::outgoing_done`] for many, in one commit; the answers are in the order of the claims.
    pub async fn outgoing_done_together(&self, claims: &[ClaimedOutgoing], now: Timestamp) -> Result<Vec<Fenced>, StoreError> {
        let mut ended = BTreeSet::new();
        for claims in claims.chunks(VALUES_PER_LIST) {
            ended.extend(self.end_unmoved(claims, now).await?);
        }
        let mut answers = Vec::with_capacity(claims.len());
        for claim in claims {
            answers.push(if ended.contains(&claim.id) { Fenced::Held } else { self.outgoing_done(claim, now).await? });
        }
        Ok(answers)
    }

    /// Ends those that are still held and were not wanted anew; answers which.
    async fn end_unmoved(&self, claims: &[ClaimedOutgoing], now: Timestamp) -> Result<Vec<i64>, StoreError> {
        let same = claims.iter().map(|claim| (claim.id, stored(claim.fence), stored(claim.version)));
        let mut update = Query::update();
        update
            .table("outbox")
            .value("lease_until", Option::<i64>::None)
            // By id as well: SQLite looks a list of tuples up in no index.
            .and_where(Expr::col("id").is_in(claims.iter().map(|claim| claim.id)))
            .and_where(Expr::tuple([Expr::col("id"), Expr::col("fence"), Expr::col("version")]).in_tuples(same))
            .and_where(Expr::cust(IS_WAITING))
            .returning(Query::returning().column("id"));
        End { state: OutgoingState::Done, error: None }.write(&mut update, Expr::val(OutgoingState::Done.word()), now);
        let rows = self.writer().query_all(&update).await?;
        Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<i64>, _>>()?)
    }

    /// Given up until somebody sends it again. If it was wanted anew meanwhile, it waits again, due now.
    pub async fn outgoing_dead(&self, claim: &ClaimedOutgoing, now: Timestamp, error: &str) -> Result<Fenced, StoreError> {
        self.end_outgoing(claim, now, End { state: OutgoingState::Dead, error: Some(error) }).await
    }

    /// To be tried again at `due_at`.
    pub async fn outgoing_retry(&self, claim: &ClaimedOutgoing, due_at: Timestamp, error: &str) -> Result<Fenced, StoreError> {
        held(claim).retry(self.writer(), due_at, error).await
    }

    /// As [`Store::outgoing_retry`], after an attempt that may have arrived.
    pub async fn outgoing_unanswered(&self, claim: &ClaimedOutgoing, due_at: Timestamp, error: &str) -> Result<Fenced, StoreError> {
        let held = held(claim);
        let update = held.update().value("due_at", due_at.micros()).value("error", shortened(error)).value("unanswered", true).take();
        held.write(self.writer(), &update).await
    }

    /// Writes something down while the wish is in hand: whoever takes it up after a crash, or when it is wanted anew,
    /// reads it.
    pub async fn outgoing_note(&self, claim: &ClaimedOutgoing, note: &str) -> Result<Fenced, StoreError> {
        let held = held(claim);
        let note = held.keep().value("note", note).take();
        held.write(self.writer(), &note).await
    }

    /// Gives leases back unused, as at shutdown: due as before, and the attempt is not counted.
    pub async fn outgoing_release(&self, claims: &[ClaimedOutgoing]) -> Result<(), StoreError> {
        use outbox::Column;
        for claims in claims.chunks(VALUES_PER_LIST) {
            let fences = claims.iter().map(|claim| (claim.id, stored(claim.fence)));
            let due_at = claims.iter().map(|claim| claim.claimed_at.micros()).max().unwrap_or_default();
            let ours = Expr::tuple([Expr::col(Column::Id), Expr::col(Column::Fence)]).in_tuples(fences);
            let release = outbox::Entity::update_many().filter(ours).filter(Expr::cust(IS_WAITING));
            let release = release.col_expr(Column::DueAt, Expr::value(due_at));
            let release = release.col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
            release.col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None)).exec(self.writer()).await?;
        }
        Ok(())
    }

    async fn end_outgoing(&self, claim: &ClaimedOutgoing, now: Timestamp, end: End<'_>) -> Result<Fenced, StoreError> {
        let held = held(claim);
        let mut update = held.update();
        let unless_moved = CaseStatement::new().case(outbox::Column::Version.eq(stored(claim.version)), Expr::val(end.state.word()));
        end.write(&mut update, unless_moved.finally(Expr::val(OutgoingState::Waiting.word())).into(), now);
        held.write(self.writer(), &update).await
    }
}

/// How a wish ends, if nobody has wished it anew.
struct End<'a> {
    state: OutgoingState,
    error: Option<&'a str>,
}

impl End<'_> {
    /// `state` is what it gets, or an expression for it.
    fn write(&self, update: &mut UpdateStatement, state: Expr, now: Timestamp) {
        update
            .value("state", state)
            .value("due_at", now.micros())
            .value("updated_at", now.micros())
            .value("error", self.error.map(shortened));
        if self.state == OutgoingState::Done {
            update.value("unanswered", false);
        }
    }
}

fn held(claim: &ClaimedOutgoing) -> Held {
    Held { queue: Queue::Outbox, id: claim.id.into(), fence: claim.fence }
}

#[derive(FromQueryResult)]
struct Lent {
    id: i64,
    key: String,
    kind: String,
    change_id: Option<Uuid>,
    payload: String,
    attempts: i64,
    version: i64,
    fence: i64,
    note: Option<String>,
    unanswered: bool,
}

fn claimed(row: &sea_orm::QueryResult, claimed_at: Timestamp) -> Result<ClaimedOutgoing, StoreError> {
    let row = Lent::from_query_result(row, "")?;
    let place = Place::new("outbox", row.id);
    Ok(ClaimedOutgoing {
        id: row.id,
        key: row.key,
        kind: row.kind,
        change: row.change_id.map(ChangeId),
        payload: row.payload,
        attempts: place.count(row.attempts)?,
        version: place.count(row.version)?,
        fence: place.count(row.fence)?,
        claimed_at,
        note: row.note,
        unanswered: row.unanswered,
    })
}
