//! Whoever pastes the link of a card means its change: the message is looked up, among all cards that ever were.

use crate::schema::execute;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, "CREATE INDEX placements_by_message ON placements (message, channel, platform)").await
    }
}
