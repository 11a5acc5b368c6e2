//! GitLab: deployment, job, pipeline and merge request hooks in, approvals of protected environments and manual jobs out.
//!
//! Facts are from GitLab's public documentation and source: webhook events, deployments API, jobs API.

mod approve;
mod authors;
mod by_job;
mod decision;
mod deployment;
mod hook;
mod job;
mod merge_request;
mod names;
mod pipeline;
mod reject;
mod run;
mod target;

#[cfg(test)]
mod tests;

use crate::secret::Secret;
use crate::sources::registry::Realm;
use crate::sources::{
    Api, Ask, Auth, Connection, Exchange, Integration, Parsed, Reject, SettingsFault, Source, Turn, signature, standard_webhooks,
};
use axum::http::HeaderMap;
use engine::Timestamp;
use names::Namer;
use url::Url;

pub(super) const KIND: &str = "gitlab";
/// As the published change schema names it.
pub(super) const CALLBACK: &str = "gitlab.deployment_approval";
/// Of a change that a job hook opened: it names no deployment.
const BY_JOB: &str = "gitlab.job_play";
/// By which a request says that it is signed.
const SIGNATURE: &str = "webhook-signature";
const DEFAULT_API: &str = "https://gitlab.com/api/v4";

struct Gitlab {
    secrets: Vec<Secret>,
    namer: Namer,
}

pub(super) fn connect(integration: &Integration, realm: &Realm) -> Result<Connection, SettingsFault> {
    integration.takes_only(&["api_url", "token"])?;
    let base = base(integration)?;
    let host = base.host_str().unwrap_or_default().to_owned();
    let namer = Namer { integration: integration.name.clone(), realm: realm.0.clone(), host };
    Ok(Connection {
        name: integration.name.clone(),
        kind: KIND,
        title: "GitLab",
        source: Box::new(Gitlab { secrets: integration.secret.clone(), namer }),
        api: integration.token.clone().map(|token| Api { base, auth: Auth::PrivateToken(token) }),
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

impl Source for Gitlab {
    /// A request that carries a signature has to pass it, whatever its token is. Without one the token is compared as it
    /// is: GitLab sends the secret itself, so only TLS keeps it.
    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject> {
        if headers.contains_key(SIGNATURE) {
            let keys: Vec<Vec<u8>> = self.secrets.iter().flat_map(standard_webhooks::likely_keys).collect();
            return standard_webhooks::verify(&keys, standard_webhooks::TOLERANCE_S, headers, body, now);
        }
        signature::equals_any(&self.secrets, headers, "X-Gitlab-Token")
    }

    fn parse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
        hook::parse(&self.namer, headers, body)
    }

    fn converse(&self, ask: &Ask<'_>, so_far: &[Exchange]) -> Turn {
        match *ask {
            Ask::Authors { callback, commit } => authors::next(&self.namer, callback, commit, so_far),
            Ask::Report { .. } => Turn::no_reports(),
            Ask::Decision { callback, decision, comment, .. } if callback.kind == BY_JOB => {
                by_job::next(callback, decision, comment, so_far)
            }
            Ask::Decision { callback, decision, comment, .. } => decision::next(callback, decision, comment, so_far),
        }
    }
}
