//! `serve`: what it refuses to start with, what the environment changes, and what signals do.

use serde_json::json;
use std::time::Duration;
use tests::process::binary::{Ran, command, finish};
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, PEOPLE, Plan};
use tests::process::patience::seen;
use tests::process::reader::Reader;
use tests::process::service::{Service, client};

const PATIENCE: Duration = Duration::from_secs(20);

/// For a start that is refused.
fn serve(installation: &Installation, environment: &[(&str, &str)]) -> Ran {
    finish(command(installation.folder()).arg("serve").envs(environment.iter().copied()))
}

#[test]
fn a_policy_that_this_build_does_not_enforce_is_refused() {
    let installation = Installation::plain(Database::File);
    installation.write("policy.yaml", &format!("{}\nsynthetics: {{}}\nadaptive: {{}}\n", installation.read("policy.yaml")));
    let ran = serve(&installation, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("does not start with it"), "{}", ran.err);
    for block in ["policy.yaml:34:1: synthetics", "policy.yaml:35:1: adaptive"] {
        assert!(ran.err.contains(block), "{block} is missing in\n{}", ran.err);
    }
    assert!(!installation.file("countersign.db").exists(), "nothing was opened");
}

#[test]
fn what_is_unknown_is_an_error_wherever_it_stands() {
    let installation = Installation::plain(Database::File);
    let in_the_environment = serve(&installation, &[("COUNTERSIGN__SERVER__LISEN", "127.0.0.1:1")]);
    assert_eq!(in_the_environment.code, Some(1));
    assert!(in_the_environment.err.contains("environment") && in_the_environment.err.contains("lisen"), "{}", in_the_environment.err);
    installation.write("countersign.toml", &format!("{}\n[sever]\n", installation.read("countersign.toml")));
    let in_the_file = serve(&installation, &[]);
    assert_eq!(in_the_file.code, Some(1));
    assert!(in_the_file.err.contains("countersign.toml:") && in_the_file.err.contains("sever"), "{}", in_the_file.err);
}

#[tokio::test]
async fn the_environment_lies_over_the_file() {
    let installation = Installation::plain(Database::File);
    let listen = format!("127.0.0.1:{}", installation.port);
    installation.write("countersign.toml", &installation.read("countersign.toml").replace(&listen, "127.0.0.1:1"));
    let mut service = Service::start_with(&installation, &[("COUNTERSIGN__SERVER__LISTEN", &listen), ("COUNTERSIGN__LOG__FORMAT", "json")]);
    service.wait_ready().await;
    let log = service.log();
    let ready = log.lines().find(|line| line.contains("\"ready\"")).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(ready).unwrap()["listen"], json!(listen));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let installation = Installation::plain(Database::File);
    let _first = Service::ready(&installation).await;
    let ran = serve(&installation, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains(&format!("server.listen 127.0.0.1:{} can't be used", installation.port)), "{}", ran.err);
}

/// GitLab holds its answer back, so that there is work in hand when the signal comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_ends_what_is_in_hand_and_nothing_else() {
    let forge = Forge::start().await;
    let installation = Installation::new(&Plan { database: Database::File, gitlab_api: Some(&forge.api), slack_api: None, people: PEOPLE });
    let mut service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let project = forge.project("payments/checkout-api", &["production"]);
    forge.gitlab.fail_next(1, router::demo::gitlab::Fault::Slow);
    forge.deployment_waits(project, "production", "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3");
    forge.deliver(&installation).await;
    seen("the question to GitLab", PATIENCE, async || (!forge.gitlab.calls().is_empty()).then_some(())).await;
    assert_eq!(service.readiness().await, Some(200));
    service.signal("TERM");
    seen("/readyz saying no", PATIENCE, async || (service.readiness().await == Some(503)).then_some(())).await;
    let change = &reader.changes(None).await[0];
    assert_eq!(change["state"], "gating", "the answer is still awaited");
    forge.gitlab.answer_now();
    assert_eq!(service.ended().await.code(), Some(0));
    drop(service);
    let again = Service::ready(&installation).await;
    assert_eq!(reader.changes(None).await[0]["state"], "pending", "what was in hand was written down");
    drop(again);
}

/// A pipeline that waits for a decision is answered at once, so that it can ask another node.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_keeps_nobody_waiting() {
    let installation = Installation::plain(Database::File);
    let mut service = Service::ready(&installation).await;
    let reader = Reader::new(&installation, "lead-1");
    let wish = json!({ "short_description": "Validate cards faster", "service": "checkout-api", "environment": "production", "sha": "9f2c41ab", "authors": ["author-1"] });
    let opened = client().post(format!("{}/v1/changes", installation.base())).bearer_auth(reader.token()).header("Idempotency-Key", "1");
    assert_eq!(opened.json(&wish).send().await.unwrap().status(), 201);
    let number = reader.changes(None).await[0]["number"].as_str().unwrap().to_owned();
    let poll = client().get(format!("{}/v1/changes/{number}/decision?wait=60", installation.base())).bearer_auth(reader.token());
    let waiting = tokio::spawn(poll.send());
    // The poll has to be there before the signal is.
    router::clock::pause(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "nothing is decided yet");
    service.signal("TERM");
    assert_eq!(service.ended().await.code(), Some(0));
    let answer: serde_json::Value = waiting.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!((&answer["state"], &answer["outcome"]), (&json!("pending"), &json!(null)));
}

#[tokio::test]
async fn sighup_reads_policy_and_people_again() {
    let installation = Installation::plain(Database::File);
    let service = Service::ready(&installation).await;
    let logged = async |words: &str| seen(words, PATIENCE, async || service.log().contains(words).then_some(())).await;
    installation.write("people.yaml", &PEOPLE.replace("operations: [approver-2]", "operations: [approver-2, ghost]"));
    service.signal("HUP");
    logged("the old ones stay in force").await;
    assert!(service.log().contains("people.yaml:10:") && service.log().contains("ghost"), "{}", service.log());
    assert_eq!(service.readiness().await, Some(200));
    installation.write("people.yaml", &PEOPLE.replace("  - { id: lead-1", "  - { id: lead-2, name: Lead Two }\n  - { id: lead-1"));
    service.signal("HUP");
    logged("policy and people were read again").await;
    // Somebody who came with the new file can own a token.
    Reader::new(&installation, "lead-2");
}
