//! Replacing the rosters that one source of the directory has. They belong to the directory's version.

use crate::convert::{ROWS_PER_INSERT, json_text};
use crate::rows::rosters::{ActiveModel, Column, Entity};
use crate::{StoreError, Tx, VersionName};
use engine::roster::Roster;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

impl Tx {
    /// Makes the directory have of `source` exactly these rosters; whether it had others.
    ///
    /// Holds the directory's version, so no decision is made on the old ones meanwhile.
    pub async fn replace_rosters(&mut self, source: &str, rosters: &BTreeMap<String, Roster>) -> Result<bool, StoreError> {
        self.hold_version(VersionName::Directory).await?;
        let of_source = Column::Source.eq(source);
        let before = Entity::find().filter(of_source.clone()).all(self.db()).await?;
        let before: BTreeMap<String, String> = before.into_iter().map(|row| (row.name, row.roster)).collect();
        let after: Result<BTreeMap<String, String>, StoreError> =
            rosters.iter().map(|(name, roster)| Ok((name.clone(), json_text(roster)?))).collect();
        let after = after?;
        if before == after {
            return Ok(false);
        }
        Entity::delete_many().filter(of_source).exec(self.db()).await?;
        let rows: Vec<ActiveModel> = after
            .into_iter()
            .map(|(name, roster)| ActiveModel { source: Set(source.to_owned()), name: Set(name), roster: Set(roster) })
            .collect();
        for rows in rows.chunks(ROWS_PER_INSERT) {
            Entity::insert_many(rows.to_vec()).exec_without_returning(self.db()).await?;
        }
        self.bump_version(VersionName::Directory).await?;
        Ok(true)
    }
}
