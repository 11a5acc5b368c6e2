//! Work that one node does at a time: a chat socket, a cron row. Correctness never rests on it; the fence tells who is newest.

use crate::convert::{Place, stored};
use crate::rows::leases;
use crate::{Store, StoreError};
use engine::Timestamp;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

impl Store {
    /// Takes a lease or prolongs one's own. `None` while somebody else has it; otherwise its fence, which is higher
    /// for each new holding.
    pub async fn take_lease(&self, name: &str, holder: &str, now: Timestamp, seconds: u64) -> Result<Option<u64>, StoreError> {
        use leases::Column;
        let until = now.plus_seconds(seconds).micros();
        let take = Query::insert()
            .into_table(leases::Entity)
            .columns([Column::Name, Column::Holder, Column::Fence, Column::Until])
            .values_panic([name.into(), holder.into(), stored(1).into(), until.into()])
            .on_conflict(taken_over(holder, now))
            .returning_col(Column::Fence)
            .take();
        let row = self.writer().query_one(&take).await?;
        row.map(|row| Place::new("lease", name).count(row.try_get_by_index(0)?)).transpose()
    }

    /// Lets others have it at once. Nothing happens if it is somebody else's by now.
    pub async fn give_back_lease(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        use leases::Column;
        let ours = leases::Entity::update_many().filter(Column::Name.eq(name)).filter(Column::Holder.eq(holder));
        ours.col_expr(Column::Until, Expr::value(0_i64)).exec(self.writer()).await?;
        Ok(())
    }
}

/// Free, or ours already: a lease that ran out or was given back counts as a new holding even for the same node.
fn taken_over(holder: &str, now: Timestamp) -> OnConflict {
    use leases::Column;
    let there = |column| Expr::col((leases::Entity, column));
    let is_free = || there(Column::Until).lte(now.micros());
    let fence = CaseStatement::new().case(is_free(), there(Column::Fence).add(1)).finally(there(Column::Fence));
    let mut known = OnConflict::column(Column::Name);
    known
        .update_columns([Column::Holder, Column::Until])
        .value(Column::Fence, fence)
        .action_and_where(is_free().or(there(Column::Holder).eq(holder)));
    known
}
