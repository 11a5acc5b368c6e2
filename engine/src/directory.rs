//! Who exists, under which accounts, in which groups. Where that comes from is not known here.

use crate::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A group of a directory source: `file:payments-devs` is source `file`, group `payments-devs`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GroupSource {
    pub source: String,
    pub group: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    /// May exclude a person, never make one eligible.
    pub email: Option<String>,
    /// By integration kind or name, or by chat platform: `slack` → `T000000001/U000000002`, `gitlab` → `17`.
    pub accounts: BTreeMap<String, String>,
}

/// A snapshot of people and memberships; one version of it is read by one decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    people: BTreeMap<PersonId, Person>,
    groups: BTreeMap<GroupSource, BTreeSet<PersonId>>,
    accounts: BTreeMap<(String, String), PersonId>,
    emails: BTreeMap<String, Option<PersonId>>,
}

impl Directory {
    /// The loader has refused accounts that two people share; here the first one keeps it.
    pub fn new(people: Vec<Person>, groups: BTreeMap<GroupSource, BTreeSet<PersonId>>) -> Self {
        let mut directory = Self { groups, ..Self::default() };
        for person in people {
            for (kind, account) in &person.accounts {
                directory.accounts.entry((kind.clone(), account.clone())).or_insert_with(|| person.id.clone());
            }
            if let Some(email) = &person.email {
                // An address that two people share identifies neither of them.
                let owner = directory.emails.entry(email.trim().to_lowercase());
                owner.and_modify(|owner| *owner = None).or_insert_with(|| Some(person.id.clone()));
            }
            directory.people.insert(person.id.clone(), person);
        }
        directory
    }

    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.get(id)
    }

    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// The name people read; the id of somebody who has left.
    pub fn name<'a>(&'a self, id: &'a PersonId) -> &'a str {
        self.people.get(id).map_or(id.as_str(), |person| person.name.as_str())
    }

    /// By explicit link only.
    pub fn by_account(&self, kind: &str, account: &str) -> Option<&PersonId> {
        self.accounts.get(&(kind.to_owned(), account.to_owned()))
    }

    /// For exclusion only.
    pub fn by_email(&self, email: &str) -> Option<&PersonId> {
        self.emails.get(&email.trim().to_lowercase())?.as_ref()
    }

    pub fn has_group(&self, group: &GroupSource) -> bool {
        self.groups.contains_key(group)
    }

    pub fn groups(&self) -> impl Iterator<Item = &GroupSource> {
        self.groups.keys()
    }

    /// Nobody for a group that is not known.
    pub fn members(&self, group: &GroupSource) -> impl Iterator<Item = &PersonId> {
        self.groups.get(group).into_iter().flatten()
    }

    pub fn groups_of<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = &'a GroupSource> {
        self.groups.iter().filter(move |(_, members)| members.contains(person)).map(|(group, _)| group)
    }

    pub fn is_member(&self, group: &GroupSource, person: &PersonId) -> bool {
        self.people.contains_key(person) && self.groups.get(group).is_some_and(|members| members.contains(person))
    }
}
