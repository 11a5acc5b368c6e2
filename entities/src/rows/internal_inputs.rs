//! What changes have to hear because of others.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "internal_inputs")]
pub(crate) struct Model {
    #[sea_orm(primary_key)]
    pub(crate) id: i64,
    pub(crate) target: Uuid,
    pub(crate) cause: String,
    pub(crate) kind: String,
    pub(crate) input: String,
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
