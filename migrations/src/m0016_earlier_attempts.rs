//! What is known of earlier attempts to send a row of the outbox; a newer wish with the same key leaves it as it is.

use crate::schema::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, "ALTER TABLE outbox ADD COLUMN note text").await?;
        execute(manager, "ALTER TABLE outbox ADD COLUMN unanswered boolean NOT NULL DEFAULT FALSE").await
    }
}
