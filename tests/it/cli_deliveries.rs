//! `deliveries`: what came in is found, shown without its secrets, and worked on again; on both databases.

use serde_json::Value;
use std::time::Duration;
use tests::postgres;
use tests::process::binary::{Ran, run};
use tests::process::forge::Forge;
use tests::process::installation::{Database, HOOK_SECRET, Installation, PEOPLE, Plan};
use tests::process::patience::seen;
use tests::process::reader::Reader;
use tests::process::service::{Service, client};

const PATIENCE: Duration = Duration::from_secs(20);

fn deliveries(installation: &Installation, arguments: &[&str]) -> Ran {
    run(installation.folder(), &[&["deliveries"], arguments].concat())
}

fn listed(installation: &Installation, arguments: &[&str]) -> Vec<Value> {
    let ran = deliveries(installation, &[&["list", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    said["deliveries"].as_array().unwrap().clone()
}

async fn are_looked_after(database: Database<'_>) {
    let forge = Forge::start().await;
    let installation = Installation::new(&Plan { database, gitlab_api: Some(&forge.api), slack_api: None, people: PEOPLE });
    let _service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let project = forge.project("payments/checkout-api", &["production"]);
    forge.deployment_waits(project, "production", "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3");
    forge.deliver(&installation).await;
    let worked =
        async || listed(&installation, &["--state", "done"]).into_iter().find(|row| row["changes"] == serde_json::json!(["CHG-1001"]));
    let row = seen("the delivery that opened a change", PATIENCE, worked).await;
    assert_eq!((&row["integration"], &row["status"], &row["error"]), (&"gitlab-main".into(), &"accepted".into(), &Value::Null), "{row}");
    let id = row["id"].as_str().unwrap();
    is_listed_and_shown(&installation, id);
    is_worked_on_again(&installation, id).await;
    assert_eq!(reader.changes(None).await.len(), 1, "what it did already is not done twice");
    an_ignored_one_stays(&installation).await;
}

fn is_listed_and_shown(installation: &Installation, id: &str) {
    let list = deliveries(installation, &["list"]).out;
    assert!(list.contains(id) && list.contains("gitlab-main") && list.contains("CHG-1001"), "{list}");
    assert!(list.lines().all(|line| line.chars().count() <= 80), "{list}");
    assert!(listed(installation, &["--integration", "another"]).is_empty());
    assert_eq!(deliveries(installation, &["list", "--state", "failed"]).out, "nothing came in, or nothing of this kind\n");
    let shown = deliveries(installation, &["show", id, "--format", "json"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["body"]["object_kind"], "deployment", "{shown}");
    assert!(!shown.to_string().contains(HOOK_SECRET));
    assert!(deliveries(installation, &["show", id]).out.contains("\"object_kind\": \"deployment\""));
}

async fn is_worked_on_again(installation: &Installation, id: &str) {
    let ran = deliveries(installation, &["replay", id]);
    assert_eq!((ran.code, ran.out), (Some(0), format!("{id} will be worked on again\n")), "{}", ran.err);
    let done = async || listed(installation, &["--state", "done"]).into_iter().find(|row| row["id"] == id);
    let again = seen("the delivery, done once more", PATIENCE, done).await;
    assert_eq!((&again["changes"], &again["attempts"]), (&serde_json::json!(["CHG-1001"]), &1.into()), "{again}");
}

/// A hook of a kind that is not handled.
async fn an_ignored_one_stays(installation: &Installation) {
    let hook = client().post(installation.hooks_url()).header("X-Gitlab-Token", HOOK_SECRET).header("X-Gitlab-Event", "Wiki Page Hook");
    let answer = hook.header("X-Gitlab-Event-UUID", "e-1").body(r#"{"object_kind":"wiki_page","token":"hunter2"}"#).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let id = answer.json::<Value>().await.unwrap()["delivery"].as_str().unwrap().to_owned();
    let refused = deliveries(installation, &["replay", &id]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("nothing follows from"), "{}", refused.err);
    let shown = deliveries(installation, &["show", &id]).out;
    assert!(shown.contains("ignored") && shown.contains("[stripped]") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_are_looked_after_on_sqlite() {
    are_looked_after(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deliveries_are_looked_after_on_postgres() {
    let database = postgres::empty_database();
    are_looked_after(Database::At(database.url())).await;
}

#[tokio::test]
async fn wrong_use_says_how() {
    let installation = Installation::plain(Database::File);
    Service::ready(&installation).await.terminate().await;
    let wrong = deliveries(&installation, &["list", "--state", "dead"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("“dead” is no state") && wrong.err.contains("failed"), "{}", wrong.err);
    for command in ["show", "replay"] {
        let unknown = deliveries(&installation, &[command, "00000000-0000-7000-8000-000000000000"]);
        assert_eq!(unknown.code, Some(1));
        assert!(unknown.err.contains("there is no delivery") && unknown.err.contains("30 days"), "{}", unknown.err);
        assert_eq!(deliveries(&installation, &[command, "4711"]).code, Some(2));
    }
}
