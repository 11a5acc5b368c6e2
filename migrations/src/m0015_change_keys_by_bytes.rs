//! Keys are compared byte by byte, so that an index finds all that begin alike, whatever language the database sorts in.

use crate::schema::execute;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// SQLite compares text so by itself.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Postgres {
            return Ok(());
        }
        execute(manager, "ALTER TABLE changes ALTER COLUMN key TYPE text COLLATE \"C\"").await
    }
}
