//! What one source of the directory says, as the tables keep it, and what the other sources have taken.

use crate::StoreError;
use crate::rows::{accounts, directory_groups, memberships, people};
use engine::directory::{GroupSource, Person};
use engine::ids::PersonId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Id → name and address.
    pub(crate) people: BTreeMap<String, (String, Option<String>)>,
    /// Kind and account → person.
    pub(crate) accounts: BTreeMap<(String, String), String>,
    pub(crate) groups: BTreeSet<String>,
    /// Group and person.
    pub(crate) memberships: BTreeSet<(String, String)>,
}

impl Said {
    /// Of an account that two people share the first one keeps it, as in the engine's directory.
    pub(crate) fn new(people: &[Person], groups: &BTreeMap<String, BTreeSet<PersonId>>) -> Self {
        let mut said = Self::default();
        for person in people {
            said.people.insert(person.id.to_string(), (person.name.clone(), person.email.clone()));
            for (kind, account) in &person.accounts {
                said.accounts.entry((kind.clone(), account.clone())).or_insert_with(|| person.id.to_string());
            }
        }
        said.groups = groups.keys().cloned().collect();
        let members = groups.iter().flat_map(|(group, members)| members.iter().map(|person| (group.clone(), person.to_string())));
        said.memberships = members.collect();
        said
    }

    pub(crate) async fn load(db: &impl ConnectionTrait, source: &str) -> Result<Self, StoreError> {
        let people = people::Entity::find().filter(people::Column::Source.eq(source)).all(db).await?;
        let accounts = accounts::Entity::find().filter(accounts::Column::Source.eq(source)).all(db).await?;
        let groups = directory_groups::Entity::find().filter(directory_groups::Column::Source.eq(source)).all(db).await?;
        let memberships = memberships::Entity::find().filter(memberships::Column::Source.eq(source)).all(db).await?;
        Ok(Self {
            people: people.into_iter().map(|row| (row.id, (row.name, row.email))).collect(),
            accounts: accounts.into_iter().map(|row| ((row.kind, row.account), row.person)).collect(),
            groups: groups.into_iter().map(|row| row.name).collect(),
            memberships: memberships.into_iter().map(|row| (row.group_name, row.person)).collect(),
        })
    }

    /// Memberships of people who exist, here or in another source; the others count for nothing.
    fn effective<'a>(&'a self, taken: &'a Taken) -> impl Iterator<Item = &'a (String, String)> {
        self.memberships.iter().filter(|(_, person)| self.people.contains_key(person) || taken.people.contains(person))
    }

    /// Who was a member here and is none `after`.
    pub(crate) fn removed(&self, source: &str, after: &Self, taken: &Taken) -> Vec<(GroupSource, PersonId)> {
        let still: BTreeSet<_> = after.effective(taken).collect();
        let gone = self.effective(taken).filter(|membership| !still.contains(membership));
        let group = |group: &String| GroupSource { source: source.to_owned(), group: group.clone() };
        gone.map(|(name, person)| (group(name), PersonId::new(person.clone()))).collect()
    }
}

/// People and accounts of the other sources.
pub(crate) struct Taken {
    people: BTreeSet<String>,
    accounts: BTreeSet<(String, String)>,
}

impl Taken {
    pub(crate) async fn load(db: &impl ConnectionTrait, source: &str) -> Result<Self, StoreError> {
        let people = people::Entity::find().select_only().column(people::Column::Id).filter(people::Column::Source.ne(source));
        let people: Vec<String> = people.into_tuple().all(db).await?;
        let accounts = accounts::Entity::find().filter(accounts::Column::Source.ne(source)).all(db).await?;
        let accounts = accounts.into_iter().map(|row| (row.kind, row.account)).collect();
        Ok(Self { people: people.into_iter().collect(), accounts })
    }

    /// `BelongsElsewhere` for the first person or account that is another source's.
    pub(crate) fn refuse(&self, said: &Said) -> Result<(), StoreError> {
        if let Some(person) = said.people.keys().find(|person| self.people.contains(*person)) {
            return Err(StoreError::BelongsElsewhere { what: "person", name: person.clone() });
        }
        if let Some((kind, account)) = said.accounts.keys().find(|account| self.accounts.contains(*account)) {
            return Err(StoreError::BelongsElsewhere { what: "account", name: format!("{kind} {account}") });
        }
        Ok(())
    }
}
