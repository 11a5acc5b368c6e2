//! Tables over GitLab's source; what is shared by them.

mod authors;
mod by_job;
mod decision;
mod hook;
mod job;
mod merge_request;
mod pipeline;
mod verifying;

use super::names::Namer;
use super::{CALLBACK, Gitlab};
use crate::secret::Secret;
use crate::sources::{Call, Exchange};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use engine::request::Callback;
use serde_json::Value;

const BLOCKED: &str = include_str!("../../../../testdata/gitlab/deployment-blocked.json");
const APPROVED: &str = include_str!("../../../../testdata/gitlab/deployment-approved.json");
const JOB: &str = include_str!("../../../../testdata/gitlab/job-manual.json");
const PIPELINE: &str = include_str!("../../../../testdata/gitlab/pipeline.json");

fn gitlab() -> Gitlab {
    let namer = Namer { integration: "gitlab-main".into(), realm: "gitlab".to_owned(), host: "gitlab.example.com".to_owned() };
    Gitlab { secrets: vec![Secret::new("old-secret").unwrap(), Secret::new("new-secret").unwrap()], namer }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

fn callback() -> Callback {
    let params = [("project_id", "30"), ("deployment_id", "4711"), ("job_id", "990017"), ("environment", "production")];
    let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Callback { integration: "gitlab-main".into(), kind: CALLBACK.to_owned(), params }
}

fn answered(call: Call, status: u16, body: Value) -> Exchange {
    Exchange { call, status, body }
}
