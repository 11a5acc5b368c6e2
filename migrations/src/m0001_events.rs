//! The log: what happened, one stream for each change and for each part of the system.

use crate::schema::key;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The key keeps two deciders of one change apart.
        let events = Table::create()
            .table("events")
            .col(text("stream"))
            .col(big_integer("seq"))
            .col(big_integer("at"))
            .col(text("kind"))
            .col(text("body"))
            .primary_key(&mut key(&["stream", "seq"]))
            .take();
        manager.create_table(events).await
    }
}
