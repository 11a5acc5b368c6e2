//! Who has signed in at the console: only a hash of each session's id is kept.

use crate::schema::execute;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, text, text_null, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = Table::create()
            .table("sessions")
            .col(text("hash").primary_key())
            .col(uuid_null("token"))
            .col(text_null("person"))
            .col(big_integer("created_at"))
            .col(big_integer("expires_at"))
            .take();
        manager.create_table(sessions).await?;
        execute(manager, "CREATE INDEX sessions_of_token ON sessions (token) WHERE token IS NOT NULL").await?;
        execute(manager, "CREATE INDEX sessions_by_end ON sessions (expires_at)").await
    }
}
