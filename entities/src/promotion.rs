//! What became of a subject in other environments, and who waits for it there.

use crate::changes::{IS_OPEN, summary};
use crate::rows::changes;
use crate::{StoreError, Summary, Tx};
use engine::ids::Digest;
use engine::phase::State;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// What deployments came to.
const OUTCOMES: [State; 2] = [State::Succeeded, State::Failed];

impl Tx {
    /// The newest change of this service that brought this into the policy's environment and came to an end there.
    pub async fn newest_outcome(&mut self, promoted: &Digest, service: &str, environment: &str) -> Result<Option<Summary>, StoreError> {
        let ended = changes::Column::State.is_in(OUTCOMES.map(State::word));
        let there = changes::Column::Service.eq(service).and(changes::Column::Environment.eq(environment));
        let find = changes::Entity::find().filter(changes::Column::Promoted.eq(promoted.to_string())).filter(there).filter(ended);
        find.order_by_desc(changes::Column::Number).one(self.db()).await?.map(summary).transpose()
    }

    /// The open changes of this service that bring this anywhere, oldest first.
    pub async fn open_promotions(&mut self, promoted: &Digest, service: &str) -> Result<Vec<Summary>, StoreError> {
        let ours = changes::Column::Promoted.eq(promoted.to_string()).and(changes::Column::Service.eq(service));
        let find = changes::Entity::find().filter(ours).filter(Expr::cust(IS_OPEN));
        find.order_by_asc(changes::Column::Number).all(self.db()).await?.into_iter().map(summary).collect()
    }
}
