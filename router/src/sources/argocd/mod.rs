//! Argo CD: our notification templates in, a sync of exactly the approved revision out, and a gate for PreSync hooks.
//!
//! Facts are from Argo CD's public documentation and API description; docs/integrations says what was not checked.

mod application;
mod authors;
mod decision;
mod hook;
mod judgement;
mod revision;

#[cfg(test)]
mod tests;

use crate::secret::Secret;
use crate::sources::registry::Realm;
use crate::sources::{Ask, Auth, Connection, Exchange, Integration, Parsed, Polled, Reject, SettingsFault, Source, Turn, signature};
use axum::http::HeaderMap;
use engine::Timestamp;
use engine::ids::{ChangeKey, IntegrationName};

pub(super) const KIND: &str = "argocd";
/// As the published change schema names it.
const CALLBACK: &str = "argocd.sync";

struct Argocd {
    secrets: Vec<Secret>,
    integration: IntegrationName,
    realm: String,
    answering: Answering,
}

/// Who brings the decision to Argo CD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answering {
    /// We sync, by its API.
    Sync,
    /// Its hooks ask us.
    Polled,
}

pub(super) fn connect(integration: &Integration, realm: &Realm) -> Result<Connection, SettingsFault> {
    integration.takes_only(&["api_url", "token"])?;
    let api = integration.own_api(Auth::Bearer)?;
    let source = Argocd {
        secrets: integration.secret.clone(),
        integration: integration.name.clone(),
        realm: realm.0.clone(),
        answering: if api.is_some() { Answering::Sync } else { Answering::Polled },
    };
    Ok(Connection { name: integration.name.clone(), kind: KIND, title: "Argo CD", source: Box::new(source), api })
}

impl Source for Argocd {
    fn verify(&self, headers: &HeaderMap, _body: &[u8], _now: Timestamp) -> Result<(), Reject> {
        signature::bearer_any(&self.secrets, headers)
    }

    fn parse(&self, _headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
        hook::parse(self, body)
    }

    fn converse(&self, ask: &Ask<'_>, so_far: &[Exchange]) -> Turn {
        match *ask {
            Ask::Authors { callback, .. } => authors::next(self, callback, so_far),
            Ask::Report { .. } => Turn::no_reports(),
            Ask::Decision { callback, decision, comment, occasion } => {
                decision::next(callback, &decision::Told { decision, comment, earlier: &occasion.earlier }, so_far)
            }
        }
    }

    /// `/v1/gates/argocd/{application}?environment=…&revision=…`
    fn polled(&self, question: &Polled<'_>) -> Option<Result<ChangeKey, Reject>> {
        let key = || Ok(self.key(question.path, question.required("environment")?, question.required("revision")?));
        Some(key())
    }
}

impl Argocd {
    /// By the application's name and not its uid: a hook that asks knows no uid. An application that was made anew
    /// under an old name is told apart before anything is synced. The environment belongs to the key, because an
    /// application can be pointed elsewhere while its revision stays.
    fn key(&self, application: &str, environment: &str, revision: &str) -> ChangeKey {
        ChangeKey::new(format!("{}:{application}:{environment}:{revision}", self.integration))
    }
}
