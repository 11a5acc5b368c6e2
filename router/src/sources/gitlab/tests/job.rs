//! The job hook.

use super::{JOB, gitlab, headers};
use crate::sources::{Parsed, Reject, Signal, Source};
use engine::event::DeploymentOutcome;
use engine::ids::ChangeKey;
use serde_json::{Value, json};

const KEY: &str = "gitlab-main:30:production:0123abcd0123abcd0123abcd0123abcd0123abcd";

fn parse(body: &Value) -> Result<Parsed, Reject> {
    gitlab().parse(&headers(&[("x-gitlab-event", "Job Hook")]), body.to_string().as_bytes())
}

fn with(field: &str, value: Value) -> Value {
    let mut body: Value = serde_json::from_str(JOB).unwrap();
    body[field] = value;
    body
}

#[test]
fn a_manual_deployment_job_opens_a_change() {
    let parsed = parse(&serde_json::from_str(JOB).unwrap()).unwrap();
    assert_eq!(parsed.event, "Job Hook/manual");
    let [Signal::Opens(wish)] = parsed.signals.as_slice() else { panic!("{parsed:?}") };
    assert_eq!((&wish.key, wish.title.as_str()), (&ChangeKey::new(KEY), "Round amounts half to even"));
    assert_eq!((wish.service.path.as_str(), wish.tier.as_deref()), ("payments/checkout-api", Some("production")));
    assert_eq!(wish.url.as_deref(), Some("https://gitlab.example.com/payments/checkout-api/-/jobs/990017"));
    assert_eq!((wish.sequence, wish.initiator.id.as_deref()), (None, Some("17")));
    let callback = wish.origin.callback.as_ref().unwrap();
    let params: Vec<_> = callback.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(params, ["environment=production", "job_id=990017", "project_id=30", "run=990017"]);
    assert_eq!(callback.kind, "gitlab.job_play");
}

#[test]
fn an_older_gitlab_names_the_project_by_its_page_only() {
    let mut body = with("project", Value::Null);
    let [Signal::Opens(wish)] = &parse(&body).unwrap().signals[..] else { panic!() };
    assert_eq!(wish.service.path, "payments/checkout-api");
    body["repository"] = json!({});
    assert!(matches!(parse(&body), Err(Reject::Malformed { pointer, .. }) if pointer == "/project/path_with_namespace"));
}

#[test]
fn a_job_says_how_its_deployment_goes() {
    let finished = |outcome| vec![Signal::Finished { key: ChangeKey::new(KEY), run: "990017".to_owned(), outcome }];
    let cases = [
        ("success", finished(DeploymentOutcome::Success)),
        ("failed", finished(DeploymentOutcome::Failure)),
        ("canceled", finished(DeploymentOutcome::Cancelled)),
        ("created", vec![]),
        ("pending", vec![]),
        ("skipped", vec![]),
        ("a status of next year", vec![]),
    ];
    for (status, signals) in cases {
        assert_eq!(parse(&with("build_status", json!(status))).unwrap().signals, signals, "{status}");
    }
    let running = parse(&with("build_status", json!("running"))).unwrap().signals;
    assert!(matches!(&running[..], [Signal::Started { run, .. }] if run == "990017"), "{running:?}");
}

#[test]
fn a_job_that_deploys_nowhere_says_nothing() {
    for environment in
        [Value::Null, json!({}), json!({ "name": "" }), json!("production"), json!({ "name": "production", "action": "stop" })]
    {
        assert_eq!(parse(&with("environment", environment.clone())).unwrap().signals, [], "{environment}");
    }
    assert_eq!(parse(&json!({})).unwrap().event, "Job Hook");
}

#[test]
fn what_must_be_there_is_pointed_at() {
    for (field, pointer) in [("sha", "/sha"), ("project_id", "/project_id"), ("build_id", "/build_id")] {
        for value in [Value::Null, json!(""), json!([]), json!("zz")] {
            assert!(matches!(parse(&with(field, value)), Err(Reject::Malformed { pointer: at, .. }) if at == pointer), "{field}");
        }
    }
}
