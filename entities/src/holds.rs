//! The pauses in force. Bump the version before one is placed or lifted, so that no decision is made beside it.

use crate::convert::{Place, json_text};
use crate::rows::holds;
use crate::{Store, StoreError, Tx};
use engine::Timestamp;
use engine::hold::Hold;
use engine::ids::HoldId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

impl Store {
    /// Those that nobody lifted and whose time is not over, oldest first.
    pub async fn holds_in_force(&self, now: Timestamp) -> Result<Vec<Hold>, StoreError> {
        in_force(self.reader(), now).await
    }
}

impl Tx {
    /// As [`Store::holds_in_force`], as this transaction sees them.
    pub async fn holds_in_force(&mut self, now: Timestamp) -> Result<Vec<Hold>, StoreError> {
        in_force(self.db(), now).await
    }

    /// One that was placed, whether or not it is still in force.
    pub async fn placed_hold(&mut self, id: &HoldId) -> Result<Option<Hold>, StoreError> {
        let row = holds::Entity::find_by_id(id.as_str()).one(self.db()).await?;
        row.map(|row| Place::new("hold", &row.id).json(&row.hold)).transpose()
    }

    pub async fn place_hold(&mut self, hold: &Hold, now: Timestamp) -> Result<(), StoreError> {
        let row = holds::ActiveModel {
            id: Set(hold.id.to_string()),
            hold: Set(json_text(hold)?),
            placed_at: Set(now.micros()),
            until: Set(hold.pause().and_then(|pause| pause.until).map(Timestamp::micros)),
            lifted_at: Set(None),
        };
        holds::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// Nothing for one that was lifted before.
    pub async fn lift_hold(&mut self, id: &HoldId, now: Timestamp) -> Result<(), StoreError> {
        let lift = holds::Entity::update_many().col_expr(holds::Column::LiftedAt, Expr::val(now.micros()));
        let lift = lift.filter(holds::Column::Id.eq(id.as_str())).filter(holds::Column::LiftedAt.is_null());
        lift.exec(self.db()).await?;
        Ok(())
    }
}

async fn in_force(db: &impl ConnectionTrait, now: Timestamp) -> Result<Vec<Hold>, StoreError> {
    let standing = holds::Entity::find().filter(Expr::cust("lifted_at IS NULL"));
    let running = standing.filter(holds::Column::Until.is_null().or(holds::Column::Until.gt(now.micros())));
    let rows = running.order_by_asc(holds::Column::PlacedAt).order_by_asc(holds::Column::Id).all(db).await?;
    rows.into_iter().map(|row| Place::new("hold", &row.id).json(&row.hold)).collect()
}
