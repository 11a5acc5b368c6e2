//! Kill -9 over a SQLite file.

use tests::process::crash;
use tests::sqlite;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    let database = sqlite::nothing_yet();
    crash::survives(database.url(), 100).await;
}
