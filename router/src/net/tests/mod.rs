//! The guard against every special range in every spelling; the client against servers that misbehave.

mod client;
mod connect;
mod guard;
