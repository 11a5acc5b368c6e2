//! Work that only one node may do at a time, by name.

use crate::schema::counter;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let leases = Table::create()
            .table("leases")
            .col(text("name").primary_key())
            .col(text("holder"))
            .col(counter("fence"))
            .col(big_integer("until"))
            .take();
        manager.create_table(leases).await
    }
}
