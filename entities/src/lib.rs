//! The database: rows that nobody else sees, and the `Store` that speaks for them in the engine's words.
//!
//! Everything means the same on SQLite and on PostgreSQL. Nothing here decides anything, sends anything or looks at a
//! clock: instants and ids come from the caller.

mod changes;
mod convert;
mod deadline;
mod directory;
mod directory_said;
mod directory_sync;
mod doubt;
mod error;
mod events;
mod holds;
mod inbox;
mod inbox_care;
mod inbox_work;
mod incidents;
mod internal;
mod leases;
mod listing;
mod logs;
mod numbers;
mod outbox;
mod outbox_care;
mod outbox_work;
mod placements;
mod policies;
mod postgresql;
mod promotion;
mod queue;
mod rosters;
mod rows;
mod sessions;
mod sqlite;
mod store;
mod system;
mod tokens;
mod tx;
mod versions;
mod wakes;

pub use changes::{Keyed, Projection, Summary};
pub use directory_sync::DirectoryDiff;
pub use error::StoreError;
pub use inbox::{Acceptance, DeliveryRecord, DeliveryStatus, NewDelivery};
pub use inbox_care::{DeliveryFilter, Replay};
pub use inbox_work::ClaimedDelivery;
pub use internal::{ClaimedInternal, NewInternal};
pub use listing::{ChangeAddress, ChangeFilter, Openness};
pub use logs::Pulse;
pub use outbox::{Outgoing, OutgoingState};
pub use outbox_care::{OutgoingCounts, OutgoingFilter, OutgoingRecord, SendAgain};
pub use outbox_work::ClaimedOutgoing;
pub use placements::Placement;
pub use policies::{NewPolicy, PolicyRecord};
pub use queue::{Fenced, WorkState};
pub use sessions::{Holder, NewSession, SessionRecord};
pub use store::{Store, StoreOptions};
pub use system::{NewRecord, SystemRecord};
pub use tokens::{NewToken, TokenRecord};
pub use tx::{Tx, Written};
pub use versions::{VersionName, Versions};
