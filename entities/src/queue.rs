//! What inbox, internal inputs and outbox have in common: rows that wait, are lent to one worker, and come back.
//!
//! `due_at` is when anyone may take the row. Lending moves it to the end of the lease, so that one index answers both
//! "what is due" and "whose holder has died", and every lease has a higher fence than the one before.

use crate::StoreError;
use crate::convert::{shortened, stored};
use crate::deadline::Pool;
use engine::Timestamp;
use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, LockBehavior, LockType, Order, Query, SelectStatement, UpdateStatement, Value,
};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};

/// Literally as in the partial indexes: a bound parameter would keep SQLite from using them.
pub(crate) const IS_WAITING: &str = "state = 'waiting'";

/// Whether a worker still held what it reports about.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fenced {
    Held,
    /// The lease ran out and somebody else took it: nothing was written.
    Lost,
}

/// How far a delivery or an internal input has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkState {
    Waiting,
    Done,
    /// Given up; the error says why.
    Failed,
}

impl WorkState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Done, Self::Failed].into_iter().find(|state| state.word() == word)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    Deliveries,
    InternalInputs,
    Outbox,
}

impl Queue {
    fn table(self) -> &'static str {
        match self {
            Self::Deliveries => "deliveries",
            Self::InternalInputs => "internal_inputs",
            Self::Outbox => "outbox",
        }
    }

    /// What a worker is told of a row; the body of a delivery stays where it is.
    fn lent(self) -> &'static [&'static str] {
        match self {
            Self::Deliveries => &["id", "source", "event", "signals", "received_at", "attempts", "fence"],
            Self::InternalInputs => &["id", "target", "cause", "kind", "input", "attempts", "fence"],
            Self::Outbox => &["id", "key", "kind", "change_id", "payload", "attempts", "version", "fence", "note", "unanswered"],
        }
    }
}

/// The wish of one worker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lease {
    pub(crate) now: Timestamp,
    pub(crate) limit: u64,
    pub(crate) seconds: u64,
}

/// Lends what is due, the longest due first, in one statement; two workers never get the same row.
pub(crate) async fn claim(db: &Pool, queue: Queue, lease: Lease) -> Result<Vec<QueryResult>, StoreError> {
    let mut pick = due(queue, lease);
    if db.get_database_backend() == DbBackend::Postgres {
        pick.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    // Materialized: PostgreSQL may run a plain subquery once per row, and would then lend more than the limit.
    let mut picked = CommonTableExpression::new();
    picked.table_name("picked").column("id").materialized(true).query(pick);
    let until = lease.now.plus_seconds(lease.seconds).micros();
    let mut lend = Query::update();
    lend.table(queue.table())
        .value("fence", Expr::col("fence").add(1))
        .value("attempts", Expr::col("attempts").add(1))
        .value("lease_until", until)
        .value("due_at", until)
        .and_where(Expr::col("id").in_subquery(Query::select().column("id").from("picked").take()))
        .returning(Query::returning().columns(queue.lent().iter().copied()))
        .with_cte(picked);
    if queue == Queue::Outbox {
        // Whoever had it in hand never said how that ended: it may have been sent.
        lend.value("unanswered", Expr::col("unanswered").or(Expr::col("lease_until").is_not_null()));
    }
    Ok(db.query_all(&lend).await?)
}

fn due(queue: Queue, lease: Lease) -> SelectStatement {
    Query::select()
        .column("id")
        .from(queue.table())
        .and_where(Expr::cust(IS_WAITING))
        .and_where(Expr::col("due_at").lte(lease.now.micros()))
        .order_by("due_at", Order::Asc)
        .limit(lease.limit)
        .take()
}

/// Prolongs leases that are held, each an id and its fence. What was ended, given back or lost stays as it is.
pub(crate) async fn renew(db: &Pool, queue: Queue, held: Vec<(Value, u64)>, until: Timestamp) -> Result<(), StoreError> {
    if held.is_empty() {
        return Ok(());
    }
    // By id as well: SQLite looks a list of pairs up in no index.
    let ids: Vec<Value> = held.iter().map(|(id, _)| id.clone()).collect();
    let fences = held.into_iter().map(|(id, fence)| (id, stored(fence)));
    let mut prolong = Query::update();
    prolong
        .table(queue.table())
        .value("lease_until", until.micros())
        .value("due_at", until.micros())
        .and_where(Expr::col("id").is_in(ids))
        .and_where(Expr::tuple([Expr::col("id"), Expr::col("fence")]).in_tuples(fences))
        .and_where(Expr::col("lease_until").is_not_null())
        .and_where(Expr::cust(IS_WAITING));
    db.execute(&prolong).await?;
    Ok(())
}

/// One row, as long as this fence is the newest.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) queue: Queue,
    pub(crate) id: Value,
    pub(crate) fence: u64,
}

impl Held {
    /// Gives the row back to the queue, to be taken again at `due_at`.
    pub(crate) async fn retry(&self, db: &Pool, due_at: Timestamp, error: &str) -> Result<Fenced, StoreError> {
        let mut update = self.update();
        update.value("due_at", due_at.micros()).value("error", shortened(error));
        self.write(db, &update).await
    }

    pub(crate) async fn end(&self, db: &Pool, state: WorkState, error: Option<&str>) -> Result<Fenced, StoreError> {
        let mut update = self.update();
        update.value("state", state.word()).value("error", error.map(shortened));
        self.write(db, &update).await
    }

    /// Ends the lease; the caller adds what else becomes of the row.
    pub(crate) fn update(&self) -> UpdateStatement {
        self.keep().value("lease_until", Option::<i64>::None).take()
    }

    /// Keeps the lease; the caller adds what becomes of the row.
    pub(crate) fn keep(&self) -> UpdateStatement {
        Query::update()
            .table(self.queue.table())
            .and_where(Expr::col("id").eq(self.id.clone()))
            .and_where(Expr::col("fence").eq(stored(self.fence)))
            .and_where(Expr::cust(IS_WAITING))
            .take()
    }

    pub(crate) async fn write(&self, db: &impl ConnectionTrait, update: &UpdateStatement) -> Result<Fenced, StoreError> {
        let written = db.execute(update).await?.rows_affected();
        Ok(if written == 0 { Fenced::Lost } else { Fenced::Held })
    }
}
