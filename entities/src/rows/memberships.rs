//! Who is in which group.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) source: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) group_name: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) person: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
