//! Every migration runs on both databases, over the rows of those before it.

use crate::store_bench::{execute, options};
use entities::Store;
use tests::sqlite;

/// Rows as each migration's time knew them, by the migration's name.
fn sample(name: &str) -> String {
    let path = format!("{}/../migrations/samples/{name}.sql", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("migration {name} has no sample data at {path}"))
}

async fn step_by_step(url: &str) {
    let all = migrations::status(url).await.unwrap();
    assert!(all.iter().all(|(_, applied)| !applied));
    for (name, _) in &all {
        assert_eq!(migrations::up_one(url).await.unwrap().as_ref(), Some(name));
        execute(url, &sample(name)).await;
    }
    assert_eq!(migrations::up_one(url).await.unwrap(), None);
    assert_eq!(migrations::up(url).await.unwrap(), Vec::<String>::new());
    assert!(migrations::status(url).await.unwrap().iter().all(|(_, applied)| *applied));
    for (name, _) in &all {
        // Unique keys hold: the same rows don't fit twice.
        let twice = sample(name);
        let url = url.to_owned();
        assert!(tokio::spawn(async move { execute(&url, &twice).await }).await.is_err(), "{name} takes the same rows twice");
    }
    Store::connect(&options(url)).await.unwrap().next_due().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn step_by_step_on_sqlite() {
    let file = sqlite::nothing_yet();
    step_by_step(file.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn step_by_step_on_postgres() {
    step_by_step(tests::postgres::empty_database().url()).await;
}

async fn together(url: &str) {
    let nodes = (0..4).map(|_| {
        let url = url.to_owned();
        tokio::spawn(async move { migrations::up(&url).await.unwrap().len() })
    });
    let mut applied = 0;
    for node in nodes.collect::<Vec<_>>() {
        applied += node.await.unwrap();
    }
    assert_eq!(applied, migrations::status(url).await.unwrap().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_migrate_once_on_sqlite() {
    together(sqlite::nothing_yet().url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_migrate_once_on_postgres() {
    together(tests::postgres::empty_database().url()).await;
}
