//! `policy who` and `policy explain`: what the policy asks of one change, from its database; on both databases.

use serde_json::Value;
use std::time::Duration;
use tests::postgres;
use tests::process::binary::{Ran, run};
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, PEOPLE, Plan};
use tests::process::patience::seen;
use tests::process::service::Service;

const PATIENCE: Duration = Duration::from_secs(20);

fn policy(installation: &Installation, arguments: &[&str]) -> Ran {
    run(installation.folder(), &[&["policy"], arguments].concat())
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// A deployment waits; requester-1 asked for it and author-1 wrote it.
async fn says_what_is_asked(database: Database<'_>) {
    let forge = Forge::start().await;
    let installation = Installation::new(&Plan { database, gitlab_api: Some(&forge.api), slack_api: None, people: PEOPLE });
    let _service = Service::ready(&installation).await;
    assert_eq!(policy(&installation, &["who", "CHG-1001"]).code, Some(1), "there is no change yet");
    let project = forge.project("payments/checkout-api", &["production"]);
    forge.deployment_waits(project, "production", "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3");
    forge.deliver(&installation).await;
    let asked = async || {
        let ran = policy(&installation, &["who", "CHG-1001", "--format", "json"]);
        (ran.code == Some(0)).then(|| json(&ran)).filter(|said| said["state"] == "pending")
    };
    let said = seen("a change that people are asked about", PATIENCE, asked).await;
    who_can(&installation, &said);
    how_it_was_read(&installation);
    // What is true now does not rewrite what was read then.
    let policy_now = installation.read("policy.yaml").replace("when: \"true\", stage", "when: \"false\", stage");
    installation.write("policy.yaml", &policy_now);
    how_it_was_read(&installation);
}

fn who_can(installation: &Installation, said: &Value) {
    let members = said["requirements"][0]["members"].as_array().unwrap();
    let codes: Vec<(&str, Option<&str>)> =
        members.iter().map(|member| (member["person"].as_str().unwrap(), member["code"].as_str())).collect();
    let apart = Some("separation_of_duties");
    assert_eq!(codes, [("approver-1", None), ("author-1", apart), ("requester-1", apart)], "{said}");
    assert_eq!(said["requirements"][1]["missing"], 1, "{said}");
    let text = policy(installation, &["who", "1001"]);
    assert_eq!((text.code, text.err.as_str()), (Some(0), ""));
    assert!(text.out.lines().all(|line| line.chars().count() <= 80), "{}", text.out);
    assert!(text.out.starts_with("peer: Still needed: 1 person from developers, other than the requester and the\n"), "{}", text.out);
    assert!(text.out.contains("    author-1 (Author One), has no linked account\n"), "{}", text.out);
    assert!(text.out.contains("      You can’t approve this: you asked for it. Any other member of developers"), "{}", text.out);
}

fn how_it_was_read(installation: &Installation) {
    let ran = policy(installation, &["explain", "CHG-1001", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let said = json(&ran);
    let asked = said["questions"].as_array().unwrap().iter();
    let asked: Vec<String> = asked.map(|one| format!("{} {} {}", one["of"], one["name"], one["answer"]).replace('"', "")).collect();
    assert_eq!(asked, ["class normal true", "requirement peer true", "requirement operations true"], "{said}");
    assert_eq!((&said["class"], &said["kept"], &said["stages"][0]["name"]), (&"normal".into(), &true.into(), &"approve".into()), "{said}");
    let text = policy(installation, &["explain", "CHG-1001"]);
    assert!(text.out.lines().all(|line| line.chars().count() <= 80), "{}", text.out);
    let peer = "  peer: applies\n    when true\n    1 person from developers, other than the requester and the authors.\n";
    assert!(text.out.contains(peer) && text.out.contains("  approve: peer and operations\n"), "{}", text.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_asked_about_on_sqlite() {
    says_what_is_asked(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_asked_about_on_postgres() {
    let database = postgres::empty_database();
    says_what_is_asked(Database::At(database.url())).await;
}

#[test]
fn wrong_use_is_exit_code_2() {
    let installation = Installation::plain(Database::File);
    let wrong = policy(&installation, &["who", "yesterday’s"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(2), ""));
    assert!(wrong.err.contains("“yesterday’s” is no change. Write it as CHG-1042"), "{}", wrong.err);
}
