//! API tokens: only a hash of each is kept.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text, text_null, text_uniq, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tokens = Table::create()
            .table("tokens")
            .col(uuid("id").primary_key())
            .col(text("name"))
            .col(text_uniq("hash"))
            .col(text("scopes"))
            .col(text_null("person"))
            .col(text("owner"))
            .col(big_integer("created_at"))
            .col(big_integer_null("revoked_at"))
            .take();
        manager.create_table(tokens).await
    }
}
