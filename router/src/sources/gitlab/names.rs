//! How accounts, keys and addresses of one GitLab are named.

use crate::sources::Account;
use crate::sources::reading::Fields;
use engine::ids::{ChangeKey, IntegrationName};

/// What the host of a private commit address begins with.
const NO_REPLY: &str = "users.noreply.";

#[derive(Clone)]
pub struct Namer {
    pub integration: IntegrationName,
    /// The directory's key for accounts of this instance.
    pub realm: String,
    /// Where its web pages are: `gitlab.example.com`.
    pub host: String,
}

impl Namer {
    /// A project's id is unique within one instance only, and a second instance that is added later must not rename
    /// the keys of open changes; so the key begins with the integration, not with the kind.
    pub fn key(&self, project: i64, environment: &str, commit: &str) -> ChangeKey {
        ChangeKey::new(format!("{}{environment}:{commit}", self.keys_begin(project)))
    }

    /// What the keys of all changes of a project begin with.
    pub fn keys_begin(&self, project: i64) -> String {
        format!("{}:{project}:", self.integration)
    }

    /// GitLab writes `[REDACTED]` where the reader may not see an address.
    pub fn account(&self, fields: &Fields<'_>, pointer: &str) -> Account {
        let id = fields.number(&format!("{pointer}/id")).map(|id| id.to_string());
        let email = fields.text(&format!("{pointer}/email")).filter(|email| email.contains('@'));
        let label = match &id {
            Some(id) => format!("{} user {id}", self.realm),
            None => format!("somebody whom {} does not name", self.integration),
        };
        Account { kind: self.realm.clone(), integration: self.integration.clone(), id, email, label }
    }

    /// A private commit address carries the id of its owner.
    pub fn somebody(&self, id: Option<i64>, email: Option<String>, label: String) -> Account {
        let id = id.map(|id| id.to_string()).or_else(|| self.private_id(email.as_deref()?));
        Account { kind: self.realm.clone(), integration: self.integration.clone(), id, email, label }
    }

    /// `17-user@users.noreply.gitlab.example.com` → `17`. Under another host it would be another instance's number.
    fn private_id(&self, email: &str) -> Option<String> {
        let (local, host) = email.rsplit_once('@')?;
        let (id, user) = local.split_once('-')?;
        let is_id = !id.is_empty() && !user.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        let is_ours = host.strip_prefix(NO_REPLY).is_some_and(|host| host.eq_ignore_ascii_case(&self.host));
        (is_id && is_ours).then(|| id.to_owned())
    }
}
