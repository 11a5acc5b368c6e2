//! Verifying and parsing deliveries.

use super::{APPROVED, BLOCKED, PIPELINE, gitlab, headers};
use crate::sources::{Account, Parsed, Place, Reject, Signal, Source, Wish};
use engine::directory::Directory;
use engine::event::{DeploymentOutcome, ToolDecision};
use engine::ids::ChangeKey;
use serde_json::{Value, json};

const KEY: &str = "gitlab-main:30:production:0123abcd0123abcd0123abcd0123abcd0123abcd";

fn parse(body: &Value) -> Result<Parsed, Reject> {
    gitlab().parse(&headers(&[("x-gitlab-event", "Deployment Hook"), ("idempotency-key", "delivery-1")]), body.to_string().as_bytes())
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body: Value = serde_json::from_str(BLOCKED).unwrap();
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn without(pointer: &str) -> Value {
    let mut body: Value = serde_json::from_str(BLOCKED).unwrap();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(field).unwrap();
    body
}

fn wish(body: &Value) -> Wish {
    match parse(body).unwrap().signals.pop() {
        Some(Signal::Opens(wish)) => *wish,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_blocked_deployment_opens_a_change() {
    let body: Value = serde_json::from_str(BLOCKED).unwrap();
    let parsed = parse(&body).unwrap();
    assert_eq!((parsed.key.as_str(), parsed.event.as_str()), ("delivery-1", "Deployment Hook/blocked"));
    let wish = wish(&body);
    assert_eq!(wish.key, ChangeKey::new(KEY));
    assert_eq!(wish.title, "Round amounts half to even");
    assert_eq!((wish.service.kind.as_str(), wish.service.path.as_str()), ("gitlab", "payments/checkout-api"));
    assert_eq!((wish.environment.as_str(), wish.tier.as_deref()), ("production", Some("production")));
    assert_eq!(wish.subject.commit.as_deref(), Some("0123abcd0123abcd0123abcd0123abcd0123abcd"));
    assert_eq!(wish.subject.target, "gitlab-main:payments/checkout-api:production");
    assert_eq!((wish.sequence, wish.git_ref.as_deref()), (Some(4711), Some("main")));
    assert_eq!(wish.url.as_deref(), Some("https://gitlab.example.com/payments/checkout-api/-/jobs/990017"));
    let callback = wish.origin.callback.as_ref().unwrap();
    let params: Vec<_> = callback.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(params, ["deployment_id=4711", "environment=production", "job_id=990017", "project_id=30", "run=990017"]);
    assert_eq!((callback.kind.as_str(), callback.run()), ("gitlab.deployment_approval", Some("990017")));
}

#[test]
fn a_hidden_address_is_no_address() {
    let account = |email: Option<&str>| Account {
        kind: "gitlab".to_owned(),
        integration: "gitlab-main".into(),
        id: Some("17".to_owned()),
        email: email.map(str::to_owned),
        label: "gitlab user 17".to_owned(),
    };
    assert_eq!(wish(&serde_json::from_str(BLOCKED).unwrap()).initiator, account(None));
    assert_eq!(wish(&with("/user/email", json!("user-17@example.com"))).initiator, account(Some("user-17@example.com")));
}

#[test]
fn what_may_be_missing_may_be_anything() {
    let optional = ["/deployable_id", "/deployable_url", "/environment_tier", "/user", "/commit_title", "/ref", "/status_changed_at"];
    for pointer in optional {
        wish(&without(pointer));
        for value in [json!(null), json!(true), json!([1]), json!({"a": {}}), json!(-1), json!(1.5), json!("")] {
            let wish = wish(&with(pointer, value));
            assert_eq!(wish.key, ChangeKey::new(KEY), "{pointer}");
            wish.to_request(&Directory::default());
        }
    }
    assert_eq!(wish(&without("/commit_title")).title, "payments/checkout-api to production");
    assert_eq!(wish(&without("/user")).initiator.label, "somebody whom gitlab-main does not name");
    let without_job = wish(&without("/deployable_id")).origin.callback.unwrap();
    assert_eq!((without_job.params.get("job_id"), without_job.run()), (None, Some("4711")));
}

#[test]
fn what_must_be_there_is_pointed_at() {
    for pointer in ["/deployment_id", "/project/id", "/project/path_with_namespace", "/environment"] {
        let bodies =
            [without(pointer), with(pointer, json!(null)), with(pointer, json!([])), with(pointer, json!("")), with(pointer, json!(-3))];
        for body in bodies {
            let reject = parse(&body).unwrap_err();
            assert!(matches!(&reject, Reject::Malformed { pointer: at, .. } if at == pointer), "{pointer}: {reject:?}");
        }
    }
    let too_long = parse(&with("/environment", json!("x".repeat(5000)))).unwrap_err();
    assert!(matches!(too_long, Reject::Malformed { pointer, .. } if pointer == "/environment"));
    assert!(matches!(parse(&with("/project", json!(null))), Err(Reject::Malformed { pointer, .. }) if pointer == "/project/id"));
}

#[test]
fn the_commit_is_the_long_hash_if_it_is_the_right_one() {
    let url = |hash: &str| json!(format!("https://gitlab.example.com/payments/checkout-api/-/commit/{hash}"));
    let commit = |body: Value| wish(&body).subject.commit.unwrap();
    let sha256 = "0123abcd".repeat(8);
    assert_eq!(commit(with("/commit_url", url(&sha256))), sha256);
    assert_eq!(commit(with("/commit_url", url(&"f".repeat(40)))), "0123abcd");
    assert_eq!(commit(with("/commit_url", url("0123abcd"))), "0123abcd");
    assert_eq!(commit(with("/commit_url", json!(null))), "0123abcd");
    assert_eq!(commit(with("/commit_url", json!("not a url"))), "0123abcd");
    assert_eq!(commit(without("/short_sha")), "0123abcd".repeat(5));
    assert_eq!(commit(with("/short_sha", json!("0123ABCD"))), "0123abcd".repeat(5));
    let mut neither = without("/short_sha");
    neither["commit_url"] = json!("https://gitlab.example.com/x/-/commit/../../secrets");
    assert!(matches!(parse(&neither), Err(Reject::Malformed { pointer, .. }) if pointer == "/short_sha"));
}

#[test]
fn only_web_addresses_become_links() {
    for (written, kept) in [("javascript:alert(1)", None), ("not a url", None), ("http://gitlab.test/1", Some("http://gitlab.test/1"))] {
        assert_eq!(wish(&with("/deployable_url", json!(written))).url.as_deref(), kept);
    }
}

#[test]
fn every_status_says_what_it_means() {
    let place =
        Place { service: "payments/checkout-api".to_owned(), environment: "production".to_owned(), tier: Some("production".to_owned()) };
    let (key, run) = (ChangeKey::new(KEY), "990017".to_owned());
    let ends = |outcome| vec![Signal::Finished { key: key.clone(), run: run.clone(), outcome }];
    let cases = [
        ("running", vec![Signal::Started { key: key.clone(), run: run.clone(), place: place.clone() }]),
        ("success", ends(DeploymentOutcome::Success)),
        ("failed", ends(DeploymentOutcome::Failure)),
        ("canceled", ends(DeploymentOutcome::Cancelled)),
        ("created", vec![]),
        ("skipped", vec![]),
        ("a status of next year", vec![]),
    ];
    for (status, signals) in cases {
        let parsed = parse(&with("/status", json!(status))).unwrap();
        assert_eq!(parsed.signals, signals, "{status}");
        assert_eq!(parsed.event, format!("Deployment Hook/{status}"));
    }
    for status in [json!(null), json!(7), json!([]), json!("")] {
        assert_eq!(parse(&with("/status", status)).unwrap().signals, []);
    }
}

#[test]
fn a_decision_in_gitlab_names_who_and_why() {
    let decided = |body: &Value| match parse(body).unwrap().signals.pop() {
        Some(Signal::DecidedOutside { decision, by, comment, run, .. }) => (decision, by.label, comment, run),
        other => panic!("{other:?}"),
    };
    let mut body: Value = serde_json::from_str(APPROVED).unwrap();
    let said = |decision, who: &str, comment: &str| (decision, who.to_owned(), comment.to_owned(), "990017".to_owned());
    assert_eq!(decided(&body), said(ToolDecision::Approve, "gitlab user 18", "CHG-1042: approved"));
    body["status"] = json!("rejected");
    body["approval"] = json!(null);
    body["approver"] = json!([]);
    assert_eq!(decided(&body), said(ToolDecision::Reject, "somebody whom gitlab-main does not name", ""));
}

#[test]
fn other_hooks_are_ignored_whatever_they_hold() {
    for hook in ["Push Hook", "Release Hook", "Note Hook", "System Hook", "Hook of next year"] {
        for body in [PIPELINE, "", "not json", "null", "[1]"] {
            let parsed = gitlab().parse(&headers(&[("x-gitlab-event", hook)]), body.as_bytes()).unwrap();
            assert_eq!((parsed.event.as_str(), parsed.signals.len()), (hook, 0));
        }
    }
    assert_eq!(gitlab().parse(&headers(&[]), b"").unwrap().event, "unnamed event");
    let not_json = gitlab().parse(&headers(&[("x-gitlab-event", "Deployment Hook")]), b"{").unwrap_err();
    assert!(matches!(not_json, Reject::Malformed { pointer, .. } if pointer.is_empty()));
}

#[test]
fn delivery_keys_tell_repeats_from_others() {
    let key = |pairs: &[(&'static str, &str)], body: &str| gitlab().parse(&headers(pairs), body.as_bytes()).unwrap().key;
    assert_eq!(key(&[("webhook-id", "w-1"), ("idempotency-key", "i-1")], ""), "w-1");
    assert_eq!(key(&[("webhook-id", ""), ("idempotency-key", "i-1"), ("x-gitlab-event-uuid", "e-1")], ""), "i-1");
    let uuids = [("x-gitlab-event-uuid", "e-1"), ("x-gitlab-webhook-uuid", "w-1")];
    let first = key(&uuids, "a");
    assert!(first.starts_with("sha256:") && first.len() == 71, "{first}");
    assert_eq!(first, key(&uuids, "a"));
    let others = [
        key(&uuids, "b"),
        key(&[("x-gitlab-event-uuid", "e-1"), ("x-gitlab-webhook-uuid", "w-2")], "a"),
        key(&[("x-gitlab-event-uuid", "e-1w"), ("x-gitlab-webhook-uuid", "-1")], "a"),
        key(&[("x-gitlab-event", "Push Hook"), uuids[0], uuids[1]], "a"),
        key(&[], "a"),
    ];
    assert!(others.iter().all(|other| *other != first));
    let long = key(&[("idempotency-key", &"x".repeat(1000))], "");
    assert!(long.starts_with("sha256:") && long.len() == 71, "{long}");
}
