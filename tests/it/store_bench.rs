//! A store on each database, and the rows that its tests are about.

use engine::Timestamp;
use engine::event::{Actor, EVENT_VERSION, Event, What};
use engine::ids::{ChangeId, ChangeKey, ChangeNumber, Digest};
use engine::phase::State;
use entities::{DeliveryStatus, NewDelivery, Outgoing, Projection, Store, StoreOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use tests::postgres::{self, PostgresDatabase};
use tests::sqlite::{self, SqliteDatabase};
use uuid::Uuid;

/// Runs each of these tests on SQLite and on PostgreSQL, under a name of its own.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                super::$test(crate::store_bench::Bench::on_sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                super::$test(crate::store_bench::Bench::on_postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;

pub struct Bench {
    pub store: Store,
    database: Database,
}

enum Database {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
}

impl Bench {
    pub async fn on_sqlite() -> Self {
        Self::on(Database::Sqlite(sqlite::database())).await
    }

    pub async fn on_postgres() -> Self {
        Self::on(Database::Postgres(postgres::database())).await
    }

    async fn on(database: Database) -> Self {
        let store = Store::connect(&options(database.url())).await.unwrap();
        Self { store, database }
    }

    /// As somebody would who alters the database behind our back.
    pub async fn execute(&self, sql: &str) {
        execute(self.database.url(), sql).await;
    }
}

impl Bench {
    /// How the database would go about it if it had many rows.
    pub async fn plan(&self, select: &str) -> String {
        match &self.database {
            Database::Sqlite(database) => {
                let mut reader = SqliteConnection::connect(database.url()).await.unwrap();
                let steps: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {select}"))).fetch_all(&mut reader).await.unwrap();
                steps.into_iter().map(|(.., step)| step).collect()
            }
            Database::Postgres(database) => {
                let mut reader = PgConnection::connect(database.url()).await.unwrap();
                reader.execute("SET enable_seqscan = off").await.unwrap();
                let lines: Vec<(String,)> =
                    sqlx::query_as(AssertSqlSafe(format!("EXPLAIN {select}"))).fetch_all(&mut reader).await.unwrap();
                lines.into_iter().map(|(line,)| line + "\n").collect()
            }
        }
    }

    /// Another process that is writing into the SQLite file, until it is dropped.
    pub async fn hold_file(&self) -> SqliteConnection {
        let mut holder = SqliteConnection::connect(self.database.url()).await.unwrap();
        holder.execute("BEGIN IMMEDIATE").await.unwrap();
        holder
    }
}

impl Database {
    fn url(&self) -> &str {
        match self {
            Self::Sqlite(database) => database.url(),
            Self::Postgres(database) => database.url(),
        }
    }
}

pub fn options(url: &str) -> StoreOptions {
    StoreOptions { url: url.to_owned(), connections: 10 }
}

pub async fn execute(url: &str, sql: &str) {
    if url.starts_with("sqlite:") {
        SqliteConnection::connect(url).await.unwrap().execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    } else {
        PgConnection::connect(url).await.unwrap().execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    }
}

/// `seconds` after an instant that every test begins at, and some microseconds that have to survive.
pub fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_123_457).unwrap().plus_seconds(seconds)
}

pub fn change(n: u128) -> ChangeId {
    ChangeId(Uuid::from_u128(n))
}

pub fn digest(n: u8) -> Digest {
    engine::canonical::digest_of_bytes(&[n])
}

/// An event that any stream may hold.
pub fn event(seq: u64, why: &str) -> Event {
    Event { v: EVENT_VERSION, seq, at: at(seq), actor: Actor::System, what: What::Cancelled { why: why.to_owned() } }
}

pub fn projection(n: u64, key: &str, state: State) -> Projection {
    Projection {
        id: change(u128::from(n)),
        number: ChangeNumber(n),
        key: ChangeKey::new(key),
        lane: "lane".to_owned(),
        sequence: Some(17),
        service: "checkout-api".to_owned(),
        environment: "production".to_owned(),
        source_environment: "prod".to_owned(),
        state,
        title: "checkout-api 1.2.3 to prod".to_owned(),
        promoted: None,
        succeeded_at: None,
        out_until: None,
        subject_digest: digest(1),
        round: 1,
        wake_at: None,
        opened_at: at(0),
        updated_at: at(1),
        last_seq: 2,
    }
}

pub fn delivery(id: u128, key: &str, body: u8) -> NewDelivery {
    NewDelivery {
        id: Uuid::from_u128(id),
        source: "gitlab-main".to_owned(),
        key: key.to_owned(),
        body_digest: digest(body),
        event: "Deployment Hook/blocked".to_owned(),
        status: DeliveryStatus::Accepted,
        signals: Some("[]".to_owned()),
        body: vec![body, 0, 255],
        received_at: at(0),
        due_at: at(0),
    }
}

/// One that nothing follows from.
pub fn ignored(id: u128, key: &str) -> NewDelivery {
    NewDelivery { status: DeliveryStatus::Ignored, signals: None, ..delivery(id, key, 1) }
}

pub fn wish(key: &str, payload: &str) -> Outgoing {
    Outgoing { key: key.to_owned(), kind: "card".to_owned(), change: Some(change(1)), payload: payload.to_owned(), due_at: at(0) }
}

impl Bench {
    pub async fn append(&self, id: ChangeId, events: &[Event]) {
        let mut tx = self.store.begin().await.unwrap();
        tx.append(id, events).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn project(&self, projection: &Projection) {
        let mut tx = self.store.begin().await.unwrap();
        tx.project(projection).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn enqueue(&self, wishes: &[Outgoing]) {
        let mut tx = self.store.begin().await.unwrap();
        tx.enqueue(wishes, at(0)).await.unwrap();
        tx.commit().await.unwrap();
    }
}
