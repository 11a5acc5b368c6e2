//! People, their accounts, groups and memberships, each with the source that it came from.

use crate::schema::{execute, key};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{text, text_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(people()).await?;
        manager.create_table(accounts()).await?;
        execute(manager, "CREATE INDEX accounts_by_person ON accounts (person)").await?;
        manager.create_table(groups()).await?;
        manager.create_table(memberships()).await
    }
}

fn people() -> TableCreateStatement {
    Table::create().table("people").col(text("id").primary_key()).col(text("name")).col(text_null("email")).col(text("source")).take()
}

/// An account belongs to at most one person: a vote could not be attributed otherwise.
fn accounts() -> TableCreateStatement {
    Table::create()
        .table("accounts")
        .col(text("kind"))
        .col(text("account"))
        .col(text("person"))
        .col(text("source"))
        .primary_key(&mut key(&["kind", "account"]))
        .take()
}

fn groups() -> TableCreateStatement {
    Table::create().table("directory_groups").col(text("source")).col(text("name")).primary_key(&mut key(&["source", "name"])).take()
}

fn memberships() -> TableCreateStatement {
    Table::create()
        .table("memberships")
        .col(text("source"))
        .col(text("group_name"))
        .col(text("person"))
        .primary_key(&mut key(&["source", "group_name", "person"]))
        .take()
}
