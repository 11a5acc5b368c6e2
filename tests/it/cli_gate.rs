//! `gate`: a pipeline asks, people decide in Slack, and the exit code says how.

use engine::event::DeploymentOutcome;
use serde_json::Value;
use std::time::Duration;
use tests::process::binary::Ran;
use tests::process::click::{Reply, Sheet};
use tests::process::forge::Forge;
use tests::process::gate::Step;
use tests::process::installation::{Database, Installation, PEOPLE, POLICY, Plan};
use tests::process::patience::seen;
use tests::process::reader::Reader;
use tests::process::service::{Service, client};
use tests::process::workspace::Workspace;

const PATIENCE: Duration = Duration::from_secs(20);
const SHA: &str = "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3";
/// What every step here says about itself, as a job of GitLab.
const JOB: [(&str, &str); 7] = [
    ("GITLAB_CI", "true"),
    ("CI_PROJECT_PATH", "payments/checkout-api"),
    ("CI_ENVIRONMENT_NAME", "production"),
    ("CI_COMMIT_SHA", SHA),
    ("CI_COMMIT_TITLE", "Validate cards faster"),
    ("CI_JOB_ID", "7"),
    ("GITLAB_USER_ID", "11"),
];

/// Somebody fills a form in; each is another one.
async fn votes(installation: &Installation, verb: &'static str, user: &str) {
    let (target, view) = ("CHG-1001.r1".to_owned(), format!("V-{verb}-{user}"));
    let rationale = "read the diff, tests are green".to_owned();
    let sheet = Sheet { user: user.to_owned(), verb, target, rationale, view };
    assert_eq!(sheet.send(&client(), &installation.base()).await, Reply::Closed);
}

async fn a_card(workspace: &Workspace) {
    seen("the card", PATIENCE, async || (!workspace.asked(0).0.is_empty()).then_some(())).await;
}

