//! Discord: cards as an embed with rows of buttons, forms as modals, presses by signed HTTP requests that are answered
//! in the HTTP response.
//!
//! What goes out is built with the builders of serenity and sent by a client of our own, because the library's forgets
//! when a limit ends. What comes in is read from the raw JSON, because the library loses values of newer components.

mod answers;
mod card;
mod client;
mod command;
mod controls;
mod decode;
mod details;
mod errors;
mod limits;
mod markdown;
mod modal;
mod outgoing;
mod permalink;
mod send;
mod setup;
mod shown;
mod snowflake;
mod values;
mod verify;

pub use answers::{Written, choices_reply, details_reply, kept_reply, modal_reply, pong, said_reply, whisper_reply};
pub use client::{Discord, DiscordSettings};
pub use decode::{Received, decode};
pub use outgoing::post;
pub use snowflake::{NotASnowflake, Snowflake};
pub use verify::{NotAKey, PublicKey};
