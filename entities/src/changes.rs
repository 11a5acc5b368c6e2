//! The newest state of each change as one row, rewritten in the transaction that appends its events.

use crate::convert::{Place, stored};
use crate::error::violated_key;
use crate::rows::changes;
use crate::{StoreError, Tx};
use engine::hold::Scope;
use engine::ids::{ChangeId, ChangeKey, ChangeNumber, Digest};
use engine::phase::State;
use engine::{Change, Timestamp, next_wake};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// Literally as in the partial indexes.
pub(crate) const IS_OPEN: &str = "is_open";
pub(crate) const IS_ENDED: &str = "NOT is_open";

/// What lists, due times and look-ups by key or lane need to know of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub id: ChangeId,
    pub number: ChangeNumber,
    pub key: ChangeKey,
    /// Changes of one lane replace each other: the service and the environment in the source's words.
    pub lane: String,
    pub sequence: Option<i64>,
    pub service: String,
    /// The policy's name for it; the source's where the policy knows none.
    pub environment: String,
    pub source_environment: String,
    pub state: State,
    pub title: String,
    pub subject_digest: Digest,
    pub round: u32,
    pub wake_at: Option<Timestamp>,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    pub last_seq: u64,
    /// What goes on to the next environment.
    pub promoted: Option<Digest>,
    /// When its deployment ended well.
    pub succeeded_at: Option<Timestamp>,
    /// Until when the others of its lane wait for it at most; `None`: it is not out.
    pub out_until: Option<Timestamp>,
}

/// The changes of one key that its next request is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyed {
    /// There is at most one.
    pub open: Option<Summary>,
    /// Open or ended.
    pub newest: Option<Summary>,
}

/// A summary on its way into the database.
pub type Projection = Summary;

impl Summary {
    /// What a change comes to after its last event.
    pub fn of(change: &Change, lane: String) -> Self {
        let source_environment = change.request.environment.clone();
        let environment = change.rules.as_ref().map_or_else(|| source_environment.clone(), |rules| rules.environment.to_string());
        Self {
            id: change.id,
            number: change.number,
            key: change.key().clone(),
            lane,
            sequence: change.request.sequence,
            service: change.service.clone(),
            environment,
            source_environment,
            state: change.state(),
            title: change.what(),
            subject_digest: change.subject_digest.clone(),
            round: change.round,
            wake_at: next_wake(change),
            opened_at: change.opened_at,
            updated_at: change.last_at,
            last_seq: change.last_seq,
            promoted: change.request.subject.promoted(),
            succeeded_at: change.succeeded_at(),
            out_until: change.out_until(),
        }
    }
}

impl Tx {
    /// Writes the newest state of a change. `KeyTaken` if another open change has its key.
    pub async fn project(&mut self, projection: &Projection) -> Result<(), StoreError> {
        let mut known = OnConflict::column(changes::Column::Id);
        known.update_columns(MOVING);
        let insert = changes::Entity::insert(row(projection)).on_conflict(known).exec_without_returning(self.db()).await;
        insert.map(drop).map_err(refused)
    }

    /// What has this key, in one look.
    pub async fn with_key(&mut self, key: &ChangeKey) -> Result<Keyed, StoreError> {
        let is_ours = || changes::Column::Key.eq(key.as_str());
        let newest = Query::select().expr(changes::Column::Number.max()).from(changes::Entity).and_where(is_ours()).take();
        let which = Expr::cust(IS_OPEN).or(changes::Column::Number.in_subquery(newest));
        let find = changes::Entity::find().filter(is_ours()).filter(which).order_by_desc(changes::Column::Number);
        let found: Vec<Summary> = find.all(self.db()).await?.into_iter().map(summary).collect::<Result<_, _>>()?;
        let open = found.iter().find(|change| !change.state.is_end()).cloned();
        Ok(Keyed { open, newest: found.into_iter().next() })
    }

    /// Every open change, oldest first. Bump a version before, or one that is being opened may be missing.
    pub async fn open_changes(&mut self) -> Result<Vec<ChangeId>, StoreError> {
        let open = changes::Entity::find().select_only().column(changes::Column::Id).filter(Expr::cust(IS_OPEN));
        let ids: Vec<uuid::Uuid> = open.order_by_asc(changes::Column::Number).into_tuple().all(self.db()).await?;
        Ok(ids.into_iter().map(ChangeId).collect())
    }
}

