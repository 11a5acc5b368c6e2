//! The newest state of each change, for lists and due times, and the numbers that people see.

use crate::schema::execute;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, big_integer_uniq, boolean, text, uuid};
use sea_orm_migration::sea_orm::DbBackend;

/// The last number before the first one.
const NUMBERS_AFTER: i64 = 1000;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(changes()).await?;
        for index in INDEXES {
            execute(manager, index).await?;
        }
        create_numbers(manager).await
    }
}

fn changes() -> TableCreateStatement {
    Table::create()
        .table("changes")
        .col(uuid("id").primary_key())
        .col(big_integer_uniq("number"))
        .col(text("key"))
        .col(boolean("is_open"))
        .col(text("lane"))
        .col(big_integer_null("sequence"))
        .col(text("service"))
        .col(text("environment"))
        .col(text("source_environment"))
        .col(text("state"))
        .col(text("title"))
        .col(text("subject_digest"))
        .col(big_integer("round"))
        .col(big_integer_null("wake_at"))
        .col(big_integer("opened_at"))
        .col(big_integer("updated_at"))
        .col(big_integer("last_seq"))
        .take()
}

const INDEXES: [&str; 7] = [
    // One open change for each key, whoever asks and how often.
    "CREATE UNIQUE INDEX changes_open_key ON changes (key) WHERE is_open",
    "CREATE INDEX changes_by_key ON changes (key, number)",
    "CREATE INDEX changes_due ON changes (wake_at) WHERE wake_at IS NOT NULL",
    "CREATE INDEX changes_open_lane ON changes (lane, number) WHERE is_open",
    "CREATE INDEX changes_by_state ON changes (state, number)",
    "CREATE INDEX changes_by_environment ON changes (environment, number)",
    "CREATE INDEX changes_by_service ON changes (service, number)",
];

/// A sequence where many nodes draw at once; a row where all writers wait for one another anyway.
async fn create_numbers(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        return execute(manager, &format!("CREATE SEQUENCE change_numbers START {}", NUMBERS_AFTER + 1)).await;
    }
    execute(manager, "CREATE TABLE change_numbers (last bigint NOT NULL)").await?;
    execute(manager, &format!("INSERT INTO change_numbers (last) VALUES ({NUMBERS_AFTER})")).await
}
