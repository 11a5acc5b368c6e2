//! GitHub: deliveries are verified and kept; none of them is handled yet, so none is answered.

use crate::secret::Secret;
use crate::sources::registry::Realm;
use crate::sources::{Ask, Connection, Exchange, Integration, Parsed, Reject, SettingsFault, Source, Turn, delivery, signature};
use axum::http::HeaderMap;
use engine::Timestamp;

pub(super) const KIND: &str = "github";

struct Github {
    secrets: Vec<Secret>,
}

/// Keys for calling GitHub are refused, so that nobody waits for an answer that this build never sends.
pub(super) fn connect(integration: &Integration, _realm: &Realm) -> Result<Connection, SettingsFault> {
    integration.takes_only(&["api_url", "token", "app_id", "private_key"])?;
    let given = [
        ("api_url", integration.api_url.is_some()),
        ("token", integration.token.is_some()),
        ("app_id", integration.app_id.is_some()),
        ("private_key", integration.private_key.is_some()),
    ];
    if let Some((key, _)) = given.into_iter().find(|(_, given)| *given) {
        return Err(SettingsFault::KeyNotBuilt { name: integration.name.to_string(), key, kind: KIND.to_owned() });
    }
    let source = Box::new(Github { secrets: integration.secret.clone() });
    Ok(Connection { name: integration.name.clone(), kind: KIND, title: "GitHub", source, api: None })
}

impl Source for Github {
    /// <https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>; the SHA-1 header is not looked at.
    fn verify(&self, headers: &HeaderMap, body: &[u8], _now: Timestamp) -> Result<(), Reject> {
        signature::hmac_any(&self.secrets, headers, "X-Hub-Signature-256", body)
    }

    /// A redelivery keeps its `X-GitHub-Delivery`.
    fn parse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
        let event = delivery::event(headers, "X-GitHub-Event");
        let key = delivery::header(headers, "X-GitHub-Delivery").unwrap_or_else(|| delivery::digest(&[event.as_bytes(), body]));
        Ok(Parsed { key, event, signals: Vec::new() })
    }

    /// Nothing opens a change here, so there is nothing to ask; a change of an older configuration hears why.
    fn converse(&self, _ask: &Ask<'_>, _so_far: &[Exchange]) -> Turn {
        Turn::Failed { why: "this build does not call GitHub".to_owned() }
    }
}

#[cfg(test)]
mod tests;