impl Tx {
    /// The open changes that this scope covers, newest first. Bump a version before, or one that is being opened may be missing.
    pub async fn open_covered(&mut self, scope: &Scope) -> Result<Vec<ChangeId>, StoreError> {
        let mut open = changes::Entity::find().select_only().column(changes::Column::Id).filter(Expr::cust(IS_OPEN));
        if let Some(environment) = &scope.environment {
            let by_policy = changes::Column::Environment.eq(environment);
            open = open.filter(by_policy.or(changes::Column::SourceEnvironment.eq(environment)));
        }
        if let Some(service) = &scope.service {
            open = open.filter(changes::Column::Service.eq(service));
        }
        let ids: Vec<uuid::Uuid> = open.order_by_desc(changes::Column::Number).into_tuple().all(self.db()).await?;
        Ok(ids.into_iter().map(ChangeId).collect())
    }
}

pub(crate) fn newest_with(key: &ChangeKey) -> Select<changes::Entity> {
    changes::Entity::find().filter(changes::Column::Key.eq(key.as_str())).order_by_desc(changes::Column::Number)
}

/// Everything but id, number and the instant of opening, which never change.
const MOVING: [changes::Column; 17] = [
    changes::Column::Key,
    changes::Column::IsOpen,
    changes::Column::Lane,
    changes::Column::Sequence,
    changes::Column::Service,
    changes::Column::Environment,
    changes::Column::SourceEnvironment,
    changes::Column::State,
    changes::Column::Title,
    changes::Column::SubjectDigest,
    changes::Column::Round,
    changes::Column::WakeAt,
    changes::Column::UpdatedAt,
    changes::Column::LastSeq,
    changes::Column::Promoted,
    changes::Column::SucceededAt,
    changes::Column::OutUntil,
];

/// PostgreSQL names the index, SQLite its column.
fn refused(error: DbErr) -> StoreError {
    match violated_key(&error) {
        Some(key) if key == "changes_open_key" || key.ends_with("changes.key") => StoreError::KeyTaken,
        _ => error.into(),
    }
}

fn row(new: &Projection) -> changes::ActiveModel {
    changes::ActiveModel {
        id: Set(new.id.0),
        number: Set(stored(new.number.0)),
        key: Set(new.key.to_string()),
        is_open: Set(!new.state.is_end()),
        lane: Set(new.lane.clone()),
        sequence: Set(new.sequence),
        service: Set(new.service.clone()),
        environment: Set(new.environment.clone()),
        source_environment: Set(new.source_environment.clone()),
        state: Set(new.state.word().to_owned()),
        title: Set(new.title.clone()),
        subject_digest: Set(new.subject_digest.to_string()),
        round: Set(i64::from(new.round)),
        wake_at: Set(new.wake_at.map(Timestamp::micros)),
        opened_at: Set(new.opened_at.micros()),
        updated_at: Set(new.updated_at.micros()),
        last_seq: Set(stored(new.last_seq)),
        promoted: Set(new.promoted.as_ref().map(ToString::to_string)),
        succeeded_at: Set(new.succeeded_at.map(Timestamp::micros)),
        out_until: Set(new.out_until.map(Timestamp::micros)),
    }
}

pub(crate) fn summary(row: changes::Model) -> Result<Summary, StoreError> {
    let place = Place::new("change", row.id);
    Ok(Summary {
        id: ChangeId(row.id),
        number: ChangeNumber(place.count(row.number)?),
        key: ChangeKey::new(row.key),
        lane: row.lane,
        sequence: row.sequence,
        service: row.service,
        environment: row.environment,
        source_environment: row.source_environment,
        state: place.word(&row.state, State::from_word(&row.state))?,
        title: row.title,
        subject_digest: Digest::new(row.subject_digest),
        round: place.small_count(row.round)?,
        wake_at: place.maybe_instant(row.wake_at)?,
        opened_at: place.instant(row.opened_at)?,
        updated_at: place.instant(row.updated_at)?,
        last_seq: place.count(row.last_seq)?,
        promoted: row.promoted.map(Digest::new),
        succeeded_at: place.maybe_instant(row.succeeded_at)?,
        out_until: place.maybe_instant(row.out_until)?,
    })
}
