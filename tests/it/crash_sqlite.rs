//! Kill -9 over a SQLite file.

use tests::process::crash;
use tests::process::installation::Database;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    crash::survives(Database::File, 100).await;
}
