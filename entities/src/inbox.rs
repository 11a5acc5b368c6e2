//! The inbox: what came in, stored before it is acknowledged, each key once.

use crate::convert::{Place, VALUES_PER_LIST, in_shapes};
use crate::queue::WorkState;
use crate::rows::deliveries;
use crate::{Store, StoreError, Tx};
use engine::Timestamp;
use engine::ids::{ChangeId, Digest};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// One webhook, or one request that opens something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    pub id: Uuid,
    /// The integration; `api` and a token for requests. Keys of two sources never meet.
    pub source: String,
    pub key: String,
    pub body_digest: Digest,
    /// The source's own name for it: `Deployment Hook/blocked`.
    pub event: String,
    pub status: DeliveryStatus,
    /// What it means, as JSON; read only by whoever wrote it.
    pub signals: Option<String>,
    /// Compressed, and without the secrets that it carried.
    pub body: Vec<u8>,
    pub received_at: Timestamp,
    /// When a worker may take it: at once, or later if whoever accepts it goes on with it himself.
    pub due_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Something follows from it.
    Accepted,
    /// Signed and understood, but of a kind that nothing follows from: done when it comes.
    Ignored,
}

impl DeliveryStatus {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Ignored => "ignored",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Accepted, Self::Ignored].into_iter().find(|status| status.word() == word)
    }
}

/// What became of one delivery of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// Stored, and durable.
    Stored,
    /// The same key and body as this earlier one.
    Duplicate(Box<DeliveryRecord>),
    /// The same key as this earlier one, with another body.
    Conflict { first: Uuid },
    /// This one alone can't be stored.
    Unstorable { why: String },
}

/// What is known of a delivery; without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    pub id: Uuid,
    pub source: String,
    pub key: String,
    pub body_digest: Digest,
    pub event: String,
    pub status: DeliveryStatus,
    pub state: WorkState,
    pub received_at: Timestamp,
    pub attempts: u64,
    /// The changes that it concerned, as far as it has been worked on.
    pub changes: Vec<ChangeId>,
    /// What a request was answered with, to be answered again.
    pub answer: Option<String>,
    pub error: Option<String>,
}

impl Store {
    /// Stores a batch in one transaction and says what became of each, in the order of the batch.
    ///
    /// One commit costs the same for one as for two hundred. A delivery that can't be stored does not stop the others.
    /// After an error some may have been stored: whoever sends them again hears `Duplicate`.
    pub async fn accept(&self, batch: &[NewDelivery]) -> Result<Vec<Acceptance>, StoreError> {
        match self.accept_together(batch).await {
            Err(error @ StoreError::Unavailable(_)) => Err(error),
            Err(_) => self.accept_singly(batch).await,
            Ok(accepted) => Ok(accepted),
        }
    }

    pub async fn delivery(&self, id: Uuid) -> Result<Option<DeliveryRecord>, StoreError> {
        let mut found = read(self.reader(), deliveries::Column::Id.eq(id)).await?;
        Ok(found.pop())
    }

    async fn accept_together(&self, batch: &[NewDelivery]) -> Result<Vec<Acceptance>, StoreError> {
        let mut tx = self.begin().await?;
        let inserted = tx.insert_new(batch).await?;
        let accepted = if inserted == batch.len() { vec![Acceptance::Stored; batch.len()] } else { tx.compare(batch).await? };
        tx.commit().await?;
        Ok(accepted)
    }

    async fn accept_singly(&self, batch: &[NewDelivery]) -> Result<Vec<Acceptance>, StoreError> {
        let mut accepted = Vec::with_capacity(batch.len());
        for one in batch.chunks(1) {
            match self.accept_together(one).await {
                Ok(stored) => accepted.extend(stored),
                Err(error @ StoreError::Unavailable(_)) => return Err(error),
                Err(error) => accepted.push(Acceptance::Unstorable { why: error.to_string() }),
            }
        }
        Ok(accepted)
    }
}

