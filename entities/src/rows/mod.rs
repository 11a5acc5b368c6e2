//! The tables as sea-orm sees them: one file a table, columns as the migrations made them, no meaning.

pub(crate) mod accounts;
pub(crate) mod changes;
pub(crate) mod deliveries;
pub(crate) mod directory_groups;
pub(crate) mod events;
pub(crate) mod holds;
pub(crate) mod incidents;
pub(crate) mod internal_inputs;
pub(crate) mod leases;
pub(crate) mod memberships;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod placements;
pub(crate) mod policies;
pub(crate) mod policy_in_force;
pub(crate) mod rosters;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod versions;
