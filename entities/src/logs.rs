//! Many open changes at once: their rows, and their whole logs for lists that say more than rows do.

use crate::changes::{IS_OPEN, summary};
use crate::listing::{ChangeFilter, Openness, filtered};
use crate::rows::{changes, placements};
use crate::{Store, StoreError, Summary, Tx};
use engine::Event;
use engine::hold::Scope;
use engine::ids::ChangeId;
use engine::phase::State;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

/// How the open changes stand, in three numbers: how many, the newest one's number, the events of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    pub open: i64,
    pub newest: i64,
    pub events: i64,
}

impl Summary {
    /// Whether a pause of this scope covers it.
    pub fn is_covered(&self, scope: &Scope) -> bool {
        scope.covers([&self.environment, &self.source_environment], &self.service)
    }
}

impl Store {
    /// The open changes, oldest first.
    pub async fn open_summaries(&self, limit: u64) -> Result<Vec<Summary>, StoreError> {
        let find = changes::Entity::find().filter(Expr::cust(IS_OPEN)).order_by_asc(changes::Column::Number).limit(limit);
        find.all(self.reader()).await?.into_iter().map(summary).collect()
    }

    /// Open changes for somebody to look at, each with its whole log: those that wait for votes, then those that wait for
    /// their requester, both oldest first; then the others, newest first. One query for the rows, one more for each few
    /// hundred logs.
    pub async fn open_at_a_glance(&self, filter: &ChangeFilter, limit: u64) -> Result<Vec<(Summary, Vec<Event>)>, StoreError> {
        let open = ChangeFilter { openness: Some(Openness::Open), ..filter.clone() };
        let (pending, draft) = (State::Pending.word(), State::Draft.word());
        let waits = Expr::cust(format!("CASE state WHEN '{pending}' THEN 0 WHEN '{draft}' THEN 1 ELSE 2 END"));
        let age = Expr::cust(format!("CASE WHEN state IN ('{pending}', '{draft}') THEN number ELSE -number END"));
        let find = filtered(changes::Entity::find(), &open).order_by(waits, Order::Asc).order_by(age, Order::Asc).limit(limit);
        let summaries: Vec<Summary> = find.all(self.reader()).await?.into_iter().map(summary).collect::<Result<_, _>>()?;
        let ids: Vec<ChangeId> = summaries.iter().map(|summary| summary.id).collect();
        let mut logs = self.events_of(&ids).await?;
        Ok(summaries
            .into_iter()
            .filter_map(|summary| Some((logs.remove(&summary.id)?, summary)))
            .map(|(log, summary)| (summary, log))
            .collect())
    }

    /// What differs as soon as any open change has moved, or another is open.
    pub async fn open_pulse(&self) -> Result<Pulse, StoreError> {
        let find = changes::Entity::find().filter(Expr::cust(IS_OPEN)).select_only();
        let find = ["COUNT(*)", "COALESCE(MAX(number), 0)", "CAST(COALESCE(SUM(last_seq), 0) AS BIGINT)"]
            .into_iter()
            .zip(["open", "newest", "events"])
            .fold(find, |find, (sum, name)| find.expr_as(Expr::cust(sum), name));
        let pulse: Option<(i64, i64, i64)> = find.into_tuple().one(self.reader()).await?;
        let (open, newest, events) = pulse.unwrap_or_default();
        Ok(Pulse { open, newest, events })
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
