//! GitHub: deployment protection rules and waiting deployments in, reviews of them out.
//!
//! Facts are from GitHub's public documentation and its REST description.

mod authors;
mod decision;
mod hook;
mod job;
mod lending;
mod names;
mod report;
mod review;
mod rule;
mod run;
mod seen;
mod status;
mod target;

#[cfg(test)]
mod tests;

use crate::secret::Secret;
use crate::sources::registry::Realm;
use crate::sources::{
    Api, AppIdentity, AppKey, Ask, Auth, Connection, Exchange, Integration, Parsed, Reject, SettingsFault, Source, Turn, signature,
};
use axum::http::HeaderMap;
use engine::Timestamp;
use names::Namer;
use url::Url;

pub(super) const KIND: &str = "github";
const DEFAULT_API: &str = "https://api.github.com";

struct Github {
    secrets: Vec<Secret>,
    namer: Namer,
    way: Way,
}

/// How this integration answers what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As the application whose protection rule waits. GitHub takes it from nobody else.
    AsApp,
    /// As a person or bot who is a required reviewer. An application can't be one.
    AsReviewer,
    /// Not at all: it only listens.
    Silent,
}

pub(super) fn connect(integration: &Integration, realm: &Realm) -> Result<Connection, SettingsFault> {
    integration.takes_only(&["api_url", "token", "app_id", "private_key"])?;
    let base = base(integration)?;
    let (way, auth) = identity(integration)?;
    let namer = Namer::new(integration.name.clone(), realm.0.clone(), base.clone());
    Ok(Connection {
        name: integration.name.clone(),
        kind: KIND,
        title: "GitHub",
        source: Box::new(Github { secrets: integration.secret.clone(), namer, way }),
        api: auth.map(|auth| Api { base, auth }),
    })
}

fn base(integration: &Integration) -> Result<Url, SettingsFault> {
    let fault = || SettingsFault::BadApiUrl { name: integration.name.to_string() };
    let base = match &integration.api_url {
        Some(url) => url.clone(),
        None => Url::parse(DEFAULT_API).map_err(|_| fault())?,
    };
    Api::check_base(&base).then_some(base).ok_or_else(fault)
}

/// An application or a reviewer; both at once could answer each other's questions.
fn identity(integration: &Integration) -> Result<(Way, Option<Auth>), SettingsFault> {
    let name = || integration.name.to_string();
    match (integration.app_id, &integration.private_key, &integration.token) {
        (Some(id), Some(pem), None) => {
            let bad = |why: &str| SettingsFault::BadKey { name: name(), key: "private_key", why: why.to_owned() };
            let key = AppKey::read(pem).map_err(bad)?;
            let identity = AppIdentity { issuer: id.to_string(), key, borrowing: lending::borrowing, loan: lending::loan };
            Ok((Way::AsApp, Some(Auth::App(identity))))
        }
        (None, None, Some(token)) => Ok((Way::AsReviewer, Some(Auth::Bearer(token.clone())))),
        (None, None, None) => Ok((Way::Silent, None)),
        (Some(_), Some(_), Some(_)) => {
            let why = "either app_id and private_key, or token: with both it is not clear who answers".to_owned();
            Err(SettingsFault::BadKey { name: name(), key: "token", why })
        }
        (Some(_), None, _) => Err(SettingsFault::MissingKey { name: name(), key: "private_key", why: "it belongs together with app_id" }),
        (None, Some(_), _) => Err(SettingsFault::MissingKey { name: name(), key: "app_id", why: "it belongs together with private_key" }),
    }
}

impl Source for Github {
    /// <https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>; the SHA-1 header is not looked at.
    fn verify(&self, headers: &HeaderMap, body: &[u8], _now: Timestamp) -> Result<(), Reject> {
        signature::hmac_any(&self.secrets, headers, "X-Hub-Signature-256", body)
    }

    fn parse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
        hook::parse(&self.namer, self.way, headers, body)
    }

    /// Only a rule of an application has words of its own.
    fn shows_reports(&self) -> bool {
        self.way == Way::AsApp
    }

    fn converse(&self, ask: &Ask<'_>, so_far: &[Exchange]) -> Turn {
        match *ask {
            Ask::Authors { callback, commit } => authors::next(&self.namer, callback, commit, so_far),
            Ask::Report { callback, words } => report::next(callback, words, so_far),
            Ask::Decision { callback, decision, comment, .. } => match self.way {
                Way::AsApp => decision::as_app(callback, decision, comment, so_far),
                Way::AsReviewer => decision::as_reviewer(callback, decision, comment, so_far),
                Way::Silent => Turn::Failed { why: format!("{} has no credentials to answer with", self.namer.integration) },
            },
        }
    }
}
