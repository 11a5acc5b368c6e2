//! Systems of others as far as we speak to them, with state and with their own ways of saying no.

pub mod argocd;
pub mod discord;
pub mod door;
pub mod fault;
pub mod github;
pub mod jenkins;
pub mod line;
pub mod receiver;
pub mod slack;
