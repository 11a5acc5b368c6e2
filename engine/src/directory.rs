//! Who exists, under which accounts, in which groups. Where that comes from is not known here.

use crate::ids::PersonId;
use crate::roster::{Roster, Shift};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// A snapshot of people and memberships; one version of it is read by one decision. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    listed: Arc<Listed>,
    /// Of each roster, by `at`.
    shifts: BTreeMap<GroupSource, Vec<Shift>>,
    /// When the shifts were looked up.
    at: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Listed {
    people: BTreeMap<PersonId, Person>,
    groups: BTreeMap<GroupSource, BTreeSet<PersonId>>,
    rosters: BTreeMap<GroupSource, Roster>,
    accounts: BTreeMap<(String, String), PersonId>,
    emails: BTreeMap<String, Option<PersonId>>,
}

impl Directory {
    /// The loader has refused accounts that two people share; here the first one keeps it.
    pub fn new(people: Vec<Person>, groups: BTreeMap<GroupSource, BTreeSet<PersonId>>) -> Self {
        Self::with_rosters(people, groups, BTreeMap::new())
    }

    /// As `new`, with rosters. Nobody is on duty before `at` said when.
    pub fn with_rosters(
        people: Vec<Person>,
        groups: BTreeMap<GroupSource, BTreeSet<PersonId>>,
        rosters: BTreeMap<GroupSource, Roster>,
    ) -> Self {
        let mut listed = Listed { groups, rosters, ..Listed::default() };
        for person in people {
            listed.add(person);
        }
        Self { listed: Arc::new(listed), ..Self::default() }
    }

    /// The same people, with those on duty at this instant.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        let shifts = self.listed.rosters.iter().map(|(source, roster)| (source.clone(), roster.shifts(now)));
        Self { listed: self.listed.clone(), shifts: shifts.collect(), at: Some(now) }
    }

    /// Whether those on duty at this instant are the ones that it names.
    pub fn is_of(&self, now: Timestamp) -> bool {
        let lasts = || self.shifts.values().flatten().all(|shift| shift.until.is_none_or(|until| now < until));
        self.listed.rosters.is_empty() || self.at.is_some_and(|at| at <= now) && lasts()
    }

    pub fn rosters(&self) -> impl Iterator<Item = &GroupSource> {
        self.listed.rosters.keys()
    }

    pub fn roster(&self, source: &GroupSource) -> Option<&Roster> {
        self.listed.rosters.get(source)
    }

    /// Who is on duty at each level of a roster, in their order; none for a roster that is not known.
    pub fn shifts(&self, roster: &GroupSource) -> &[Shift] {
        self.shifts.get(roster).map_or(&[], Vec::as_slice)
    }

    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.listed.people.get(id)
    }

    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.listed.people.values()
    }

    /// The name people read; the id of somebody who has left.
    pub fn name<'a>(&'a self, id: &'a PersonId) -> &'a str {
        self.listed.people.get(id).map_or(id.as_str(), |person| person.name.as_str())
    }

    /// By explicit link only.
    pub fn by_account(&self, kind: &str, account: &str) -> Option<&PersonId> {
        self.listed.accounts.get(&(kind.to_owned(), account.to_owned()))
    }

    /// For exclusion only.
    pub fn by_email(&self, email: &str) -> Option<&PersonId> {
        self.listed.emails.get(&email.trim().to_lowercase())?.as_ref()
    }

    pub fn has_group(&self, group: &GroupSource) -> bool {
        self.listed.groups.contains_key(group)
    }

    pub fn groups(&self) -> impl Iterator<Item = &GroupSource> {
        self.listed.groups.keys()
    }

    /// Nobody for a group that is not known.
    pub fn members(&self, group: &GroupSource) -> impl Iterator<Item = &PersonId> {
        self.listed.groups.get(group).into_iter().flatten()
    }

    pub fn groups_of<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = &'a GroupSource> {
        self.listed.groups.iter().filter(move |(_, members)| members.contains(person)).map(|(group, _)| group)
    }

    pub fn is_member(&self, group: &GroupSource, person: &PersonId) -> bool {
        self.listed.people.contains_key(person) && self.listed.groups.get(group).is_some_and(|members| members.contains(person))
    }
}

impl Listed {
    fn add(&mut self, person: Person) {
        for (kind, account) in &person.accounts {
            self.accounts.entry((kind.clone(), account.clone())).or_insert_with(|| person.id.clone());
        }
        if let Some(email) = &person.email {
            // An address that two people share identifies neither of them.
            let owner = self.emails.entry(email.trim().to_lowercase());
            owner.and_modify(|owner| *owner = None).or_insert_with(|| Some(person.id.clone()));
        }
        self.people.insert(person.id.clone(), person);
    }
}
