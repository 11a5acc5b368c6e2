//! The database of one story, and what can happen to it.

use crate::postgres::{self, PostgresDatabase, blocking};
use crate::sqlite::{self, SqliteDatabase};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

pub enum Database {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
}

impl Database {
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::Sqlite(sqlite::database()),
            Kind::Postgres => Self::Postgres(postgres::database()),
        }
    }

    pub fn url(&self) -> &str {
        match self {
            Self::Sqlite(database) => database.url(),
            Self::Postgres(database) => database.url(),
        }
    }

    /// Every connection breaks and no new one is let in, as while a server is down. Only PostgreSQL is a server.
    pub fn goes_away(&self) {
        let name = self.name();
        self.administer(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        self.administer(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    }

    pub fn comes_back(&self) {
        self.administer(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.name()));
    }

    fn name(&self) -> String {
        Url::parse(self.url()).expect("a database's address").path().trim_matches('/').to_owned()
    }

    fn administer(&self, sql: &str) {
        let Self::Postgres(database) = self else { panic!("SQLite is no server that could go away") };
        let mut url = Url::parse(database.url()).expect("a database's address");
        url.set_path("postgres");
        let (url, sql) = (url.to_string(), sql.to_owned());
        blocking(async move {
            let mut admin = PgConnection::connect(&url).await.expect("the maintenance database");
            admin.execute(AssertSqlSafe(sql)).await.expect("PostgreSQL to do as an administrator says");
        });
    }
}
