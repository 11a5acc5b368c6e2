//! Jenkins: a pipeline's own step and the Notification plugin in, the pipeline's `input` step answered.
//!
//! Facts are from the public sources of the plugins Pipeline: Input Step, Pipeline: REST API and Notification.

mod ask;
mod input;
mod notification;
mod parameters;
mod target;

#[cfg(test)]
mod tests;

use crate::secret::Secret;
use crate::sources::registry::Realm;
use crate::sources::{Ask, Auth, Connection, Exchange, Integration, Parsed, Reject, SettingsFault, Source, Turn, signature};
use axum::http::HeaderMap;
use engine::Timestamp;
use engine::ids::IntegrationName;
use serde_json::Value;

pub(super) const KIND: &str = "jenkins";
/// As the published change schema names it.
const CALLBACK: &str = "jenkins.input";

struct Jenkins {
    secrets: Vec<Secret>,
    integration: IntegrationName,
    realm: String,
}

pub(super) fn connect(integration: &Integration, realm: &Realm) -> Result<Connection, SettingsFault> {
    integration.takes_only(&["api_url", "token"])?;
    if integration.token.as_ref().is_some_and(|token| !token.expose().contains(':')) {
        let why = "it is `user:api-token`, and there is no colon in it".to_owned();
        return Err(SettingsFault::BadKey { name: integration.name.to_string(), key: "token", why });
    }
    let source = Jenkins { secrets: integration.secret.clone(), integration: integration.name.clone(), realm: realm.0.clone() };
    let api = integration.own_api(Auth::Basic)?;
    Ok(Connection { name: integration.name.clone(), kind: KIND, title: "Jenkins", source: Box::new(source), api })
}

impl Source for Jenkins {
    /// The Notification plugin can't set headers; of `https://any:secret@host/…` it makes a `Basic` one.
    fn verify(&self, headers: &HeaderMap, _body: &[u8], _now: Timestamp) -> Result<(), Reject> {
        signature::bearer_or_password_any(&self.secrets, headers)
    }

    fn parse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
        let json: Value = serde_json::from_slice(body).map_err(|error| Reject::malformed("", format!("the body is not JSON: {error}")))?;
        // A step's `build` is a number, the plugin's an object.
        if json.get("build").is_some_and(Value::is_object) {
            notification::parse(self, &json)
        } else {
            ask::parse(self, headers, body, &json)
        }
    }

    fn converse(&self, ask: &Ask<'_>, so_far: &[Exchange]) -> Turn {
        match *ask {
            Ask::Authors { .. } => Turn::Failed { why: "Jenkins is not asked who wrote a commit: the pipeline step names them".to_owned() },
            Ask::Report { .. } => Turn::no_reports(),
            Ask::Decision { callback, decision, occasion, .. } => input::next(callback, decision, occasion, so_far),
        }
    }
}

impl Jenkins {
    /// What the keys of all inputs of a build begin with. Jenkins allows neither `#` nor `:` in names of jobs.
    fn keys_begin(&self, job: &str, build: i64) -> String {
        format!("{}:{job}#{build}:", self.integration)
    }
}

/// A build, as our steps and the plugin's reports name it alike.
fn run(job: &str, build: i64) -> String {
    format!("{job}#{build}")
}
