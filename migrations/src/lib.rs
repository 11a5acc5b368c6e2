//! The schema, one change a file, the same for SQLite and PostgreSQL. A released migration is never edited.
//!
//! Conventions: instants are `bigint` microseconds since 1970 in UTC, because both databases keep them exactly and
//! compare them alike; JSON is `text`, because its canonical spelling matters; counters start at 0. Indexes that
//! only some rows need are partial. `samples/<name>.sql` holds rows as they were when the migration was written.

mod connect;
mod error;
mod m0001_events;
mod m0002_changes;
mod m0003_versions;
mod m0004_deliveries;
mod m0005_internal_inputs;
mod m0006_outbox;
mod m0007_placements;
mod m0008_directory;
mod m0009_policies;
mod m0010_tokens;
mod m0011_leases;
mod m0012_holds;
mod m0013_sessions;
mod m0014_placements_by_message;
mod m0015_change_keys_by_bytes;
mod m0016_earlier_attempts;
mod m0019_promotion;
mod m0024_rosters;
mod m0027_incidents;
mod schema;

pub use error::MigrateError;

use connect::Session;
use sea_orm_migration::{MigrationStatus, MigrationTrait, MigratorTrait};

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_events::Migration),
            Box::new(m0002_changes::Migration),
            Box::new(m0003_versions::Migration),
            Box::new(m0004_deliveries::Migration),
            Box::new(m0005_internal_inputs::Migration),
            Box::new(m0006_outbox::Migration),
            Box::new(m0007_placements::Migration),
            Box::new(m0008_directory::Migration),
            Box::new(m0009_policies::Migration),
            Box::new(m0010_tokens::Migration),
            Box::new(m0011_leases::Migration),
            Box::new(m0012_holds::Migration),
            Box::new(m0013_sessions::Migration),
            Box::new(m0014_placements_by_message::Migration),
            Box::new(m0015_change_keys_by_bytes::Migration),
            Box::new(m0016_earlier_attempts::Migration),
            Box::new(m0019_promotion::Migration),
            Box::new(m0024_rosters::Migration),
            Box::new(m0027_incidents::Migration),
        ]
    }
}

/// Applies what is pending, all of it or nothing, and answers the names of what was applied, oldest first.
///
/// Creates the SQLite file if it is missing. Nodes that start together wait for one another.
pub async fn up(url: &str) -> Result<Vec<String>, MigrateError> {
    advance(url, None).await
}

/// Applies the oldest pending migration alone; `None` when there is none. For tests of single migrations.
pub async fn up_one(url: &str) -> Result<Option<String>, MigrateError> {
    Ok(advance(url, Some(1)).await?.pop())
}

/// Every migration of this build, oldest first, with whether the database has it. Writes nothing.
///
/// A missing SQLite file has none of them.
pub async fn status(url: &str) -> Result<Vec<(String, bool)>, MigrateError> {
    let Some(db) = connect::existing(url).await? else {
        return Ok(Migrator::migrations().iter().map(|migration| (migration.name().to_owned(), false)).collect());
    };
    let found = Migrator::get_migration_with_status_read_only(&db).await;
    db.close().await?;
    Ok(found?.iter().map(|migration| (migration.name().to_owned(), migration.status() == MigrationStatus::Applied)).collect())
}

async fn advance(url: &str, steps: Option<u32>) -> Result<Vec<String>, MigrateError> {
    let session = Session::open(url).await?;
    let result = apply(&session, steps).await;
    session.close(result).await
}

async fn apply(session: &Session, steps: Option<u32>) -> Result<Vec<String>, MigrateError> {
    let tx = session.transaction();
    let limit = steps.and_then(|steps| usize::try_from(steps).ok()).unwrap_or(usize::MAX);
    let pending = Migrator::get_pending_migrations(tx).await?;
    let names = pending.iter().take(limit).map(|migration| migration.name().to_owned()).collect();
    Migrator::up(tx, steps).await?;
    Ok(names)
}
