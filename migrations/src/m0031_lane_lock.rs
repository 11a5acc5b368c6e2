//! Until when a change that is out is waited for: the others of its lane look it up.

use crate::schema::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, "ALTER TABLE changes ADD COLUMN out_until bigint").await?;
        execute(manager, "CREATE INDEX changes_out ON changes (lane, out_until) WHERE out_until IS NOT NULL").await
    }
}
