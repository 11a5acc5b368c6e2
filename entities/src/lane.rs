//! Changes of one lane: which are open, and which is out. Lock the lane before, or one may be missing.

use crate::changes::{IS_OPEN, summary};
use crate::rows::changes;
use crate::{StoreError, Summary, Tx};
use engine::Timestamp;
use engine::event::ChangeRef;
use engine::hold::Out;
use engine::ids::ChangeId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

impl Tx {
    /// The open changes of a lane, oldest first.
    pub async fn open_in_lane(&mut self, lane: &str) -> Result<Vec<Summary>, StoreError> {
        let open = changes::Entity::find().filter(changes::Column::Lane.eq(lane)).filter(Expr::cust(IS_OPEN));
        open.order_by_asc(changes::Column::Number).all(self.db()).await?.into_iter().map(summary).collect()
    }

    /// The change of a lane, besides this one, that is out at this instant; of several the one that is so the longest.
    pub async fn out_in_lane(&mut self, lane: &str, besides: ChangeId, now: Timestamp) -> Result<Option<Out>, StoreError> {
        let others = changes::Column::Lane.eq(lane).and(changes::Column::Id.ne(besides.0));
        let out = changes::Entity::find().filter(others).filter(changes::Column::OutUntil.gt(now.micros()));
        let last = out.order_by_desc(changes::Column::OutUntil).one(self.db()).await?.map(summary).transpose()?;
        let known = last.and_then(|last| Some((last.out_until?, last)));
        Ok(known.map(|(until, Summary { id, number, .. })| Out { change: ChangeRef { id, number }, until }))
    }
}
