//! The pipeline hook.

use super::{PIPELINE, gitlab, headers};
use crate::sources::{Signal, Source};
use engine::event::DeploymentOutcome::{Cancelled, Failure, Success};
use engine::ids::ChangeKey;
use serde_json::{Value, json};

const SHA: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";

fn signals(pipeline: &str, job: &str) -> Vec<Signal> {
    let mut body: Value = serde_json::from_str(PIPELINE).unwrap();
    body["object_attributes"]["status"] = json!(pipeline);
    body["object_attributes"]["sha"] = json!(SHA);
    body["builds"][0]["status"] = json!(job);
    gitlab().parse(&headers(&[("x-gitlab-event", "Pipeline Hook")]), body.to_string().as_bytes()).unwrap().signals
}

#[test]
fn a_pipeline_that_is_over_takes_its_deployments_with_it() {
    let cases = [
        ("canceled", "canceled", Some(Cancelled)),
        ("canceled", "skipped", Some(Cancelled)),
        ("canceled", "manual", None),
        ("failed", "failed", Some(Failure)),
        ("failed", "skipped", None),
        ("success", "success", Some(Success)),
        ("success", "manual", None),
        ("manual", "manual", None),
        ("running", "success", None),
        ("a status of next year", "canceled", None),
    ];
    for (pipeline, job, outcome) in cases {
        let key = ChangeKey::new(format!("gitlab-main:30:production:{SHA}"));
        let expected = outcome.map(|outcome| Signal::Finished { key, run: "990017".to_owned(), outcome });
        assert_eq!(signals(pipeline, job), expected.into_iter().collect::<Vec<_>>(), "{pipeline} {job}");
    }
}

#[test]
fn what_is_missing_is_passed_over() {
    for body in [json!({}), json!({ "object_attributes": { "status": "canceled" } }), json!({ "builds": "none" }), json!([]), json!(null)] {
        let parsed = gitlab().parse(&headers(&[("x-gitlab-event", "Pipeline Hook")]), body.to_string().as_bytes()).unwrap();
        assert_eq!(parsed.signals, [], "{body}");
    }
}
