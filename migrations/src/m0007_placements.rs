//! Where a change's card stands: which message on which surface, and what it shows.

use crate::schema::{counter, key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, boolean, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let placements = Table::create()
            .table("placements")
            .col(uuid("change_id"))
            .col(text("platform"))
            .col(text("surface"))
            .col(text("channel"))
            .col(text("message"))
            .col(counter("shown_seq"))
            .col(counter("threaded_seq"))
            .col(boolean("live"))
            .col(big_integer("updated_at"))
            .primary_key(&mut key(&["change_id", "platform", "surface"]))
            .take();
        manager.create_table(placements).await
    }
}
