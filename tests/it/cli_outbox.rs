//! `outbox`: a message that could not be sent is found, and sent again once its cause is mended; on both databases.

use serde_json::Value;
use std::time::Duration;
use tests::postgres;
use tests::process::binary::{Ran, run};
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, PEOPLE, Plan};
use tests::process::patience::seen;
use tests::process::service::Service;
use tests::process::workspace::Workspace;

const PATIENCE: Duration = Duration::from_secs(20);
const NOTHING: &str = "nothing waits and nothing was put aside\n";

fn outbox(installation: &Installation, arguments: &[&str]) -> Ran {
    let ran = run(installation.folder(), &[&["outbox"], arguments].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran
}

/// The policy wants cards in Slack, and Slack is not configured.
async fn is_found_and_sent_again(database: Database<'_>) {
    let forge = Forge::start().await;
    let plan = Plan { database, gitlab_api: Some(&forge.api), slack_api: None, people: PEOPLE };
    let mut installation = Installation::new(&plan);
    let service = Service::ready(&installation).await;
    assert_eq!(outbox(&installation, &["list"]).out, NOTHING);
    let project = forge.project("payments/checkout-api", &["production"]);
    forge.deployment_waits(project, "production", "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3");
    forge.deliver(&installation).await;
    let dead = async || Some(outbox(&installation, &["list", "--state", "dead"]).out).filter(|out| out != NOTHING);
    let listed = seen("a row that was put aside", PATIENCE, dead).await;
    assert!(listed.contains("dead") && listed.contains("card") && listed.contains("slack is not configured"), "{listed}");
    assert!(listed.lines().next().is_some_and(|row| row.chars().count() <= 80), "{listed}");
    let json: Value = serde_json::from_str(&outbox(&installation, &["list", "--state", "dead", "--format", "json"]).out).unwrap();
    let row = &json["outbox"][0];
    assert_eq!((&row["kind"], &row["state"], &row["attempts"]), (&"card".into(), &"dead".into(), &1.into()));
    assert!(service.terminate().await.success());
    sent_again(&mut installation, &plan, &row["id"].to_string()).await;
}

async fn sent_again(installation: &mut Installation, plan: &Plan<'_>, row: &str) {
    let unknown = run(installation.folder(), &["outbox", "retry", "4711"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("no such row"), "{}", unknown.err);
    let workspace = Workspace::start().await;
    installation.configure(&Plan { slack_api: Some(&workspace.api), ..*plan });
    let _service = Service::ready(installation).await;
    assert_eq!(workspace.asked(0).0.len(), 0, "what was put aside is not sent by itself");
    assert_eq!(outbox(installation, &["retry", row]).out, "1 will be sent again\n");
    let (asked, _) = seen("the card", PATIENCE, async || Some(workspace.asked(0)).filter(|(asked, _)| !asked.is_empty())).await;
    assert_eq!(asked, ["CHG-1001.r1"]);
    seen("an empty outbox", PATIENCE, async || (outbox(installation, &["list"]).out == NOTHING).then_some(())).await;
    assert_eq!(outbox(installation, &["retry", "--all-dead"]).out, "0 will be sent again\n");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_found_and_sent_again_on_sqlite() {
    is_found_and_sent_again(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_found_and_sent_again_on_postgres() {
    let database = postgres::empty_database();
    is_found_and_sent_again(Database::At(database.url())).await;
}

#[test]
fn wrong_use_says_how() {
    let installation = Installation::plain(Database::File);
    assert_eq!(run(installation.folder(), &["outbox", "retry"]).code, Some(2));
    let wrong = run(installation.folder(), &["outbox", "list", "--state", "ded"]);
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("“ded” is no state") && wrong.err.contains("dead"), "{}", wrong.err);
}
