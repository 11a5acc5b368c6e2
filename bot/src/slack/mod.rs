//! Slack: cards as Block Kit, forms as modals, clicks by signed HTTP requests.
//!
//! What goes out is built with the models of slack-morphism; what comes in is read with our own tolerant types, because
//! the library's drop fields that say who is acting.

pub mod answers;
pub mod card;
mod client;
mod controls;
pub mod decode;
mod errors;
#[cfg(test)]
mod fake;
mod inputs;
mod lower;
mod modal;
mod mrkdwn;
mod outgoing;
mod permalink;
mod read_back;
mod send;
mod values;
mod verify;

pub use answers::{form_clear, form_errors, form_update, said};
pub use client::{Slack, SlackSettings};
pub use decode::decode;
pub use lower::Lowered;
pub use modal::{details_view, form_view};

pub use verify::verify;
