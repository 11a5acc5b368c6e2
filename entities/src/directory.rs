//! Reading the directory: all of it at once, because a decision needs one consistent snapshot of people and groups.

use crate::convert::Place;
use crate::rows::{accounts, directory_groups, memberships, people, rosters};
use crate::versions;
use crate::{Store, StoreError, Tx};
use engine::directory::{Directory, GroupSource, Person};
use engine::ids::PersonId;
use engine::roster::Roster;
use sea_orm::{ConnectionTrait, EntityTrait};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// The directory and the version that it is (`Versions::directory`), from one snapshot.
    pub async fn directory(&self) -> Result<(u64, Directory), StoreError> {
        let snapshot = self.snapshot().await?;
        let version = versions::read(&snapshot, None).await?.directory;
        Ok((version, read(&snapshot).await?))
    }
}

impl Tx {
    /// The directory, which stays as it is if `read_versions` was called before.
    pub async fn directory(&mut self) -> Result<Directory, StoreError> {
        read(self.db()).await
    }
}

async fn read(db: &impl ConnectionTrait) -> Result<Directory, StoreError> {
    let mut people: BTreeMap<String, Person> = people::Entity::find().all(db).await?.into_iter().map(person).collect();
    for account in accounts::Entity::find().all(db).await? {
        if let Some(person) = people.get_mut(&account.person) {
            person.accounts.insert(account.kind, account.account);
        }
    }
    let mut groups: BTreeMap<GroupSource, BTreeSet<PersonId>> = BTreeMap::new();
    for group in directory_groups::Entity::find().all(db).await? {
        groups.entry(GroupSource { source: group.source, group: group.name }).or_default();
    }
    for membership in memberships::Entity::find().all(db).await? {
        let group = GroupSource { source: membership.source, group: membership.group_name };
        groups.entry(group).or_default().insert(PersonId::new(membership.person));
    }
    let mut rosters = BTreeMap::new();
    for row in rosters::Entity::find().all(db).await? {
        let roster: Roster = Place::new("roster", &row.name).json(&row.roster)?;
        rosters.insert(GroupSource { source: row.source, group: row.name }, roster);
    }
    Ok(Directory::with_rosters(people.into_values().collect(), groups, rosters))
}

fn person(row: people::Model) -> (String, Person) {
    let person = Person { id: PersonId::new(row.id.clone()), name: row.name, email: row.email, accounts: BTreeMap::new() };
    (row.id, person)
}
