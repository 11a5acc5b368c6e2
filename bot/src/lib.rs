//! Chat platforms, each behind one small trait: cards and notices go out, clicks and forms come in.
//!
//! Nothing here decides or stores: what comes in is a pointer to a change, never a permission. The database can't be
//! reached from this crate.

pub mod command;
pub mod discord;
pub mod inbound;
pub mod platform;
pub mod secret;
pub mod slack;

mod budget;
mod dialect;
mod ids;
#[cfg(test)]
mod sampled;

pub use inbound::{Command, DecodeError, Forged, Inbound, Offer, Press, ReplyHandle, Submit, Target, Typing, Verb, Wanted};
pub use platform::{Audience, Checked, Doubt, FormOpener, Place, Platform, Post, Posted, SendError, ThreadLine};
pub use secret::Secret;
