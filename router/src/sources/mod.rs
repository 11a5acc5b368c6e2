//! What the outside tells us and how it is answered: one file a system, all of it pure. Nothing here opens a socket.
//!
//! A source proves that a delivery is genuine, turns it into signals, and says which call comes next when something
//! has to become true at its tool. `net` makes the calls, `dispatch` keeps the conversation going.

pub mod account;
pub mod registry;
pub mod settings;
pub mod signal;
pub mod talk;

mod app_identity;
mod argocd;
mod delivery;
mod generic;
mod github;
mod gitlab;
mod jenkins;
mod polled;
mod reading;
mod segment;
mod signature;
mod signing;
mod standard_webhooks;
mod step;
mod trailers;

#[cfg(test)]
mod hostile;

pub use account::Account;
pub use app_identity::{AppIdentity, AppKey, Loan};
pub use polled::Polled;
pub use registry::{Connection, Sources};
pub use settings::{Integration, SettingsFault};
pub use signal::{Parsed, Place, Reject, Signal, Wish};
pub use talk::{Api, Ask, Auth, Body, Call, Contributor, Earlier, Exchange, ForgeAuthors, Occasion, Turn, Verb};

use axum::http::HeaderMap;
use engine::Timestamp;
use engine::ids::ChangeKey;

/// One kind of system that sends events and hears decisions.
pub trait Source: Send + Sync {
    /// Is this delivery from the one who holds the secret? Judged on the raw bytes, before anything is parsed.
    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<(), Reject>;

    /// What a verified delivery says. An event of a kind that is not handled says nothing; it is never a fault.
    fn parse(&self, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject>;

    /// The next step that makes `ask` true at the tool, given everything that was said so far in this conversation.
    ///
    /// A conversation may be begun again at any time from nothing: a step that was done already is recognised.
    fn converse(&self, ask: &Ask<'_>, so_far: &[Exchange]) -> Turn;

    /// Whether the tool shows how far a change is while it waits ([`Ask::Report`]).
    fn shows_reports(&self) -> bool {
        false
    }

    /// Which change a tool of this kind asks about that polls instead of listening; `None` if none does.
    fn polled(&self, _question: &Polled<'_>) -> Option<Result<ChangeKey, Reject>> {
        None
    }
}
