//! API tokens. The secret itself never comes here, only its hash.

use crate::convert::{Place, json_text};
use crate::rows::tokens;
use crate::{Store, StoreError, Tx};
use engine::Timestamp;
use engine::ids::PersonId;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    pub id: Uuid,
    pub name: String,
    pub hash: String,
    pub scopes: BTreeSet<String>,
    /// Whose personal token it is; a service token has none and never votes.
    pub person: Option<PersonId>,
    /// Who answers for it.
    pub owner: PersonId,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    pub id: Uuid,
    pub name: String,
    pub scopes: BTreeSet<String>,
    pub person: Option<PersonId>,
    pub owner: PersonId,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Revoked ones too: the caller says why it refuses.
    pub async fn token_by_hash(&self, hash: &str) -> Result<Option<TokenRecord>, StoreError> {
        let found = tokens::Entity::find().filter(tokens::Column::Hash.eq(hash)).one(self.reader()).await?;
        found.map(record).transpose()
    }

    /// Oldest first.
    pub async fn list_tokens(&self) -> Result<Vec<TokenRecord>, StoreError> {
        let all = tokens::Entity::find().order_by_asc(tokens::Column::CreatedAt).order_by_asc(tokens::Column::Id);
        all.all(self.reader()).await?.into_iter().map(record).collect()
    }

    /// `Conflict` if the id or the hash is there already.
    pub async fn create_token(&self, new: &NewToken) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.create_token(new).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether there was such a token that was not revoked yet. Its sessions end with it.
    pub async fn revoke_token(&self, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let revoked = tx.revoke_token(id, now).await?;
        tx.commit().await?;
        Ok(revoked)
    }
}

impl Tx {
    /// As `Store::create_token`, together with what else this transaction writes, such as its record.
    pub async fn create_token(&mut self, new: &NewToken) -> Result<(), StoreError> {
        tokens::Entity::insert(row(new)?).exec_without_returning(self.db()).await?;
        Ok(())
    }

    /// As `Store::revoke_token`, together with what else this transaction writes.
    pub async fn revoke_token(&mut self, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
        let valid = tokens::Entity::update_many().filter(tokens::Column::Id.eq(id)).filter(tokens::Column::RevokedAt.is_null());
        let revoke = valid.col_expr(tokens::Column::RevokedAt, Expr::value(now.micros()));
        let revoked = revoke.exec(self.db()).await?.rows_affected > 0;
        self.end_sessions_of(id).await?;
        Ok(revoked)
    }
}

fn row(new: &NewToken) -> Result<tokens::ActiveModel, StoreError> {
    Ok(tokens::ActiveModel {
        id: Set(new.id),
        name: Set(new.name.clone()),
        hash: Set(new.hash.clone()),
        scopes: Set(json_text(&new.scopes)?),
        person: Set(new.person.as_ref().map(PersonId::to_string)),
        owner: Set(new.owner.to_string()),
        created_at: Set(new.created_at.micros()),
        revoked_at: Set(None),
    })
}

pub(crate) fn record(row: tokens::Model) -> Result<TokenRecord, StoreError> {
    let place = Place::new("token", row.id);
    Ok(TokenRecord {
        id: row.id,
        scopes: place.json(&row.scopes)?,
        created_at: place.instant(row.created_at)?,
        revoked_at: place.maybe_instant(row.revoked_at)?,
        name: row.name,
        person: row.person.map(PersonId::new),
        owner: PersonId::new(row.owner),
    })
}
