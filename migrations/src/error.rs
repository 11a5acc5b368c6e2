//! Why the schema could not be brought up to date.

use sea_orm_migration::DbErr;

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("the database address must begin with sqlite: or postgres:")]
    UnknownDatabase,
    /// A connection or a statement failed; the schema is as it was before.
    #[error("the schema could not be brought up to date: {0}")]
    Failed(String),
}

impl From<DbErr> for MigrateError {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.to_string())
    }
}
