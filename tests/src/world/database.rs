//! The database of one story, and what can happen to it.

use crate::postgres::{self, Cluster, PostgresDatabase};
use crate::sqlite::{self, SqliteDatabase};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
    /// On a server of its own, which can be stopped and has what it acknowledged when it starts again.
    OwnServer,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::OwnServer => "a PostgreSQL of its own",
        }
    }
}

pub enum Database {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
    /// The database goes before its server.
    OwnServer(PostgresDatabase, Cluster),
}

impl Database {
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::Sqlite(sqlite::database()),
            Kind::Postgres => Self::Postgres(postgres::database()),
            Kind::OwnServer => {
                let cluster = Cluster::durable();
                Self::OwnServer(cluster.database(), cluster)
            }
        }
    }

    pub fn url(&self) -> &str {
        match self {
            Self::Sqlite(database) => database.url(),
            Self::Postgres(database) | Self::OwnServer(database, _) => database.url(),
        }
    }

    /// The server that a story may stop.
    pub fn server(&mut self) -> &mut Cluster {
        match self {
            Self::OwnServer(_, cluster) => cluster,
            Self::Sqlite(_) | Self::Postgres(_) => panic!("this database is no server of the story"),
        }
    }
}
