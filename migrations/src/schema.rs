//! The few shapes that the migrations share.

use sea_orm_migration::prelude::{DbErr, SchemaManager};
use sea_orm_migration::schema::{big_integer, big_integer_null, text, text_null};
use sea_orm_migration::sea_orm::ConnectionTrait;
use sea_orm_migration::sea_orm::sea_query::{ColumnDef, Index, IndexCreateStatement};

/// A counter that begins at 0.
pub(crate) fn counter(name: &'static str) -> ColumnDef {
    big_integer(name).default(0).take()
}

/// A primary key of these columns.
pub(crate) fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index.primary().take()
}

/// A unique key of these columns.
pub(crate) fn unique(name: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    for column in columns {
        index.col(*column);
    }
    index.name(name).unique().take()
}

/// What every queue has: its state, when a worker may take the row, and who holds it.
///
/// `fence` grows with each lease, so that a worker whose lease ran out can't write any more.
pub(crate) fn queue_columns() -> [ColumnDef; 6] {
    [text("state"), big_integer("due_at"), counter("attempts"), counter("fence"), big_integer_null("lease_until"), text_null("error")]
}

/// Both databases know partial indexes in the same words; sea-query does not.
pub(crate) async fn execute(manager: &SchemaManager<'_>, statement: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(statement).await.map(drop)
}