impl Tx {
    /// How many were new.
    async fn insert_new(&mut self, batch: &[NewDelivery]) -> Result<usize, StoreError> {
        // Two nodes that insert the same keys in different orders would wait for each other.
        let mut ordered: Vec<&NewDelivery> = batch.iter().collect();
        ordered.sort_by_key(|new| (&new.source, &new.key));
        let mut inserted = 0;
        for rows in in_shapes(&ordered) {
            let insert = deliveries::Entity::insert_many(rows.iter().map(|new| row(new)));
            let insert = insert.on_conflict_do_nothing_on([deliveries::Column::Source, deliveries::Column::Key]);
            inserted += match insert.exec_without_returning(self.db()).await? {
                sea_orm::TryInsertResult::Inserted(rows) => rows,
                sea_orm::TryInsertResult::Conflicted | sea_orm::TryInsertResult::Empty => 0,
            };
        }
        Ok(usize::try_from(inserted).unwrap_or(usize::MAX))
    }

    /// Who has each key now, compared with who wanted it.
    async fn compare(&mut self, batch: &[NewDelivery]) -> Result<Vec<Acceptance>, StoreError> {
        let mut holders = HashMap::new();
        for keys in batch.chunks(VALUES_PER_LIST) {
            let keys = deliveries::Column::Key.is_in(keys.iter().map(|new| new.key.as_str()));
            for record in read(self.db(), keys).await? {
                holders.insert((record.source.clone(), record.key.clone()), record);
            }
        }
        batch.iter().map(|new| compared(new, holders.get(&(new.source.clone(), new.key.clone())))).collect()
    }
}

fn compared(new: &NewDelivery, holder: Option<&DeliveryRecord>) -> Result<Acceptance, StoreError> {
    // Gone between the two statements: only the clean-up of old deliveries removes any.
    let holder = holder.ok_or(StoreError::Conflict)?;
    Ok(if holder.id == new.id {
        Acceptance::Stored
    } else if holder.body_digest == new.body_digest {
        Acceptance::Duplicate(Box::new(holder.clone()))
    } else {
        Acceptance::Conflict { first: holder.id }
    })
}

fn row(new: &NewDelivery) -> deliveries::ActiveModel {
    let state = match new.status {
        DeliveryStatus::Accepted => WorkState::Waiting,
        DeliveryStatus::Ignored => WorkState::Done,
    };
    deliveries::ActiveModel {
        id: Set(new.id),
        source: Set(new.source.clone()),
        key: Set(new.key.clone()),
        body_digest: Set(new.body_digest.to_string()),
        event: Set(new.event.clone()),
        status: Set(new.status.word().to_owned()),
        signals: Set(new.signals.clone()),
        body: Set(new.body.clone()),
        received_at: Set(new.received_at.micros()),
        state: Set(state.word().to_owned()),
        due_at: Set(new.due_at.micros()),
        // The others begin as their columns do: a value that is bound for nothing costs time in every hook.
        ..Default::default()
    }
}

/// A delivery without its body, which can be large.
#[derive(sea_orm::FromQueryResult)]
pub(crate) struct Bodyless {
    id: Uuid,
    source: String,
    key: String,
    body_digest: String,
    event: String,
    status: String,
    state: String,
    received_at: i64,
    attempts: i64,
    changes: String,
    answer: Option<String>,
    error: Option<String>,
}

pub(crate) const BODYLESS: [deliveries::Column; 12] = [
    deliveries::Column::Id,
    deliveries::Column::Source,
    deliveries::Column::Key,
    deliveries::Column::BodyDigest,
    deliveries::Column::Event,
    deliveries::Column::Status,
    deliveries::Column::State,
    deliveries::Column::ReceivedAt,
    deliveries::Column::Attempts,
    deliveries::Column::Changes,
    deliveries::Column::Answer,
    deliveries::Column::Error,
];

async fn read(db: &impl sea_orm::ConnectionTrait, which: sea_orm::sea_query::Expr) -> Result<Vec<DeliveryRecord>, StoreError> {
    let find = deliveries::Entity::find().select_only().columns(BODYLESS).filter(which);
    find.into_model::<Bodyless>().all(db).await?.into_iter().map(record).collect()
}

pub(crate) fn record(row: Bodyless) -> Result<DeliveryRecord, StoreError> {
    let place = Place::new("delivery", row.id);
    Ok(DeliveryRecord {
        id: row.id,
        source: row.source,
        key: row.key,
        body_digest: Digest::new(row.body_digest),
        event: row.event,
        status: place.word(&row.status, DeliveryStatus::from_word(&row.status))?,
        state: place.word(&row.state, WorkState::from_word(&row.state))?,
        received_at: place.instant(row.received_at)?,
        attempts: place.count(row.attempts)?,
        changes: place.json(&row.changes)?,
        answer: row.answer,
        error: row.error,
    })
}
