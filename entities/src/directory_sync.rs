//! Replacing what one source of the directory says. Only what differs is written, and the version moves only then.

use crate::convert::{ROWS_PER_INSERT, VALUES_PER_LIST};
use crate::directory_said::{Said, Taken};
use crate::rows::{accounts, directory_groups, memberships, people};
use crate::{StoreError, Tx, VersionName};
use engine::directory::{GroupSource, Person};
use engine::ids::PersonId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, BTreeSet};

/// What a replacement changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryDiff {
    pub changed: bool,
    /// Who is no longer a member of which group; whoever left the directory has left all of theirs.
    pub removed: Vec<(GroupSource, PersonId)>,
}

impl Tx {
    /// Makes the directory say of `source` exactly this.
    ///
    /// Holds the directory's version, so no decision is made on the old one meanwhile. `BelongsElsewhere` if a person
    /// or an account is another source's.
    pub async fn replace_directory(
        &mut self,
        source: &str,
        people: &[Person],
        groups: &BTreeMap<String, BTreeSet<PersonId>>,
    ) -> Result<DirectoryDiff, StoreError> {
        self.hold_version(VersionName::Directory).await?;
        let (before, after) = (Said::load(self.db(), source).await?, Said::new(people, groups));
        if before == after {
            return Ok(DirectoryDiff::default());
        }
        let taken = Taken::load(self.db(), source).await?;
        taken.refuse(&after)?;
        self.write_people(source, &before, &after).await?;
        self.write_accounts(source, &before, &after).await?;
        self.write_groups(source, &before, &after).await?;
        self.write_memberships(source, &before, &after).await?;
        self.bump_version(VersionName::Directory).await?;
        Ok(DirectoryDiff { changed: true, removed: before.removed(source, &after, &taken) })
    }

    async fn write_people(&mut self, source: &str, before: &Said, after: &Said) -> Result<(), StoreError> {
        use people::Column;
        let gone: Vec<&String> = before.people.keys().filter(|id| !after.people.contains_key(*id)).collect();
        for ids in gone.chunks(VALUES_PER_LIST) {
            people::Entity::delete_many().filter(Column::Id.is_in(ids.iter().copied())).exec(self.db()).await?;
        }
        let written: Vec<_> = after.people.iter().filter(|(id, person)| before.people.get(*id) != Some(*person)).collect();
        let mut known = OnConflict::column(Column::Id);
        known.update_columns([Column::Name, Column::Email]);
        for people in written.chunks(ROWS_PER_INSERT) {
            let rows = people.iter().map(|(id, (name, email))| people::ActiveModel {
                id: Set((*id).clone()),
                name: Set(name.clone()),
                email: Set(email.clone()),
                source: Set(source.to_owned()),
            });
            people::Entity::insert_many(rows).on_conflict(known.clone()).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }

    async fn write_accounts(&mut self, source: &str, before: &Said, after: &Said) -> Result<(), StoreError> {
        use accounts::Column;
        let gone: Vec<_> = before.accounts.keys().filter(|account| !after.accounts.contains_key(*account)).cloned().collect();
        for accounts in gone.chunks(VALUES_PER_LIST) {
            let these = Expr::tuple([Expr::col(Column::Kind), Expr::col(Column::Account)]).in_tuples(accounts.to_vec());
            accounts::Entity::delete_many().filter(these).exec(self.db()).await?;
        }
        let written: Vec<_> = after.accounts.iter().filter(|(account, person)| before.accounts.get(*account) != Some(*person)).collect();
        let mut known = OnConflict::columns([Column::Kind, Column::Account]);
        known.update_column(Column::Person);
        for accounts in written.chunks(ROWS_PER_INSERT) {
            let rows = accounts.iter().map(|((kind, account), person)| accounts::ActiveModel {
                kind: Set(kind.clone()),
                account: Set(account.clone()),
                person: Set((*person).clone()),
                source: Set(source.to_owned()),
            });
            accounts::Entity::insert_many(rows).on_conflict(known.clone()).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }

    async fn write_groups(&mut self, source: &str, before: &Said, after: &Said) -> Result<(), StoreError> {
        use directory_groups::Column;
        let gone: Vec<&String> = before.groups.difference(&after.groups).collect();
        for names in gone.chunks(VALUES_PER_LIST) {
            let these = Column::Source.eq(source).and(Column::Name.is_in(names.iter().copied()));
            directory_groups::Entity::delete_many().filter(these).exec(self.db()).await?;
        }
        let new: Vec<&String> = after.groups.difference(&before.groups).collect();
        for names in new.chunks(ROWS_PER_INSERT) {
            let row = |name: &&String| directory_groups::ActiveModel { source: Set(source.to_owned()), name: Set((*name).clone()) };
            directory_groups::Entity::insert_many(names.iter().map(row)).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }

    async fn write_memberships(&mut self, source: &str, before: &Said, after: &Said) -> Result<(), StoreError> {
        use memberships::Column;
        let gone: Vec<_> = before.memberships.difference(&after.memberships).cloned().collect();
        for members in gone.chunks(VALUES_PER_LIST) {
            let these = Expr::tuple([Expr::col(Column::GroupName), Expr::col(Column::Person)]).in_tuples(members.to_vec());
            memberships::Entity::delete_many().filter(Column::Source.eq(source)).filter(these).exec(self.db()).await?;
        }
        let new: Vec<_> = after.memberships.difference(&before.memberships).collect();
        for members in new.chunks(ROWS_PER_INSERT) {
            let rows = members.iter().map(|(group, person)| memberships::ActiveModel {
                source: Set(source.to_owned()),
                group_name: Set(group.clone()),
                person: Set(person.clone()),
            });
            memberships::Entity::insert_many(rows).exec_without_returning(self.db()).await?;
        }
        Ok(())
    }
}
