//! Kill -9 over PostgreSQL.

use tests::postgres;
use tests::process::crash;
use tests::process::installation::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgres() {
    let database = postgres::empty_database();
    crash::survives(Database::At(database.url()), 20).await;
}
