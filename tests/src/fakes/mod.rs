//! Systems of others as far as we speak to them, with state and with their own ways of saying no.

pub mod discord;
pub mod slack;
