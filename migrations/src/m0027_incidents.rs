//! Incidents, as they were reported last. They belong to the version of the holds: what stops releases is read together.

use crate::schema::execute;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let incidents = Table::create()
            .table("incidents")
            .col(text("id").primary_key())
            .col(text("incident"))
            .col(big_integer("opened_at"))
            .col(big_integer_null("resolved_at"))
            .take();
        manager.create_table(incidents).await?;
        execute(manager, "CREATE INDEX incidents_resolved ON incidents (resolved_at)").await
    }
}
