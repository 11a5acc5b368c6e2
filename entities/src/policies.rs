//! Policies by digest, and the one that decides now. Texts are kept for ever: an old decision names its policy by digest.

use crate::convert::Place;
use crate::rows::{policies, policy_in_force};
use crate::{Store, StoreError, Tx, VersionName};
use engine::Timestamp;
use engine::ids::Digest;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

/// The only row of `policy_in_force`: one installation, one policy.
const THE_ONE: &str = "policy";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPolicy {
    /// Of the text.
    pub digest: Digest,
    pub name: String,
    pub version: u32,
    pub text: String,
    pub loaded_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRecord {
    pub digest: Digest,
    pub name: String,
    /// The author's own number.
    pub version: u32,
    pub text: String,
    pub loaded_at: Timestamp,
    /// Ours: it grows whenever another policy comes into force (`Versions::policy`).
    pub store_version: u64,
}

impl Store {
    /// The policy that decides now; `None` before the first one.
    pub async fn policy_in_force(&self) -> Result<Option<PolicyRecord>, StoreError> {
        // The version first: at worst the policy is newer than it, and is loaded once more.
        let store_version = self.versions().await?.policy;
        let in_force = policy_in_force::Entity::find().select_only().column(policy_in_force::Column::Digest);
        let found = policies::Entity::find().filter(policies::Column::Digest.in_subquery(in_force.into_query()));
        found.one(self.reader()).await?.map(|row| record(row, store_version)).transpose()
    }
}

impl Tx {
    /// Puts a policy into force and answers the store's version of it. The one in force already changes nothing.
    pub async fn put_policy(&mut self, new: &NewPolicy) -> Result<u64, StoreError> {
        let version = self.hold_version(VersionName::Policy).await?;
        let in_force = policy_in_force::Entity::find_by_id(THE_ONE).one(self.db()).await?;
        if in_force.is_some_and(|row| row.digest == new.digest.as_str()) {
            return Ok(version);
        }
        policies::Entity::insert(row(new)).on_conflict_do_nothing().exec_without_returning(self.db()).await?;
        let pointer = policy_in_force::ActiveModel { name: Set(THE_ONE.to_owned()), digest: Set(new.digest.to_string()) };
        let mut known = OnConflict::column(policy_in_force::Column::Name);
        known.update_column(policy_in_force::Column::Digest);
        policy_in_force::Entity::insert(pointer).on_conflict(known).exec_without_returning(self.db()).await?;
        self.bump_version(VersionName::Policy).await
    }
}

fn row(new: &NewPolicy) -> policies::ActiveModel {
    policies::ActiveModel {
        digest: Set(new.digest.to_string()),
        name: Set(new.name.clone()),
        version: Set(i64::from(new.version)),
        text: Set(new.text.clone()),
        loaded_at: Set(new.loaded_at.micros()),
    }
}

fn record(row: policies::Model, store_version: u64) -> Result<PolicyRecord, StoreError> {
    let place = Place::new("policy", &row.digest);
    Ok(PolicyRecord {
        version: place.small_count(row.version)?,
        loaded_at: place.instant(row.loaded_at)?,
        digest: Digest::new(row.digest),
        name: row.name,
        text: row.text,
        store_version,
    })
}
