//! Pauses that people placed, as long as they are in force or were; and the version by which decisions see them.

use crate::schema::execute;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let holds = Table::create()
            .table("holds")
            .col(text("id").primary_key())
            .col(text("hold"))
            .col(big_integer("placed_at"))
            .col(big_integer_null("until"))
            .col(big_integer_null("lifted_at"))
            .take();
        manager.create_table(holds).await?;
        execute(manager, "CREATE INDEX holds_in_force ON holds (placed_at) WHERE lifted_at IS NULL").await?;
        execute(manager, "INSERT INTO versions (name, version) VALUES ('holds', 0)").await
    }
}
