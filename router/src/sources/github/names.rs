//! How accounts, keys and addresses of one GitHub are named.

use crate::sources::Account;
use crate::sources::reading::Fields;
use engine::ids::{ChangeKey, IntegrationName};
use url::Url;

/// What the host of a private commit address begins with.
const NO_REPLY: &str = "users.noreply.";
/// Who is named as committer of what was merged on GitHub's own pages.
const WEB_FLOW: &str = "web-flow";

pub struct Namer {
    pub integration: IntegrationName,
    /// The directory's key for accounts of this instance.
    pub realm: String,
    /// Where its API is.
    pub api: Url,
}

impl Namer {
    pub fn new(integration: IntegrationName, realm: String, api: Url) -> Self {
        Self { integration, realm, api }
    }

    /// As with every source, the key begins with the integration: a repository's id is unique within one instance only.
    pub fn key(&self, repository: i64, environment: &str, commit: &str, run: i64) -> ChangeKey {
        ChangeKey::new(format!("{}:{repository}:{environment}:{commit}:{run}", self.integration))
    }

    /// The account that stands at this place of a body.
    pub fn account(&self, fields: &Fields<'_>, pointer: &str) -> Account {
        let id = fields.number(&format!("{pointer}/id")).map(|id| id.to_string());
        let label = match &id {
            Some(id) => format!("{} user {id}", self.realm),
            None => format!("somebody whom {} does not name", self.integration),
        };
        Account { kind: self.realm.clone(), integration: self.integration.clone(), id, email: None, label }
    }

    /// A private commit address carries the id of its owner.
    pub fn somebody(&self, id: Option<i64>, email: Option<String>, label: String) -> Account {
        let id = id.map(|id| id.to_string()).or_else(|| self.private_id(email.as_deref()?));
        Account { kind: self.realm.clone(), integration: self.integration.clone(), id, email, label }
    }

    /// `583231+somebody@…` → `583231`. Under another host it would be another instance's number.
    fn private_id(&self, email: &str) -> Option<String> {
        let (local, host) = email.rsplit_once('@')?;
        let (id, login) = local.split_once('+')?;
        let is_id = !id.is_empty() && !login.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_ours = host.strip_prefix(NO_REPLY).is_some_and(|host| host.eq_ignore_ascii_case(self.host()));
        (is_id && is_ours).then(|| id.to_owned())
    }

    /// `api.github.com` serves `github.com`; an Enterprise Server serves both itself.
    fn host(&self) -> &str {
        let host = self.api.host_str().unwrap_or_default();
        host.strip_prefix("api.").unwrap_or(host)
    }
}

/// GitHub itself, which signs what it commits. Anybody can write its name into a commit, so an unsigned one is not its.
pub fn is_web_flow(commit: &Fields<'_>) -> bool {
    let is_signed = commit.0.pointer("/commit/verification/verified").and_then(serde_json::Value::as_bool) == Some(true);
    is_signed && commit.text("/committer/login").as_deref() == Some(WEB_FLOW)
}
