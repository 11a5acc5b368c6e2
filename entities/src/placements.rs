//! Where the cards of a change stand and what they show, so that a later state finds them again.

use crate::convert::{Place, stored};
use crate::rows::placements;
use crate::{Store, StoreError};
use engine::Timestamp;
use engine::ids::ChangeId;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub change: ChangeId,
    pub platform: String,
    /// The channel as it is configured, or `dm:<account>`.
    pub surface: String,
    /// The channel's id as the platform answered it.
    pub channel: String,
    /// The message in it: Slack's `ts`.
    pub message: String,
    /// The last event that the card shows.
    pub shown_seq: u64,
    /// The last event that the thread below it tells.
    pub threaded_seq: u64,
    /// Whether the message is still there to be edited.
    pub live: bool,
}

impl Store {
    pub async fn placements(&self, change: ChangeId) -> Result<Vec<Placement>, StoreError> {
        let find = placements::Entity::find().filter(placements::Column::ChangeId.eq(change.0));
        let find = find.order_by_asc(placements::Column::Platform).order_by_asc(placements::Column::Surface);
        find.all(self.reader()).await?.into_iter().map(placement).collect()
    }

    /// The id of a channel as the platform answered it last, by how it is configured; `None` before its first card.
    pub async fn channel_of(&self, platform: &str, surface: &str) -> Result<Option<String>, StoreError> {
        use placements::Column;
        let find = placements::Entity::find().filter(Column::Platform.eq(platform)).filter(Column::Surface.eq(surface));
        let newest = find.order_by_desc(Column::UpdatedAt).one(self.reader()).await?;
        Ok(newest.map(|row| row.channel))
    }

    /// Writes a placement. `shown_seq` and `threaded_seq` never go down: a late worker does not undo a newer card.
    pub async fn save_placement(&self, placement: &Placement, now: Timestamp) -> Result<(), StoreError> {
        use placements::Column;
        let mut known = OnConflict::columns([Column::ChangeId, Column::Platform, Column::Surface]);
        known
            .update_columns([Column::Channel, Column::Message, Column::Live, Column::UpdatedAt])
            .value(Column::ShownSeq, later(Column::ShownSeq))
            .value(Column::ThreadedSeq, later(Column::ThreadedSeq));
        placements::Entity::insert(row(placement, now)).on_conflict(known).exec_without_returning(self.writer()).await?;
        Ok(())
    }
}

/// The greater of what is there and what comes.
fn later(column: placements::Column) -> CaseStatement {
    let there = || Expr::col((placements::Entity, column));
    let comes = || Expr::col(("excluded", column));
    CaseStatement::new().case(there().gt(comes()), there()).finally(comes())
}

fn row(new: &Placement, now: Timestamp) -> placements::ActiveModel {
    placements::ActiveModel {
        change_id: Set(new.change.0),
        platform: Set(new.platform.clone()),
        surface: Set(new.surface.clone()),
        channel: Set(new.channel.clone()),
        message: Set(new.message.clone()),
        shown_seq: Set(stored(new.shown_seq)),
        threaded_seq: Set(stored(new.threaded_seq)),
        live: Set(new.live),
        updated_at: Set(now.micros()),
    }
}

fn placement(row: placements::Model) -> Result<Placement, StoreError> {
    let place = Place::new("placement", format_args!("{}/{}/{}", row.change_id, row.platform, row.surface));
    Ok(Placement {
        change: ChangeId(row.change_id),
        shown_seq: place.count(row.shown_seq)?,
        threaded_seq: place.count(row.threaded_seq)?,
        platform: row.platform,
        surface: row.surface,
        channel: row.channel,
        message: row.message,
        live: row.live,
    })
}
