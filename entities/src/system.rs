//! Streams that belong to no change: policy, directory, tokens, deployments of an integration.

use crate::convert::{Place, stored};
use crate::rows::events;
use crate::{Store, StoreError, Tx};
use engine::event::{Actor, EVENT_VERSION};
use engine::{Timestamp, canonical};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One entry of such a stream. `seq` counts from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemRecord {
    pub seq: u64,
    pub at: Timestamp,
    pub actor: Actor,
    /// What happened, in the past tense: `policy_loaded`.
    pub kind: String,
    pub body: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    pub at: Timestamp,
    pub actor: Actor,
    pub kind: String,
    pub body: Value,
}

/// As it lies in the log, in the shape of an engine event.
#[derive(Serialize, Deserialize)]
struct Entry {
    v: u8,
    seq: u64,
    at: Timestamp,
    actor: Actor,
    #[serde(rename = "type")]
    kind: String,
    data: Value,
}

impl Store {
    /// The whole stream, oldest first; empty if there is none.
    pub async fn system_records(&self, stream: &str) -> Result<Vec<SystemRecord>, StoreError> {
        let find = events::Entity::find().filter(events::Column::Stream.eq(stream)).order_by_asc(events::Column::Seq);
        find.all(self.reader()).await?.iter().map(system_record).collect()
    }
}

impl Tx {
    /// Appends to a stream (`policy`, `directory`, `tokens`, `deployments:<integration>`) and answers its sequence
    /// number. `Conflict` if another writer was faster.
    pub async fn record(&mut self, stream: &str, new: &NewRecord) -> Result<u64, StoreError> {
        let seq = self.last_seq(stream).await? + 1;
        let NewRecord { at, actor, kind, body } = new.clone();
        let entry = Entry { v: EVENT_VERSION, seq, at, actor, kind: kind.clone(), data: body };
        let body = canonical::json(&entry).map_err(|error| StoreError::Database(Box::new(error)))?;
        let row = events::ActiveModel {
            stream: Set(stream.to_owned()),
            seq: Set(stored(seq)),
            at: Set(at.micros()),
            kind: Set(kind),
            body: Set(body),
        };
        events::Entity::insert(row).exec_without_returning(self.db()).await?;
        Ok(seq)
    }

    /// The entries of a stream since then, oldest first.
    pub async fn records_since(&mut self, stream: &str, since: Timestamp) -> Result<Vec<SystemRecord>, StoreError> {
        let find = events::Entity::find().filter(events::Column::Stream.eq(stream)).filter(events::Column::At.gte(since.micros()));
        find.order_by_asc(events::Column::Seq).all(self.db()).await?.iter().map(system_record).collect()
    }

    async fn last_seq(&mut self, stream: &str) -> Result<u64, StoreError> {
        let find = events::Entity::find().select_only().column(events::Column::Seq).filter(events::Column::Stream.eq(stream));
        let last: Option<i64> = find.order_by_desc(events::Column::Seq).limit(1).into_tuple().one(self.db()).await?;
        last.map_or(Ok(0), |seq| Place::new("event", stream).count(seq))
    }
}

fn system_record(row: &events::Model) -> Result<SystemRecord, StoreError> {
    let place = Place::new("event", format_args!("{}/{}", row.stream, row.seq));
    let entry: Entry = place.json(&row.body)?;
    if stored(entry.seq) != row.seq || entry.at.micros() != row.at {
        return Err(place.corrupt("its columns and its body differ"));
    }
    Ok(SystemRecord { seq: entry.seq, at: entry.at, actor: entry.actor, kind: entry.kind, body: entry.data })
}
