//! Looking after the inbox: what came in, what was kept of it, and working on it again.

use crate::convert::Place;
use crate::inbox::{BODYLESS, Bodyless, DeliveryRecord, DeliveryStatus, record};
use crate::queue::WorkState;
use crate::rows::deliveries;
use crate::{Store, StoreError, Tx};
use engine::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Every field that is there has to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub state: Option<WorkState>,
    /// The integration; `api:` and a token's id for requests.
    pub source: Option<String>,
}

/// What became of the wish to work on a delivery again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It waits for a worker, as if it had just come.
    Waits,
    /// It waited already, or somebody has it in hand.
    WaitedAlready,
    /// Nothing follows from deliveries of its kind.
    Ignored,
    Unknown,
}

impl Store {
    /// Newest first.
    pub async fn delivery_list(&self, filter: &DeliveryFilter, limit: u64) -> Result<Vec<DeliveryRecord>, StoreError> {
        use deliveries::Column;
        let mut find = deliveries::Entity::find().select_only().columns(BODYLESS);
        if let Some(state) = filter.state {
            find = find.filter(Column::State.eq(state.word()));
        }
        if let Some(source) = &filter.source {
            find = find.filter(Column::Source.eq(source));
        }
        let find = find.order_by_desc(Column::ReceivedAt).order_by_desc(Column::Id).limit(limit);
        find.into_model::<Bodyless>().all(self.reader()).await?.into_iter().map(record).collect()
    }

    /// The kept copy, compressed; empty if nothing was kept, `None` if there is no such delivery.
    pub async fn delivery_body(&self, id: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let find = deliveries::Entity::find_by_id(id).select_only().column(deliveries::Column::Body);
        Ok(find.into_tuple().one(self.reader()).await?)
    }
}

impl Tx {
    /// Puts a delivery that is done or was given up back to work, due now and without attempts.
    pub async fn delivery_again(&mut self, id: Uuid, now: Timestamp) -> Result<Replay, StoreError> {
        use deliveries::Column;
        let find = deliveries::Entity::find_by_id(id).select_only().column(Column::Status);
        let Some(status) = find.into_tuple::<String>().one(self.db()).await? else { return Ok(Replay::Unknown) };
        let place = Place::new("delivery", id);
        match place.word(&status, DeliveryStatus::from_word(&status))? {
            DeliveryStatus::Ignored => return Ok(Replay::Ignored),
            DeliveryStatus::Accepted => {}
        }
        // Whoever has it in hand goes on: only what nobody works on any more begins anew.
        let over = Column::State.ne(WorkState::Waiting.word());
        let again = deliveries::Entity::update_many().filter(Column::Id.eq(id)).filter(over);
        let again = again.col_expr(Column::State, Expr::value(WorkState::Waiting.word()));
        let again = again.col_expr(Column::DueAt, Expr::value(now.micros()));
        let again = again.col_expr(Column::Attempts, Expr::value(0_i64));
        let again = again.col_expr(Column::Error, Expr::value(Option::<String>::None));
        let waits = again.exec(self.db()).await?.rows_affected > 0;
        Ok(if waits { Replay::Waits } else { Replay::WaitedAlready })
    }
}
