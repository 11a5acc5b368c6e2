//! No secret reaches the log, however much is logged and whatever goes wrong.

use std::time::Duration;
use tests::process::click::{Reply, Sheet};
use tests::process::forge::Forge;
use tests::process::installation::{BOT_TOKEN, Database, GITLAB_TOKEN, HOOK_SECRET, Installation, PEOPLE, Plan, SIGNING_SECRET};
use tests::process::patience::seen;
use tests::process::reader::Reader;
use tests::process::service::{Service, client};
use tests::process::workspace::Workspace;

const PATIENCE: Duration = Duration::from_secs(20);

fn sheet(user: &str, view: &str) -> Sheet {
    let (target, rationale) = ("CHG-1001.r1".to_owned(), "read the diff, tests are green".to_owned());
    Sheet { user: user.to_owned(), verb: "approve", target, rationale, view: view.to_owned() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_never_logged() {
    let (forge, workspace) = (Forge::start().await, Workspace::start().await);
    let plan = Plan { database: Database::File, gitlab_api: Some(&forge.api), slack_api: Some(&workspace.api), people: PEOPLE };
    let installation = Installation::new(&plan);
    let mut service = Service::start_with(&installation, &[("COUNTERSIGN__LOG__LEVEL", "trace")]);
    service.wait_ready().await;
    let reader = Reader::new(&installation, "lead-1");
    // Twice GitLab is away, so that failures are logged as well.
    forge.gitlab.fail_next(1, router::demo::gitlab::Fault::Status(502));
    forge.gitlab.fail_next(1, router::demo::gitlab::Fault::Reset);
    let project = forge.project("payments/checkout-api", &["production"]);
    let deployment = forge.deployment_waits(project, "production", "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3");
    forge.deliver(&installation).await;
    seen("the card", PATIENCE, async || (!workspace.asked(0).0.is_empty()).then_some(())).await;
    for (user, view) in [("U000000002", "V1"), ("U000000003", "V2")] {
        assert_eq!(sheet(user, view).send(&client(), &installation.base()).await, Reply::Closed);
    }
    seen("the approval", PATIENCE, async || forge.gitlab.deployment(deployment).filter(|told| forge.plays(told) == 1)).await;
    reader.changes(None).await;
    let forged = client().post(installation.hooks_url()).header("X-Gitlab-Token", "wrong-secret-77").body("{}").send().await.unwrap();
    assert_eq!(forged.status(), 401);
    let unknown = client().get(format!("{}/v1/changes", installation.base())).bearer_auth("cs_wrong-token-78").send().await.unwrap();
    assert_eq!(unknown.status(), 401);
    let log = service.log();
    assert!(log.contains("TRACE"), "this is no trace:\n{log}");
    for secret in [HOOK_SECRET, GITLAB_TOKEN, BOT_TOKEN, SIGNING_SECRET, reader.token(), "wrong-secret-77", "cs_wrong-token-78"] {
        let leaks: Vec<&str> = log.lines().filter(|line| line.contains(secret)).take(3).collect();
        assert!(leaks.is_empty(), "{secret} stands in the log: {leaks:#?}");
    }
}

/// A password in the database's address is a secret too.
#[test]
fn a_wrong_database_address_is_not_repeated() {
    let installation = Installation::plain(Database::At("postgres://gate:hunter2-79@127.0.0.1:1/gate"));
    for arguments in [&["serve"][..], &["migrate", "status"], &["outbox", "list"]] {
        let ran = tests::process::binary::run(installation.folder(), arguments);
        assert_eq!(ran.code, Some(1), "{arguments:?}");
        assert!(!ran.err.is_empty() && !ran.err.contains("hunter2-79"), "{arguments:?}: {}", ran.err);
    }
}
