//! One row for each thing that decisions read beside their own stream: readers share it, its writer holds it alone.

use crate::schema::{counter, execute};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::text;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let versions = Table::create().table("versions").col(text("name").primary_key()).col(counter("version")).take();
        manager.create_table(versions).await?;
        // Rows of lanes appear with their first change.
        execute(manager, "INSERT INTO versions (name, version) VALUES ('directory', 0), ('policy', 0)").await
    }
}
