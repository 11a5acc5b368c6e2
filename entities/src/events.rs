//! The streams of changes: appended to, read whole, never altered.

use crate::convert::{Place, ROWS_PER_INSERT, VALUES_PER_LIST, stored, stream};
use crate::rows::events;
use crate::{Store, StoreError, Tx};
use engine::ids::ChangeId;
use engine::{Event, canonical};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;

impl Store {
    /// The whole stream of a change, oldest first; empty if there is none. `Corrupt` for an event that can't be read.
    pub async fn events(&self, id: ChangeId) -> Result<Vec<Event>, StoreError> {
        read(self.reader(), id).await
    }

    /// The whole streams of these changes, oldest event first; a change without events is left out.
    pub async fn events_of(&self, ids: &[ChangeId]) -> Result<BTreeMap<ChangeId, Vec<Event>>, StoreError> {
        let streams: BTreeMap<String, ChangeId> = ids.iter().map(|id| (stream(*id), *id)).collect();
        let mut found: BTreeMap<ChangeId, Vec<Event>> = BTreeMap::new();
        for names in streams.keys().collect::<Vec<_>>().chunks(VALUES_PER_LIST) {
            let find = events::Entity::find().filter(events::Column::Stream.is_in(names.iter().map(|name| name.as_str())));
            let find = find.order_by_asc(events::Column::Stream).order_by_asc(events::Column::Seq);
            for row in find.all(self.reader()).await? {
                if let Some(id) = streams.get(&row.stream) {
                    found.entry(*id).or_default().push(event(&row)?);
                }
            }
        }
        Ok(found)
    }
}

impl Tx {
    /// As `Store::events`, as this transaction sees it.
    pub async fn events(&mut self, id: ChangeId) -> Result<Vec<Event>, StoreError> {
        read(self.db(), id).await
    }

    /// Appends to the stream of a change. `Conflict` if another writer has used one of these sequence numbers.
    pub async fn append(&mut self, id: ChangeId, events: &[Event]) -> Result<(), StoreError> {
        let stream = stream(id);
        let rows: Vec<_> = events.iter().map(|event| row(&stream, event)).collect::<Result<_, _>>()?;
        for rows in rows.chunks(ROWS_PER_INSERT) {
            events::Entity::insert_many(rows.to_vec()).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }
}

async fn read(db: &impl ConnectionTrait, id: ChangeId) -> Result<Vec<Event>, StoreError> {
    let rows = events::Entity::find().filter(events::Column::Stream.eq(stream(id))).order_by_asc(events::Column::Seq).all(db).await?;
    rows.iter().map(event).collect()
}

fn row(stream: &str, event: &Event) -> Result<events::ActiveModel, StoreError> {
    let unwritable = |error| StoreError::Database(Box::new(error));
    let value = serde_json::to_value(event).map_err(unwritable)?;
    let kind = value.get("type").and_then(|kind| kind.as_str()).unwrap_or_default();
    Ok(events::ActiveModel {
        stream: Set(stream.to_owned()),
        seq: Set(stored(event.seq)),
        at: Set(event.at.micros()),
        kind: Set(kind.to_owned()),
        body: Set(canonical::json(&value).map_err(unwritable)?),
    })
}

pub(crate) fn event(row: &events::Model) -> Result<Event, StoreError> {
    let place = Place::new("event", format_args!("{}/{}", row.stream, row.seq));
    let event: Event = place.json(&row.body)?;
    if stored(event.seq) != row.seq || event.at.micros() != row.at {
        return Err(place.corrupt("its columns and its body differ"));
    }
    Ok(event)
}
