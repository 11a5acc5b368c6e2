//! Every policy that was ever in force, by the digest of its text, and which of them is now.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let policies = Table::create()
            .table("policies")
            .col(text("digest").primary_key())
            .col(text("name"))
            .col(big_integer("version"))
            .col(text("text"))
            .col(big_integer("loaded_at"))
            .take();
        manager.create_table(policies).await?;
        // One row, or none before the first policy.
        let in_force = Table::create().table("policy_in_force").col(text("name").primary_key()).col(text("digest")).take();
        manager.create_table(in_force).await
    }
}
