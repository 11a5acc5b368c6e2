//! Measuring the shipped binary from outside: a node, its peers, loads, and the figures that come of them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measurement ends at the first surprise, reads the clock and waits in real time"
)]

pub mod cpu;
pub mod decisions;
pub mod figure;
pub mod hooks;
pub mod load;
pub mod loading;
pub mod node;
pub mod opened;
pub mod parts;
pub mod peers;
pub mod rules;
pub mod timers;
