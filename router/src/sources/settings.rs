//! `[[integration]]` of the configuration.

use crate::secret::Secret;
use engine::ids::IntegrationName;
use serde::{Deserialize, Deserializer};
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
    #[error("integration “{name}”: app_id and private_key belong together; one of them is missing")]
    HalfAnApp { name: String },
    #[error("integration “{name}”: either app_id and private_key, or token; with both it is not clear who answers")]
    TwoIdentities { name: String },
    #[error("integration “{name}”: private_key: {why}")]
    BadPrivateKey { name: String, why: &'static str },
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
