//! Many open changes at once: their rows, and their whole logs for lists that say more than rows do.

use crate::changes::{IS_OPEN, summary};
use crate::rows::{changes, placements};
use crate::{Store, StoreError, Summary, Tx};
use engine::Event;
use engine::hold::Scope;
use engine::ids::ChangeId;
use engine::phase::State;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

impl Summary {
    /// Whether a pause of this scope covers it.
    pub fn is_covered(&self, scope: &Scope) -> bool {
        scope.covers([&self.environment, &self.source_environment], &self.service)
    }
}

impl Store {
    /// The open changes, of one state or of all, oldest first.
    pub async fn open_summaries(&self, state: Option<State>, limit: u64) -> Result<Vec<Summary>, StoreError> {
        let mut find = changes::Entity::find().filter(Expr::cust(IS_OPEN)).order_by_asc(changes::Column::Number).limit(limit);
        if let Some(state) = state {
            find = find.filter(changes::Column::State.eq(state.word()));
        }
        find.all(self.reader()).await?.into_iter().map(summary).collect()
    }

    /// As [`Store::open_summaries`], each with its whole log; one further query for each few hundred of them.
    pub async fn open_logs(&self, state: Option<State>, limit: u64) -> Result<Vec<(Summary, Vec<Event>)>, StoreError> {
        let summaries = self.open_summaries(state, limit).await?;
        let ids: Vec<ChangeId> = summaries.iter().map(|summary| summary.id).collect();
        let mut logs = self.events_of(&ids).await?;
        let with_log = |summary: Summary| (logs.remove(&summary.id).unwrap_or_default(), summary);
        Ok(summaries.into_iter().map(with_log).map(|(log, summary)| (summary, log)).collect())
    }

    /// The change whose card is this message.
    pub async fn change_at(&self, platform: &str, channel: &str, message: &str) -> Result<Option<ChangeId>, StoreError> {
        use placements::Column;
        let find = placements::Entity::find().filter(Column::Platform.eq(platform)).filter(Column::Channel.eq(channel));
        Ok(find.filter(Column::Message.eq(message)).one(self.reader()).await?.map(|row| ChangeId(row.change_id)))
    }
}

impl Tx {
    /// Whether any change, open or ended, was for an environment of this name, the policy's or the source's.
    pub async fn knows_environment(&mut self, name: &str) -> Result<bool, StoreError> {
        let named = changes::Column::Environment.eq(name).or(changes::Column::SourceEnvironment.eq(name));
        self.has_change(named).await
    }

    /// Whether any change, open or ended, was of this service.
    pub async fn knows_service(&mut self, name: &str) -> Result<bool, StoreError> {
        self.has_change(changes::Column::Service.eq(name)).await
    }

    async fn has_change(&mut self, like: Expr) -> Result<bool, StoreError> {
        Ok(changes::Entity::find().filter(like).one(self.db()).await?.is_some())
    }
}
