//! The outbox: what must become true outside, one row for each wish; a newer wish with the same key replaces the older.

use crate::schema::{counter, execute, queue_columns};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_pk_auto, text, text_uniq, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outbox = Table::create();
        outbox
            .table("outbox")
            .col(big_pk_auto("id"))
            .col(text_uniq("key"))
            .col(text("kind"))
            .col(uuid_null("change_id"))
            .col(text("payload"))
            .col(counter("version"))
            .col(big_integer("created_at"))
            .col(big_integer("updated_at"));
        for column in queue_columns() {
            outbox.col(column);
        }
        manager.create_table(outbox).await?;
        execute(manager, "CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting'").await?;
        execute(manager, "CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead'").await?;
        execute(manager, "CREATE INDEX outbox_by_change ON outbox (change_id) WHERE change_id IS NOT NULL").await
    }
}
