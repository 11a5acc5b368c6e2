//! `[[integration]]` of the configuration.

use crate::secret::Secret;
use crate::sources::signing::Signature;
use crate::sources::{Api, Auth};
use engine::ids::IntegrationName;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use url::Url;

/// One `[[integration]]` as it is written. Which keys a kind takes is judged by [`super::Sources::build`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// → `POST /hooks/<name>`.
    pub name: IntegrationName,
    pub kind: String,
    /// Several while rotating; a single value stands for a list of one.
    #[serde(deserialize_with = "one_or_many")]
    pub secret: Vec<Secret>,
    #[serde(default)]
    pub api_url: Option<Url>,
    /// Without it the integration listens only.
    #[serde(default)]
    pub token: Option<Secret>,
    #[serde(default)]
    pub app_id: Option<u64>,
    #[serde(default)]
    pub private_key: Option<Secret>,
    /// How deliveries prove themselves.
    #[serde(default)]
    pub signature: Option<Signature>,
    /// Our name → JSON pointer into the sender's body.
    #[serde(default)]
    pub fields: Option<BTreeMap<String, String>>,
    /// Where decisions are posted to.
    #[serde(default)]
    pub callback_url: Option<Url>,
}

impl Integration {
    /// One that listens, with nothing but what every kind needs.
    pub fn listening(name: IntegrationName, kind: &str, secret: Vec<Secret>) -> Self {
        Self {
            name,
            kind: kind.to_owned(),
            secret,
            api_url: None,
            token: None,
            app_id: None,
            private_key: None,
            signature: None,
            fields: None,
            callback_url: None,
        }
    }

    /// Refuses the keys of other kinds.
    pub(crate) fn takes_only(&self, keys: &[&str]) -> Result<(), SettingsFault> {
        let given = [
            ("api_url", self.api_url.is_some()),
            ("token", self.token.is_some()),
            ("app_id", self.app_id.is_some()),
            ("private_key", self.private_key.is_some()),
            ("signature", self.signature.is_some()),
            ("fields", self.fields.is_some()),
            ("callback_url", self.callback_url.is_some()),
        ];
        match given.into_iter().find(|(key, given)| *given && !keys.contains(key)) {
            Some((key, _)) => Err(SettingsFault::ForeignKey { name: self.name.to_string(), key, kind: self.kind.clone() }),
            None => Ok(()),
        }
    }

    /// A tool that runs at its own address has no default: with a token, `api_url` is needed. `None`: it listens only.
    pub(crate) fn own_api(&self, auth: fn(Secret) -> Auth) -> Result<Option<Api>, SettingsFault> {
        let name = || self.name.to_string();
        let Some(token) = &self.token else { return Ok(None) };
        let Some(base) = &self.api_url else {
            return Err(SettingsFault::MissingKey {
                name: name(),
                key: "api_url",
                why: "a token is given, and this kind has no address by default",
            });
        };
        if !Api::check_base(base) {
            return Err(SettingsFault::BadApiUrl { name: name() });
        }
        Ok(Some(Api { base: base.clone(), auth: auth(token.clone()) }))
    }
}

/// Why the integrations of a configuration can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFault {
    #[error("integration “{name}”: a name is 1 to 64 letters, digits, “-”, “_” or “.”")]
    BadName { name: String },
    #[error("integration “{name}” stands twice; names are unique")]
    SameName { name: String },
    #[error("integration “{name}”: the kind “{kind}” is not known; this build knows {known}")]
    UnknownKind { name: String, kind: String, known: String },
    #[error("integration “{name}”: the kind “{kind}” is planned but not in this build; it knows {known}")]
    NotBuilt { name: String, kind: String, known: String },
    #[error("integration “{name}”: the secret list is empty, so no delivery could be verified")]
    NoSecret { name: String },
    #[error("integration “{name}”: more than {limit} secrets")]
    TooManySecrets { name: String, limit: usize },
    #[error("integration “{name}”: api_url must be http or https, without user, query and fragment")]
    BadApiUrl { name: String },
    #[error("integration “{name}”: {key} is not a key of kind {kind}")]
    ForeignKey { name: String, key: &'static str, kind: String },
    #[error("integration “{name}”: {key} is needed: {why}")]
    MissingKey { name: String, key: &'static str, why: &'static str },
    #[error("integration “{name}”: {key} can't be used: {why}")]
    BadKey { name: String, key: &'static str, why: String },
}

pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Secret>, D::Error> {
    struct OneOrMany;

    impl<'de> serde::de::Visitor<'de> for OneOrMany {
        type Value = Vec<Secret>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a secret or a list of them")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Secret::new(text).map(|secret| vec![secret]).map_err(E::custom)
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            Secret::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|secret| vec![secret])
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut secrets = Vec::new();
            while let Some(secret) = seq.next_element()? {
                secrets.push(secret);
            }
            Ok(secrets)
        }
    }

    deserializer.deserialize_any(OneOrMany)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "name = 'gitlab-main'\nkind = 'gitlab'\n";

    fn secrets(line: &str) -> Result<Vec<String>, String> {
        let integration = toml::from_str::<Integration>(&format!("{HEAD}{line}")).map_err(|error| error.message().to_owned())?;
        Ok(integration.secret.iter().map(|secret| secret.expose().to_owned()).collect())
    }

    #[test]
    fn a_secret_may_stand_alone_or_in_a_list() {
        assert_eq!(secrets("secret = 'a'").unwrap(), ["a"]);
        assert_eq!(secrets("secret = { env = 'CARGO_PKG_NAME' }").unwrap(), ["router"]);
        assert_eq!(secrets("secret = ['a', { env = 'CARGO_PKG_NAME' }]").unwrap(), ["a", "router"]);
    }

    #[test]
    fn wrong_shapes_and_unknown_keys_are_faults_that_show_no_secret() {
        for line in ["secret = 1", "secret = ''", "secret = ['']", "secret = ['hunter2', 3]", "secret = 'hunter2'\nsecrets = 'x'", ""] {
            let message = secrets(line).unwrap_err();
            assert!(!message.contains("hunter2"), "{line}: {message}");
        }
    }
}
