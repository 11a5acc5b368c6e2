//! Where cards stand.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "placements")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) change_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) platform: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) surface: String,
    pub(crate) channel: String,
    pub(crate) message: String,
    pub(crate) shown_seq: i64,
    pub(crate) threaded_seq: i64,
    pub(crate) live: bool,
    pub(crate) updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
