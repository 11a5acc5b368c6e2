//! Tables over GitHub's source; what is shared by them.

mod authors;
mod decision;
mod hook;
mod identity;
mod verifying;

use super::names::Namer;
use super::{Github, Way};
use crate::secret::Secret;
use crate::sources::{Call, Exchange};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use engine::request::Callback;
use serde_json::Value;
use url::Url;

const PING: &str = include_str!("../../../../testdata/github/ping.json");
const RULE: &str = include_str!("../../../../testdata/github/deployment_protection_rule.json");
const STATUS: &str = include_str!("../../../../testdata/github/deployment_status.json");
const REVIEW: &str = include_str!("../../../../testdata/github/deployment_review.json");
const JOB: &str = include_str!("../../../../testdata/github/workflow_job.json");
const APP_KEY: &str = include_str!("../../../../testdata/github/app-key.pem");
const APP_KEY_PUBLIC: &str = include_str!("../../../../testdata/github/app-key-public.pem");
const SHA: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";
const KEY: &str = "github-main:79:production:0123abcd0123abcd0123abcd0123abcd0123abcd:77";

fn github(way: Way) -> Github {
    let namer = Namer::new("github-main".into(), "github".to_owned(), Url::parse("https://api.github.com").unwrap());
    let secrets = vec![Secret::new("old").unwrap(), Secret::new("It's a Secret to Everybody").unwrap()];
    Github { secrets, namer, way }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

fn callback() -> Callback {
    let params = [
        ("repository", "example/checkout-api"),
        ("repository_id", "79"),
        ("run_id", "77"),
        ("deployment_id", "78"),
        ("environment", "production"),
        ("installation_id", "80"),
    ];
    let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Callback { integration: "github-main".into(), kind: "github.deployment_protection_rule".to_owned(), params }
}

fn answered(call: Call, status: u16, body: Value) -> Exchange {
    Exchange { call, status, body }
}
