//! The incidents that conditions may ask about. They belong to the version of the holds: bump it before one is written, so
//! that no decision is made beside it.

use crate::convert::{Place, json_text};
use crate::rows::incidents::{ActiveModel, Column, Entity, Model};
use crate::{Store, StoreError, Tx};
use engine::Timestamp;
use engine::ids::IncidentId;
use engine::incident::Incident;
use sea_orm::sea_query::{ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

impl Store {
    /// Those that are open, and those that were resolved after `since`; oldest first.
    pub async fn incidents_known(&self, since: Timestamp) -> Result<Vec<Incident>, StoreError> {
        known(self.reader(), since).await
    }
}

impl Tx {
    /// As [`Store::incidents_known`], as this transaction sees them.
    pub async fn incidents_known(&mut self, since: Timestamp) -> Result<Vec<Incident>, StoreError> {
        known(self.db(), since).await
    }

    /// One that was reported, however long ago.
    pub async fn incident(&mut self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        Entity::find_by_id(id.as_str()).one(self.db()).await?.map(|row| incident(&row)).transpose()
    }

    /// As it is from now on.
    pub async fn put_incident(&mut self, incident: &Incident) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(incident.id.to_string()),
            incident: Set(json_text(incident)?),
            opened_at: Set(incident.opened_at.micros()),
            resolved_at: Set(incident.resolved_at.map(Timestamp::micros)),
        };
        let mut again = OnConflict::column(Column::Id);
        again.update_columns([Column::Incident, Column::OpenedAt, Column::ResolvedAt]);
        Entity::insert(row).on_conflict(again).exec_without_returning(self.db()).await?;
        Ok(())
    }
}

async fn known(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<Incident>, StoreError> {
    let lately = Column::ResolvedAt.is_null().or(Column::ResolvedAt.gt(since.micros()));
    let rows = Entity::find().filter(lately).order_by_asc(Column::OpenedAt).order_by_asc(Column::Id).all(db).await?;
    rows.iter().map(incident).collect()
}

fn incident(row: &Model) -> Result<Incident, StoreError> {
    Place::new("incident", &row.id).json(&row.incident)
}