fn in_slack(workspace: &Workspace) -> Installation {
    Installation::new(&Plan { database: Database::File, gitlab_api: None, slack_api: Some(&workspace.api), people: PEOPLE })
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

const ASK: [&str; 4] = ["request", "--author", "author-1", "--wait=30s"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_ends_with_0() {
    let workspace = Workspace::start().await;
    let installation = in_slack(&workspace);
    let service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let step = Step::new(&installation, reader.token()).with(&JOB);
    let waiting = step.begins(&ASK);
    a_card(&workspace).await;
    votes(&installation, "approve", "U000000002").await;
    // It is away while it is waited for: that is no answer.
    assert!(service.terminate().await.success());
    let _again = Service::ready(&installation).await;
    assert!(!waiting.is_finished(), "{:?}", waiting.await);
    votes(&installation, "approve", "U000000003").await;
    let ran = waiting.await.unwrap();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.starts_with("CHG-1001 approved: 2 of 2 approvals\n"), "{}", ran.out);
    assert!(ran.out.contains(&format!("{}/changes/CHG-1001", installation.base())), "{}", ran.out);
    assert!(ran.err.contains("CHG-1001 pending: 0 of 2 approvals, waits for approver-1, approver-2\n"), "{}", ran.err);
    let change = reader.change("CHG-1001").await;
    assert_eq!((&change["title"], &change["subject"]["commit"]), (&"Validate cards faster".into(), &SHA.into()), "{change}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_ends_with_10() {
    let workspace = Workspace::start().await;
    let installation = in_slack(&workspace);
    let _service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let step = Step::new(&installation, reader.token()).with(&JOB);
    let waiting = step.begins(&[&ASK[..], &["--format", "json"]].concat());
    a_card(&workspace).await;
    votes(&installation, "reject", "U000000003").await;
    let ran = waiting.await.unwrap();
    assert_eq!(ran.code, Some(10), "{ran:?}");
    let said = json(&ran);
    assert_eq!((&said["number"], &said["state"], &said["exit_code"]), (&"CHG-1001".into(), &"rejected".into(), &10.into()), "{said}");
    assert_eq!(said["why"], "read the diff, tests are green", "{said}");
    // The same step once more hears the same decision, of the same change.
    let again = step.runs(&ASK).await;
    assert_eq!((again.code, reader.changes(None).await.len()), (Some(10), 1), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expiry_ends_with_11() {
    let installation = Installation::plain(Database::File);
    installation.write("policy.yaml", &POLICY.replace("expire_after: 1d", "expire_after: 2s"));
    let _service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let ran = Step::new(&installation, reader.token()).with(&JOB).runs(&ASK).await;
    assert_eq!(ran.code, Some(11), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_one_ends_the_older_with_13() {
    let installation = Installation::plain(Database::File);
    let _service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let step = Step::new(&installation, reader.token()).with(&JOB);
    let older = step.begins(&ASK);
    seen("the older change", PATIENCE, async || (!reader.changes(Some("pending")).await.is_empty()).then_some(())).await;
    let newer = step.runs(&["request", "--author", "author-1", "--commit", "0d6e4f58a7b3"]).await;
    assert_eq!((newer.code, newer.out.as_str()), (Some(0), "CHG-1002\n"), "{newer:?}");
    assert!(newer.err.contains("not decided") && newer.err.contains("gate wait CHG-1002"), "{}", newer.err);
    let ran = older.await.unwrap();
    assert_eq!(ran.code, Some(13), "{ran:?}");
    assert!(ran.out.contains("Replaced by CHG-1002."), "{}", ran.out);
}

/// Its own time is over, and nothing else is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patience_that_ends_ends_with_14() {
    let installation = Installation::plain(Database::File);
    let service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let step = Step::new(&installation, reader.token()).with(&JOB);
    assert_eq!(step.runs(&["request", "--author", "author-1"]).await.code, Some(0));
    for arguments in [&["wait", "CHG-1001", "--timeout", "1s"][..], &["status", "CHG-1001"], &["status", "CHG-1001", "--format", "json"]] {
        let ran = step.runs(arguments).await;
        assert_eq!(ran.code, Some(14), "{arguments:?}: {ran:?}");
        assert!(ran.out.contains("pending"), "{arguments:?}: {ran:?}");
    }
    drop(service);
    let ran = step.runs(&["wait", "CHG-1001", "--timeout", "1s"]).await;
    assert_eq!(ran.code, Some(14), "a server that is gone says nothing about the change: {ran:?}");
    assert!(ran.err.contains("is not reached"), "{}", ran.err);
}

/// A deployment of the pretend GitLab is approved and fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deployment_that_fails_ends_with_20() {
    let (forge, workspace) = (Forge::start().await, Workspace::start().await);
    let plan = Plan { database: Database::File, gitlab_api: Some(&forge.api), slack_api: Some(&workspace.api), people: PEOPLE };
    let installation = Installation::new(&plan);
    let _service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let project = forge.project("payments/checkout-api", &["production"]);
    let deployment = forge.deployment_waits(project, "production", SHA);
    forge.deliver(&installation).await;
    a_card(&workspace).await;
    votes(&installation, "approve", "U000000002").await;
    votes(&installation, "approve", "U000000003").await;
    let played = async || forge.gitlab.deployment(deployment).filter(|told| forge.plays(told) == 1);
    seen("the start of the job", PATIENCE, played).await;
    let step = Step::new(&installation, reader.token());
    assert_eq!(step.runs(&["status", "1001"]).await.code, Some(0));
    forge.gitlab.run(deployment);
    forge.gitlab.finish(deployment, DeploymentOutcome::Failure);
    forge.deliver(&installation).await;
    seen("the failure", PATIENCE, async || (!reader.changes(Some("failed")).await.is_empty()).then_some(())).await;
    let ran = step.runs(&["wait", "CHG-1001", "--timeout", "20s"]).await;
    assert_eq!(ran.code, Some(20), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_refuses_ends_with_1_and_says_why() {
    let installation = Installation::plain(Database::File);
    let _service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let step = Step::new(&installation, reader.token());
    let known = ["request", "--service", "checkout-api", "--environment", "production", "--commit", "9f2c41ab"];
    let table: [(&[&str], &str); 5] = [
        (&["status", "CHG-77"], "There is no change “CHG-77”"),
        (&["wait", "../people"], "no change"),
        (&[&known[..], &["--requested-by", "nobody"]].concat(), "/requested_by"),
        (&[&known[..], &["--type", "urgent"]].concat(), "unknown variant"),
        (&["request", "--service", "checkout-api"], "name it with --environment"),
    ];
    for (arguments, words) in table {
        let ran = step.runs(arguments).await;
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    let unknown_starter = step.with(&JOB).with(&[("GITLAB_USER_ID", "4711")]).runs(&["request"]).await;
    assert_eq!(unknown_starter.code, Some(1));
    assert!(
        unknown_starter.err.contains("gitlab:4711 started this run") && unknown_starter.err.contains("--no-initiator"),
        "{unknown_starter:?}"
    );
    assert!(reader.changes(None).await.is_empty());
}
