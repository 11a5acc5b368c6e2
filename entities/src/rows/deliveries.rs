//! The inbox.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) source: String,
    pub(crate) key: String,
    pub(crate) body_digest: String,
    pub(crate) event: String,
    pub(crate) status: String,
    pub(crate) signals: Option<String>,
    pub(crate) body: Vec<u8>,
    pub(crate) received_at: i64,
    pub(crate) changes: String,
    pub(crate) answer: Option<String>,
    pub(crate) state: String,
    pub(crate) due_at: i64,
    pub(crate) attempts: i64,
    pub(crate) fence: i64,
    pub(crate) lease_until: Option<i64>,
    pub(crate) error: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
