//! The newest state of each change.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "changes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) number: i64,
    pub(crate) key: String,
    pub(crate) is_open: bool,
    pub(crate) lane: String,
    pub(crate) sequence: Option<i64>,
    pub(crate) service: String,
    pub(crate) environment: String,
    pub(crate) source_environment: String,
    pub(crate) state: String,
    pub(crate) title: String,
    pub(crate) subject_digest: String,
    pub(crate) round: i64,
    pub(crate) wake_at: Option<i64>,
    pub(crate) opened_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) last_seq: i64,
    pub(crate) promoted: Option<String>,
    pub(crate) succeeded_at: Option<i64>,
    pub(crate) out_until: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
