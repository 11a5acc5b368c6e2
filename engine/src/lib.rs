//! The domain of Countersign: pure, synchronous, deterministic. Same events in, same state out, for ever.
//!
//! No clock, no randomness, no environment, no logging and no panic on any input. Everything else depends on this
//! crate; it depends on nothing of ours.

#![warn(clippy::wildcard_enum_match_arm)]

pub mod block;
pub mod calendar;
pub mod canonical;
pub mod change;
pub mod clean;
pub mod decide;
pub mod deferred;
pub mod difference;
pub mod directory;
pub mod duties;
pub mod effect;
pub mod evaluation;
pub mod event;
pub mod fact;
pub mod fields;
pub mod freeze;
pub mod gate;
pub mod group;
pub mod hold;
pub mod ids;
pub mod incident;
pub mod input;
pub mod length;
pub mod lock;
pub mod matching;
pub mod no_fact;
pub mod no_pause;
pub mod no_waiver;
pub mod overriding;
pub mod phase;
pub mod policy;
pub mod promotion;
pub mod quorum;
pub mod rationale;
pub mod refusal;
pub mod request;
pub mod roster;
pub mod rules;
pub mod sealed;
pub mod sentence;
pub mod spelling;
pub mod standing;
pub mod stop_the_line;
pub mod time;
pub mod trial;
pub mod window;

pub use change::{Change, next_wake};
pub use decide::{Decision, decide, open};
pub use effect::Effect;
pub use event::Event;
pub use input::{Act, Input, Opening};
pub use refusal::Refusal;
pub use time::Timestamp;
