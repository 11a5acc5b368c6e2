//! Measuring the shipped binary from outside: a node, a load, and the figures that come of them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a measurement ends at the first surprise, and reads the clock"
)]

pub mod hooks;
pub mod load;
pub mod node;
