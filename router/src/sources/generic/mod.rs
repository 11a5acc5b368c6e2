//! A system that we don't know by name: a step's JSON in, in its own field names and under its own signature, and a
//! signed callback out.

mod callback;
mod mapping;

#[cfg(test)]
mod tests;

use crate::secret::Secret;
use crate::sources::registry::Realm;
use crate::sources::signing::Proof;
use crate::sources::standard_webhooks;
use crate::sources::step::{EVENT, Sender, Step};
use crate::sources::{Api, Ask, Auth, Connection, Exchange, Integration, Parsed, Reject, SettingsFault, Signal, Source, Turn, delivery};
use axum::http::HeaderMap;
use callback::Receiver;
use engine::Timestamp;
use engine::ids::{ChangeKey, IntegrationName};
use mapping::Mapping;
use serde_json::Value;

pub(super) const KIND: &str = "generic";

struct Generic {
    secrets: Vec<Secret>,
    integration: IntegrationName,
    realm: String,
    proof: Proof,
    /// `None`: the body has our names already.
    mapping: Option<Mapping>,
    /// `None`: nobody is called, the sender polls.
    receiver: Option<Receiver>,
}

pub(super) fn connect(integration: &Integration, realm: &Realm) -> Result<Connection, SettingsFault> {
    integration.takes_only(&["signature", "fields", "callback_url", "token"])?;
    let bad = |key: &'static str| move |why: String| SettingsFault::BadKey { name: integration.name.to_string(), key, why };
    let proof = match &integration.signature {
        Some(written) => Proof::of(written, &integration.secret).map_err(bad("signature"))?,
        None => Proof::Bearer,
    };
    let mapping = integration.fields.as_ref().map(Mapping::of).transpose().map_err(bad("fields"))?;
    let receiver = Receiver::of(integration)?;
    let api = receiver.as_ref().map(|receiver| Api { base: receiver.origin.clone(), auth: Auth::Signature });
    let (secrets, name) = (integration.secret.clone(), integration.name.clone());
    let source = Generic { secrets, integration: name.clone(), realm: realm.0.clone(), proof, mapping, receiver };
    Ok(Connection { name, kind: KIND, title: "the pipeline", source: Box::new(source), api })
}

impl Source for Generic {
    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject> {
        self.proof.verify(&self.secrets, headers, body, now)
    }

    fn parse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
        let own = delivery::header(headers, standard_webhooks::ID).or_else(|| delivery::header(headers, "Idempotency-Key"));
        let key = own.unwrap_or_else(|| delivery::digest(&[EVENT.as_bytes(), body]));
        let json: Value = serde_json::from_slice(body).map_err(|error| Reject::malformed("", format!("the body is not JSON: {error}")))?;
        let step = match &self.mapping {
            Some(mapping) => mapping.read(&json)?,
            None => Step::read(&json)?,
        };
        let sender = Sender { kind: KIND, integration: &self.integration, realm: &self.realm };
        let change = self.key(&sender, &step);
        let callback = self.receiver.as_ref().map(|_| callback::of(&self.integration, &step, &change));
        let wish = step.wish(&sender, change, callback);
        Ok(Parsed { key, event: EVENT.to_owned(), signals: vec![Signal::Opens(Box::new(wish))] })
    }

    fn converse(&self, ask: &Ask<'_>, so_far: &[Exchange]) -> Turn {
        match (*ask, &self.receiver) {
            (Ask::Authors { .. }, _) => Turn::Failed { why: "nobody is asked who wrote a commit: the pipeline step names them".to_owned() },
            (Ask::Report { .. }, _) => Turn::no_reports(),
            (Ask::Decision { .. }, None) => Turn::Failed { why: "no callback_url is configured any more".to_owned() },
            (Ask::Decision { callback, decision, comment, occasion }, Some(receiver)) => {
                receiver.next(&callback::Told { callback, decision, comment, occasion }, so_far)
            }
        }
    }
}

impl Generic {
    /// A build's gate, where the step says which; else what is asked for is known by what it is.
    fn key(&self, sender: &Sender<'_>, step: &Step) -> ChangeKey {
        let integration = &self.integration;
        ChangeKey::new(match (&step.job, step.build) {
            (Some(job), Some(build)) => {
                format!("{integration}:{job}#{build}:{}", step.input_id.as_deref().unwrap_or(&step.environment))
            }
            (Some(_) | None, _) => format!("{integration}:{}:{}:{}", step.service, step.environment, step.subject(sender).digest()),
        })
    }
}
