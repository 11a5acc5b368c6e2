//! Somebody as a source names them, and who that is in the directory.

use engine::directory::Directory;
use engine::ids::{IntegrationName, PersonId};
use engine::request::Initiator;
use serde::{Deserialize, Serialize};

/// What stands for the id where a source gives none.
const UNNAMED: &str = "(not named)";

/// An account or an address of a source. Both may be missing; then it is nobody we know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// The directory's key: the integration's kind, or its name where two have the same kind.
    pub kind: String,
    pub integration: IntegrationName,
    /// The stable id, never a user name: GitLab and GitHub let people rename themselves.
    pub id: Option<String>,
    /// May exclude a person, never make one eligible.
    pub email: Option<String>,
    /// For people, without an address: `gitlab user 17`, `author of a1b2c3d4`.
    pub label: String,
}

impl Account {
    /// The kind of a person's own id in the directory, as a pipeline may write it.
    pub const DIRECTORY: &'static str = "directory";

    /// By explicit link; only where there is none, by e-mail.
    pub fn person<'a>(&self, directory: &'a Directory) -> Option<&'a PersonId> {
        self.linked(directory).or_else(|| directory.by_email(self.email.as_deref()?))
    }

    /// By explicit link only. The integration's own name is understood too, so that a link outlives a second integration.
    pub fn linked<'a>(&self, directory: &'a Directory) -> Option<&'a PersonId> {
        let id = self.id.as_deref()?;
        if self.kind == Self::DIRECTORY {
            return directory.person(&PersonId::from(id)).map(|person| &person.id);
        }
        directory.by_account(&self.kind, id).or_else(|| directory.by_account(self.integration.as_str(), id))
    }

    /// Being the initiator only ever excludes, so an e-mail is enough here.
    pub fn initiator(&self, directory: &Directory) -> Initiator {
        match self.person(directory) {
            Some(person) => Initiator::Person(person.clone()),
            None => Initiator::Unknown { kind: self.kind.clone(), account: self.id.clone().unwrap_or_else(|| UNNAMED.to_owned()) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::directory::Person;
    use std::collections::BTreeMap;

    fn directory() -> Directory {
        let person = |id: &str, kind: &str, account: &str| Person {
            id: id.into(),
            name: id.to_owned(),
            email: Some(format!("{id}@example.com")),
            accounts: BTreeMap::from([(kind.to_owned(), account.to_owned())]),
        };
        Directory::new(vec![person("approver-1", "gitlab", "17"), person("approver-2", "gitlab-eu", "17")], BTreeMap::new())
    }

    fn account(kind: &str, integration: &str, id: Option<&str>, email: Option<&str>) -> Account {
        let label = "gitlab user 17".to_owned();
        Account {
            kind: kind.to_owned(),
            integration: integration.into(),
            id: id.map(str::to_owned),
            email: email.map(str::to_owned),
            label,
        }
    }

    #[test]
    fn a_link_goes_before_an_address() {
        let known = account("gitlab", "gitlab-main", Some("17"), Some("approver-2@example.com"));
        assert_eq!(known.initiator(&directory()), Initiator::Person("approver-1".into()));
        let by_address = account("gitlab", "gitlab-main", Some("99"), Some("Approver-2@Example.com"));
        assert_eq!(by_address.initiator(&directory()), Initiator::Person("approver-2".into()));
        assert_eq!(by_address.linked(&directory()), None);
    }

    #[test]
    fn the_same_number_at_another_instance_is_somebody_else() {
        let other = account("gitlab-eu", "gitlab-eu", Some("17"), None);
        assert_eq!(other.linked(&directory()), Some(&"approver-2".into()));
    }

    #[test]
    fn nobody_known_stays_an_account() {
        let unknown = |account: &str| Initiator::Unknown { kind: "gitlab".to_owned(), account: account.to_owned() };
        assert_eq!(account("gitlab", "gitlab-main", Some("99"), None).initiator(&directory()), unknown("99"));
        assert_eq!(account("gitlab", "gitlab-main", None, None).initiator(&directory()), unknown("(not named)"));
    }
}
