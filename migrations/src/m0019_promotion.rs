//! What a change brings from one environment to the next, and when that succeeded: changes after it look it up.

use crate::schema::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, "ALTER TABLE changes ADD COLUMN promoted text").await?;
        execute(manager, "ALTER TABLE changes ADD COLUMN succeeded_at bigint").await?;
        execute(manager, "CREATE INDEX changes_promoted ON changes (promoted, number) WHERE promoted IS NOT NULL").await
    }
}
