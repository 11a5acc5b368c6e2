//! What one change has to hear because of another: written with its cause, applied later through the same door.

use crate::schema::{execute, queue_columns, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_pk_auto, text, uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut inputs = Table::create();
        inputs
            .table("internal_inputs")
            .col(big_pk_auto("id"))
            .col(uuid("target"))
            .col(text("cause"))
            .col(text("kind"))
            .col(text("input"))
            .index(&mut unique("internal_inputs_cause", &["target", "cause", "kind"]));
        for column in queue_columns() {
            inputs.col(column);
        }
        manager.create_table(inputs).await?;
        execute(manager, "CREATE INDEX internal_inputs_due ON internal_inputs (due_at) WHERE state = 'waiting'").await
    }
}
