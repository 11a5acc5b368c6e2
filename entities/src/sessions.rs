//! Who has signed in at the console. A session's id never comes here, only its hash; it ends by itself, with its token,
//! or when its holder leaves.

use crate::convert::Place;
use crate::rows::{sessions, tokens};
use crate::{Store, StoreError, TokenRecord, Tx};
use engine::Timestamp;
use engine::ids::PersonId;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    pub hash: String,
    pub holder: Holder,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Whoever showed this token.
    Token(Uuid),
    /// A person who was chosen, as only the demo lets one.
    Person(PersonId),
}

/// A session that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionRecord {
    Token(TokenRecord),
    Person(PersonId),
}

impl Store {
    /// `None` for one that is unknown, over, or whose token was revoked.
    pub async fn session(&self, hash: &str, now: Timestamp) -> Result<Option<SessionRecord>, StoreError> {
        let standing = sessions::Entity::find_by_id(hash).filter(sessions::Column::ExpiresAt.gt(now.micros()));
        let Some(row) = standing.one(self.reader()).await? else { return Ok(None) };
        match (row.token, row.person) {
            (Some(token), None) => {
                let found = tokens::Entity::find_by_id(token).filter(tokens::Column::RevokedAt.is_null()).one(self.reader()).await?;
                found.map(|row| crate::tokens::record(row).map(SessionRecord::Token)).transpose()
            }
            (None, Some(person)) => Ok(Some(SessionRecord::Person(PersonId::new(person)))),
            (Some(_), Some(_)) | (None, None) => Err(Place::new("session", row.created_at).corrupt("it has not exactly one holder")),
        }
    }

    pub async fn begin_session(&self, new: &NewSession) -> Result<(), StoreError> {
        let (token, person) = match &new.holder {
            Holder::Token(token) => (Some(*token), None),
            Holder::Person(person) => (None, Some(person.to_string())),
        };
        let row = sessions::ActiveModel {
            hash: Set(new.hash.clone()),
            token: Set(token),
            person: Set(person),
            created_at: Set(new.created_at.micros()),
            expires_at: Set(new.expires_at.micros()),
        };
        sessions::Entity::insert(row).exec_without_returning(self.writer()).await?;
        Ok(())
    }

    /// Nothing for one that is over.
    pub async fn end_session(&self, hash: &str) -> Result<(), StoreError> {
        sessions::Entity::delete_by_id(hash).exec(self.writer()).await?;
        Ok(())
    }

    /// Removes those that are over; answers how many.
    pub async fn forget_sessions(&self, now: Timestamp) -> Result<u64, StoreError> {
        let over = sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lte(now.micros()));
        Ok(over.exec(self.writer()).await?.rows_affected)
    }
}

impl Tx {
    /// Together with the token that they began with.
    pub(crate) async fn end_sessions_of(&mut self, token: Uuid) -> Result<(), StoreError> {
        sessions::Entity::delete_many().filter(sessions::Column::Token.eq(token)).exec(self.db()).await?;
        Ok(())
    }
}
