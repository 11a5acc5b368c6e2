//! Which integrations exist, by name. A new kind of source is one file and one line in [`KINDS`].

use crate::sources::{Api, Integration, SettingsFault, Source, argocd, generic, github, gitlab, jenkins};
use engine::ids::IntegrationName;
use std::collections::BTreeMap;

/// A source's name, and how an `[[integration]]` of it becomes a connection.
struct Kind {
    name: &'static str,
    connect: fn(&Integration, &Realm) -> Result<Connection, SettingsFault>,
}

const KINDS: &[Kind] = &[
    Kind { name: gitlab::KIND, connect: gitlab::connect },
    Kind { name: github::KIND, connect: github::connect },
    Kind { name: jenkins::KIND, connect: jenkins::connect },
    Kind { name: argocd::KIND, connect: argocd::connect },
    Kind { name: generic::KIND, connect: generic::connect },
];

/// Kinds that the configuration's format names already, so that they are not taken for misspellings.
const PLANNED: &[&str] =
    &["pagerduty", "opsgenie", "alertmanager", "grafana", "servicenow", "jira", "flagger", "terraform", "azure", "cloudevents", "standard"];

/// The longest name of an integration, in bytes; it stands in URLs and change keys.
const NAME_BYTES: usize = 64;
/// Active secrets of one integration at a time.
const SECRETS: usize = 8;

/// Under which key the directory knows an integration's accounts.
pub(crate) struct Realm(pub String);

/// One integration, ready to verify, parse and converse.
pub struct Connection {
    pub name: IntegrationName,
    pub kind: &'static str,
    /// What people call it.
    pub title: &'static str,
    pub source: Box<dyn Source>,
    /// `None`: it listens only, a decision can't be sent there.
    pub api: Option<Api>,
}

/// Every integration of the configuration.
pub struct Sources {
    connections: BTreeMap<IntegrationName, Connection>,
}

impl Sources {
    /// The first fault, in the order of the file.
    pub fn build(integrations: &[Integration]) -> Result<Self, SettingsFault> {
        let mut connections = BTreeMap::new();
        for integration in integrations {
            check(integration)?;
            let connection = (kind(integration)?.connect)(integration, &realm(integration, integrations))?;
            if connections.insert(integration.name.clone(), connection).is_some() {
                return Err(SettingsFault::SameName { name: integration.name.to_string() });
            }
        }
        Ok(Self { connections })
    }

    pub fn named(&self, name: &str) -> Option<&Connection> {
        self.connections.get(&IntegrationName::new(name))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Connection> {
        self.connections.values()
    }
}

fn check(integration: &Integration) -> Result<(), SettingsFault> {
    let name = integration.name.to_string();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if name.is_empty() || name.len() > NAME_BYTES || !name.bytes().all(allowed) {
        return Err(SettingsFault::BadName { name });
    }
    if integration.secret.is_empty() {
        return Err(SettingsFault::NoSecret { name });
    }
    if integration.secret.len() > SECRETS {
        return Err(SettingsFault::TooManySecrets { name, limit: SECRETS });
    }
    Ok(())
}

fn kind(integration: &Integration) -> Result<&'static Kind, SettingsFault> {
    if let Some(found) = KINDS.iter().find(|known| known.name == integration.kind) {
        return Ok(found);
    }
    let (name, kind) = (integration.name.to_string(), integration.kind.clone());
    let known = KINDS.iter().map(|known| known.name).collect::<Vec<_>>().join(", ");
    if PLANNED.contains(&kind.as_str()) {
        return Err(SettingsFault::NotBuilt { name, kind, known });
    }
    Err(SettingsFault::UnknownKind { name, kind, known })
}

/// User 17 of one instance is not user 17 of another, so two integrations of a kind have a realm each.
fn realm(integration: &Integration, all: &[Integration]) -> Realm {
    let alone = all.iter().filter(|other| other.kind == integration.kind).count() == 1;
    Realm(if alone { integration.kind.clone() } else { integration.name.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::Auth;

    fn build(toml: &str) -> Result<Sources, String> {
        #[derive(serde::Deserialize)]
        struct File {
            integration: Vec<Integration>,
        }
        let file: File = toml::from_str(toml).unwrap();
        Sources::build(&file.integration).map_err(|fault| fault.to_string())
    }

    fn one(lines: &str) -> Result<Sources, String> {
        build(&format!("[[integration]]\n{lines}"))
    }

    #[test]
    fn an_integration_needs_a_name_a_kind_and_a_secret() {
        let sources = one("name = 'gitlab-main'\nkind = 'gitlab'\nsecret = 'x'").unwrap();
        let connection = sources.named("gitlab-main").unwrap();
        assert!(connection.kind == "gitlab" && connection.api.is_none());
        assert!(sources.named("gitlab").is_none());
    }

    #[test]
    fn a_token_makes_it_callable_at_its_own_or_the_default_address() {
        let base = |line: &str| {
            let sources = one(&format!("name = 'g'\nkind = 'gitlab'\nsecret = 'x'\ntoken = 't'\n{line}")).unwrap();
            let api = sources.named("g").unwrap().api.clone().unwrap();
            assert!(matches!(&api.auth, Auth::PrivateToken(token) if token.expose() == "t"));
            api.base.to_string()
        };
        assert_eq!(base(""), "https://gitlab.com/api/v4");
        assert_eq!(base("api_url = 'http://127.0.0.1:8080/api/v4/'"), "http://127.0.0.1:8080/api/v4/");
    }

    #[test]
    fn faults_say_what_is_wrong() {
        let cases = [
            ("name = 'a/b'\nkind = 'gitlab'\nsecret = 'x'", "a name is 1 to 64"),
            ("name = ''\nkind = 'gitlab'\nsecret = 'x'", "a name is 1 to 64"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = []", "the secret list is empty"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = ['1','2','3','4','5','6','7','8','9']", "more than 8 secrets"),
            ("name = 'a'\nkind = 'githup'\nsecret = 'x'", "is not known; this build knows gitlab, github, jenkins"),
            ("name = 'a'\nkind = 'flagger'\nsecret = 'x'", "is planned but not in this build"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = 'x'\napp_id = 1", "app_id is not a key of kind gitlab"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = 'x'\napi_url = 'ftp://gitlab.test'", "api_url must be http or https"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = 'x'\napi_url = 'https://me:pw@gitlab.test'", "api_url must be http or https"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = 'x'\napi_url = 'https://gitlab.test/?a=b'", "api_url must be http or https"),
            ("name = 'a'\nkind = 'gitlab'\nsecret = 'x'\n[[integration]]\nname = 'a'\nkind = 'github'\nsecret = 'x'", "stands twice"),
        ];
        for (lines, expected) in cases {
            let fault = one(lines).err().unwrap_or_default();
            assert!(fault.contains(expected), "{lines}: {fault}");
        }
    }

    #[test]
    fn two_of_a_kind_have_a_realm_each() {
        let integration =
            |name: &str, kind: &str| -> Integration { toml::from_str(&format!("name = '{name}'\nkind = '{kind}'\nsecret = 'x'")).unwrap() };
        let all = [integration("one", "gitlab"), integration("two", "gitlab"), integration("three", "github")];
        let realms: Vec<String> = all.iter().map(|each| realm(each, &all).0).collect();
        assert_eq!(realms, ["one", "two", "github"]);
    }
}
