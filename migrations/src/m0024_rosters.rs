//! On-call rosters, each with the source of the directory that it came from, in the words of that source.

use crate::schema::key;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rosters = Table::create()
            .table("rosters")
            .col(text("source"))
            .col(text("name"))
            .col(text("roster"))
            .primary_key(&mut key(&["source", "name"]))
            .take();
        manager.create_table(rosters).await
    }
}
