//! The published document and the published schema, before judges that others wrote.

use router::http::document::{operations, published};
use router::http::wish;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use tests::process::binary::run;
use tests::process::installation::{Database, Installation};
use tests::process::judges::{Inquiry, allowed, objections};
use tests::process::service::{Service, client};
use tests::process::tokens::personal_token;

const ALL: &str = "changes:read,changes:write,votes:write";

/// A change that waits, so that there is something to ask about.
async fn a_change(installation: &Installation, token: &str) {
    let wish = json!({ "short_description": "Validate cards faster", "service": "checkout-api", "environment": "production", "sha": "9f2c41ab", "authors": ["author-1"] });
    let request = client().post(format!("{}/v1/changes", installation.base())).bearer_auth(token).header("Idempotency-Key", "first");
    assert_eq!(request.json(&wish).send().await.unwrap().status(), 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_answers_as_its_document_says() {
    let installation = Installation::plain(Database::File);
    let service = Service::ready(&installation).await;
    let (token, base) = (personal_token(&installation, "approver-1", ALL), installation.base());
    a_change(&installation, &token).await;
    let asked = |parameters, arguments| Inquiry { base: &base, token: &token, folder: installation.folder(), parameters, arguments };
    let everything =
        asked("", &["--exclude-tag", "Console", "--exclude-tag", "Planned", "--max-examples", "25", "--phases", "coverage,fuzzing"]);
    let this_change = asked(
        "id = \"CHG-1001\"\n",
        &["--include-path-regex", "^/v1/changes/", "--exclude-tag", "Planned", "--max-examples", "50", "--phases", "coverage,fuzzing"],
    );
    for inquiry in [everything, this_change] {
        assert_eq!(objections(&inquiry), None);
    }
    let log = service.log();
    assert!(!log.contains("a request could not be carried out") && !log.contains("panic"), "{log}");
}

#[tokio::test]
async fn what_is_planned_answers_501_to_everything_that_is_documented() {
    let installation = Installation::plain(Database::File);
    let _service = Service::ready(&installation).await;
    let planned: Vec<_> = operations().into_iter().filter(|operation| operation.group == "Planned").collect();
    assert!(!planned.is_empty());
    for operation in planned {
        let path = operation.template().replace(['{', '}'], "");
        let method = operation.method.to_uppercase().parse().unwrap();
        let answer = client().request(method, format!("{}{path}", installation.base())).send().await.unwrap();
        assert_eq!(answer.status(), 501, "{} {path}", operation.method);
        assert_eq!(answer.json::<Value>().await.unwrap()["type"], "urn:countersign:problem:not-in-this-build");
    }
}

/// The console's, which every page has.
const OWN_SCRIPT: &str = "<script src=\"/assets/console.js\" defer></script>";

#[tokio::test]
async fn what_is_printed_is_what_is_served() {
    let installation = Installation::plain(Database::File);
    let _service = Service::ready(&installation).await;
    for (command, path) in [("openapi", "/openapi.json"), ("schema", published::PATH)] {
        let printed: Value = serde_json::from_str(&run(installation.folder(), &[command]).out).unwrap();
        let served: Value = client().get(format!("{}{path}", installation.base())).send().await.unwrap().json().await.unwrap();
        assert_eq!(printed, served, "{command}");
    }
    let page = client().get(format!("{}/docs", installation.base())).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let text = page.text().await.unwrap().replacen(OWN_SCRIPT, "", 1);
    assert!(policy.starts_with("default-src 'none'") && !text.contains("<script") && !text.contains("://"), "{policy}");
    for words in ["/v1/changes/{id}/votes", "needs a token with votes:write", "missing-idempotency-key", "Planned"] {
        assert!(text.contains(words), "{words}");
    }
}

fn with(changes: Value) -> Value {
    let mut wish =
        json!({ "short_description": "checkout-api 2.31.0", "service": "checkout-api", "environment": "production", "sha": "9f2c41ab" });
    for (name, value) in changes.as_object().unwrap() {
        wish[name] = value.clone();
    }
    wish
}

fn without(names: &[&str]) -> Value {
    let mut wish = with(json!({}));
    names.iter().for_each(|name| drop(wish.as_object_mut().unwrap().remove(*name)));
    wish
}

fn samples() -> Vec<Value> {
    vec![
        with(json!({})),
        with(json!({ "service": { "id": "checkout-api" }, "environment": { "id": "production", "tier": "production" } })),
        with(json!({ "environment": { "id": "production", "tier": null, "uri": "anything" } })),
        with(json!({ "sha": null, "version": "2.31.0" })),
        with(json!({ "sha": "9F2C41AB0D6E4F58A7B3C2D1E0F9A8B7C6D5E4F3", "type": "emergency", "size": 7, "has_migration": true })),
        with(
            json!({ "artifacts": { "image": "sha256:0d6e" }, "ref": null, "type": null, "size": null, "url": null, "requested_by": null }),
        ),
        with(
            json!({ "authors": null, "requested_by": { "id": "approver-1" }, "paths": ["a"], "data_classes": [], "affected_systems": ["b"] }),
        ),
        with(json!({ "short_description": "é".repeat(160), "fields": { "ticket": "OPS-1", "risks": ["none"] } })),
        without(&["sha"]),
        without(&["service"]),
        without(&["environment"]),
        without(&["short_description"]),
        with(json!({ "sha": null })),
        with(json!({ "sha": null, "version": null })),
        with(json!({ "sha": null, "artifacts": {} })),
        with(json!({ "sha": "9f2c41" })),
        with(json!({ "sha": "no hash!" })),
        with(json!({ "sha": "9".repeat(65) })),
        with(json!({ "short_description": "" })),
        with(json!({ "short_description": "  " })),
        with(json!({ "short_description": "é".repeat(161) })),
        with(json!({ "short_description": 7 })),
        with(json!({ "service": "" })),
        with(json!({ "service": { "id": " " } })),
        with(json!({ "service": ["checkout-api"] })),
        with(json!({ "service": {} })),
        with(json!({ "service": null })),
        with(json!({ "environment": { "id": "production", "tier": 1 } })),
        with(json!({ "requested_by": ["approver-1"] })),
        with(json!({ "type": "urgent" })),
        with(json!({ "size": "7" })),
        with(json!({ "size": 7.5 })),
        with(json!({ "has_migration": null })),
        with(json!({ "artifacts": { "image": 1 } })),
        with(json!({ "artifacts": [] })),
        with(json!({ "authors": "author-1" })),
        with(json!({ "authors": [1] })),
        with(json!({ "fields": { "ticket": 1 } })),
        with(json!({ "fields": null })),
        with(json!({ "backout_plan": "roll back" })),
        with(json!({ "enviroment": "production" })),
        json!(["checkout-api 2.31.0", "checkout-api", "production", "9f2c41ab"]),
        json!("checkout-api"),
        Value::Null,
    ]
}

/// Whoever checks against the schema hears what the server would say.
#[test]
fn the_schema_and_the_server_judge_alike() {
    let samples: Map<String, Value> = samples().into_iter().enumerate().map(|(index, sample)| (index.to_string(), sample)).collect();
    let by_schema: BTreeSet<String> = allowed(&published::schema(), &samples).into_iter().collect();
    let taken = |sample: &Value| wish::read(sample.to_string().as_bytes()).is_ok();
    for (name, sample) in &samples {
        assert_eq!(by_schema.contains(name), taken(sample), "the schema and the server differ about {sample}");
    }
    assert_eq!(by_schema.len(), 8, "some are allowed and some are not: {by_schema:?}");
}
