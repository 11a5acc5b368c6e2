//! What a decision reads beside its own stream, as numbers that change whenever it does.
//!
//! A decision shares them until its commit; a writer holds one alone. So a removed role can't slip past a vote that
//! is being committed. On SQLite one writer at a time gives the same.

use crate::convert::{Place, stored};
use crate::rows::versions;
use crate::{Store, StoreError, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    pub directory: u64,
    pub holds: u64,
    pub policy: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionName {
    Directory,
    Holds,
    Policy,
}

impl VersionName {
    const ALL: [Self; 3] = [Self::Directory, Self::Holds, Self::Policy];

    fn word(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Holds => "holds",
            Self::Policy => "policy",
        }
    }
}

impl Store {
    /// The versions now, without holding them.
    pub async fn versions(&self) -> Result<Versions, StoreError> {
        read(self.reader(), None).await
    }
}

impl Tx {
    /// The versions, which stay as they are until this transaction ends.
    pub async fn read_versions(&mut self) -> Result<Versions, StoreError> {
        let lock = (self.db().get_database_backend() == DbBackend::Postgres).then_some(LockType::Share);
        read(self.db(), lock).await
    }

    /// The next version; from here on no decision is made on the old one.
    ///
    /// Call it before what it stands for is read or written. `Conflict` if two transactions wait for each other.
    pub async fn bump_version(&mut self, name: VersionName) -> Result<u64, StoreError> {
        let bump = Query::update()
            .table(versions::Entity)
            .value(versions::Column::Version, Expr::col(versions::Column::Version).add(1))
            .and_where(versions::Column::Name.eq(name.word()))
            .returning_col(versions::Column::Version)
            .take();
        let place = Place::new("versions", name.word());
        let row = self.db().query_one(&bump).await?.ok_or_else(|| place.corrupt("the row is missing"))?;
        place.count(row.try_get_by_index(0)?)
    }

    /// The version now; held alone until this transaction ends.
    pub(crate) async fn hold_version(&mut self, name: VersionName) -> Result<u64, StoreError> {
        let mut found = versions::Entity::find_by_id(name.word());
        if self.db().get_database_backend() == DbBackend::Postgres {
            found = found.lock_exclusive();
        }
        let place = Place::new("versions", name.word());
        let row = found.one(self.db()).await?.ok_or_else(|| place.corrupt("the row is missing"))?;
        place.count(row.version)
    }

    /// Holds a lane alone until this transaction ends, so that its open changes are the ones that were read.
    pub async fn lock_lane(&mut self, lane: &str) -> Result<(), StoreError> {
        // There a transaction that may write is alone already.
        if self.db().get_database_backend() == DbBackend::Sqlite {
            return Ok(());
        }
        let mut taken = OnConflict::column(versions::Column::Name);
        taken.value(versions::Column::Version, Expr::col((versions::Entity, versions::Column::Version)).add(1));
        let lock = Query::insert()
            .into_table(versions::Entity)
            .columns([versions::Column::Name, versions::Column::Version])
            .values_panic([format!("lane:{lane}").into(), stored(1).into()])
            .on_conflict(taken)
            .take();
        self.db().execute(&lock).await?;
        Ok(())
    }
}

/// In the order of their names, which is the order in which everybody locks them.
pub(crate) async fn read(db: &impl ConnectionTrait, lock: Option<LockType>) -> Result<Versions, StoreError> {
    let names = VersionName::ALL.map(VersionName::word);
    let mut find = versions::Entity::find().filter(versions::Column::Name.is_in(names)).order_by_asc(versions::Column::Name);
    if let Some(lock) = lock {
        find = find.lock(lock);
    }
    let mut found = Versions::default();
    for row in find.all(db).await? {
        let version = Place::new("versions", &row.name).count(row.version)?;
        match VersionName::ALL.into_iter().find(|name| name.word() == row.name) {
            Some(VersionName::Directory) => found.directory = version,
            Some(VersionName::Holds) => found.holds = version,
            Some(VersionName::Policy) => found.policy = version,
            None => {}
        }
    }
    Ok(found)
}
