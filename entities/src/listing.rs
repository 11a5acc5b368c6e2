//! Changes for people and for the schedule: one by its address, many by what they have in common, those that are due.

use crate::changes::{IS_ENDED, IS_OPEN, newest_with, summary};
use crate::convert::{VALUES_PER_LIST, stored};
use crate::rows::changes;
use crate::{Store, StoreError, Summary};
use engine::Timestamp;
use engine::ids::{ChangeId, ChangeKey, ChangeNumber};
use engine::phase::State;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// How people and programs name a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeAddress {
    Id(ChangeId),
    Number(ChangeNumber),
    /// The newest change with this key, open or ended.
    Key(ChangeKey),
}

impl ChangeAddress {
    /// What people type: a UUID, `CHG-1042` or `1042`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Uuid::parse_str(text).ok().map(|id| Self::Id(ChangeId(id)));
        id.or_else(|| text.parse().ok().map(Self::Number))
    }
}

/// Seconds after which a wake-up that nobody heard is an alarm; workers look every few seconds.
const OVERDUE_AFTER_S: u64 = 600;

/// Stuck changes that one look names; the first hundred tell what is wrong.
const STUCK_AT_MOST: u64 = 100;

/// No text has a greater one: keys are compared byte by byte.
const LAST_LETTER: char = '\u{10ffff}';

/// Whether a change can still move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openness {
    Open,
    Ended,
}

/// Every field that is there has to match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    pub state: Option<State>,
    pub openness: Option<Openness>,
    /// The policy's name.
    pub environment: Option<String>,
    /// The catalogue's name.
    pub service: Option<String>,
}

impl Store {
    pub async fn find_change(&self, which: &ChangeAddress) -> Result<Option<Summary>, StoreError> {
        let find = match which {
            ChangeAddress::Id(id) => changes::Entity::find_by_id(id.0),
            ChangeAddress::Number(number) => changes::Entity::find().filter(changes::Column::Number.eq(stored(number.0))),
            ChangeAddress::Key(key) => newest_with(key),
        };
        find.one(self.reader()).await?.map(summary).transpose()
    }

    /// The open changes whose keys begin like this, oldest first. Few are open at a time, so no index knows beginnings.
    pub async fn open_with_key_beginning(&self, beginning: &str) -> Result<Vec<Summary>, StoreError> {
        // LIKE takes `_` and, on SQLite, the case of letters for more than they say; the exact look comes afterwards.
        let find = changes::Entity::find().filter(Expr::cust(IS_OPEN)).filter(changes::Column::Key.starts_with(beginning));
        let rows = find.order_by_asc(changes::Column::Number).all(self.reader()).await?;
        let exact = rows.into_iter().filter(|row| row.key.starts_with(beginning));
        exact.map(summary).collect()
    }

    /// The newest change of each key that begins like this, open or ended. A beginning names one run, so they are few.
    pub async fn newest_with_key_beginning(&self, beginning: &str) -> Result<Vec<Summary>, StoreError> {
        let past = format!("{beginning}{LAST_LETTER}");
        let find = changes::Entity::find().filter(changes::Column::Key.gte(beginning)).filter(changes::Column::Key.lt(past));
        let rows = find.order_by_asc(changes::Column::Key).order_by_desc(changes::Column::Number).all(self.reader()).await?;
        let mut newest = rows;
        newest.dedup_by(|older, newer| older.key == newer.key);
        newest.into_iter().map(summary).collect()
    }

    /// Those of these changes that exist, oldest first.
    pub async fn summaries(&self, ids: &[ChangeId]) -> Result<Vec<Summary>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(VALUES_PER_LIST) {
            let find = changes::Entity::find().filter(changes::Column::Id.is_in(ids.iter().map(|id| id.0)));
            found.extend(find.all(self.reader()).await?);
        }
        found.sort_by_key(|row| row.number);
        found.into_iter().map(summary).collect()
    }

    /// Newest first; `after` is the last number of the page before, and numbers below it follow.
    pub async fn list_changes(&self, filter: &ChangeFilter, after: Option<ChangeNumber>, limit: u64) -> Result<Vec<Summary>, StoreError> {
        let mut find = filtered(changes::Entity::find(), filter).order_by_desc(changes::Column::Number).limit(limit);
        if let Some(number) = after {
            find = find.filter(changes::Column::Number.lt(stored(number.0)));
        }
        find.all(self.reader()).await?.into_iter().map(summary).collect()
    }

    /// Changes whose wake-up has come, the longest overdue first. Any node may wake any of them.
    pub async fn due_changes(&self, now: Timestamp, limit: u64) -> Result<Vec<ChangeId>, StoreError> {
        let due = changes::Entity::find().select_only().column(changes::Column::Id).filter(changes::Column::WakeAt.lte(now.micros()));
        let ids: Vec<Uuid> = due.order_by_asc(changes::Column::WakeAt).limit(limit).into_tuple().all(self.reader()).await?;
        Ok(ids.into_iter().map(ChangeId).collect())
    }

    /// Open changes that nothing will move (invariant 16): not with their tool, and without a wake-up or long past it.
    pub async fn stuck_changes(&self, now: Timestamp) -> Result<Vec<Summary>, StoreError> {
        let with_tool = State::ALL.into_iter().filter(|state| !state.is_end() && !state.can_be_superseded());
        let overdue = now.micros().saturating_sub(stored(OVERDUE_AFTER_S * 1_000_000));
        let unheard = changes::Column::WakeAt.is_null().or(changes::Column::WakeAt.lte(overdue));
        let find = changes::Entity::find().filter(Expr::cust(IS_OPEN)).filter(unheard);
        let find = find.filter(changes::Column::State.is_not_in(with_tool.map(State::word)));
        let find = find.order_by_asc(changes::Column::Number).limit(STUCK_AT_MOST);
        find.all(self.reader()).await?.into_iter().map(summary).collect()
    }
}

pub(crate) fn filtered(mut find: Select<changes::Entity>, filter: &ChangeFilter) -> Select<changes::Entity> {
    if let Some(state) = filter.state {
        find = find.filter(changes::Column::State.eq(state.word()));
    }
    match filter.openness {
        Some(Openness::Open) => find = find.filter(Expr::cust(IS_OPEN)),
        Some(Openness::Ended) => find = find.filter(Expr::cust(IS_ENDED)),
        None => {}
    }
    if let Some(environment) = &filter.environment {
        find = find.filter(changes::Column::Environment.eq(environment));
    }
    if let Some(service) = &filter.service {
        find = find.filter(changes::Column::Service.eq(service));
    }
    find
}
