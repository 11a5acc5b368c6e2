//! The way out: every call of the service goes through the guard here, which lets only public addresses be dialled.
//! The command line's own calls go to the server that its user named (`direct`).
//!
//! It is checked where the address is known for certain: at literals in URLs, and at the answers of the name server
//! that are then dialled. So a name that changes its address between check and call (rebinding) wins nothing.

pub mod client;
pub mod connect;
pub mod direct;
pub mod failure;
pub mod guard;
pub mod loans;
pub mod resolve;

mod retry_after;
mod tls;

#[cfg(test)]
mod tests;

pub use client::{Client, Timeouts};
pub use connect::{GuardedConnector, connector};
pub use failure::{ClientFault, TransportError};
pub use guard::{Forbidden, Guard};
pub use resolve::Resolver;
