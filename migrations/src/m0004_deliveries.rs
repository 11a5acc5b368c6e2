//! The inbox: each webhook and each request that opens something, once, before anything follows from it.

use crate::schema::{execute, queue_columns, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, blob, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut deliveries = Table::create();
        deliveries
            .table("deliveries")
            .col(uuid("id").primary_key())
            .col(text("source"))
            .col(text("key"))
            .col(text("body_digest"))
            .col(text("event"))
            .col(text("status"))
            .col(text_null("signals"))
            .col(blob("body"))
            .col(big_integer("received_at"))
            .col(text("changes").default("[]"))
            .col(text_null("answer"))
            .index(&mut unique("deliveries_key", &["source", "key"]));
        for column in queue_columns() {
            deliveries.col(column);
        }
        manager.create_table(deliveries).await?;
        execute(manager, "CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting'").await?;
        // Old ones are removed.
        execute(manager, "CREATE INDEX deliveries_by_receipt ON deliveries (received_at)").await
    }
}
