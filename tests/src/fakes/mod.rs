//! Systems of others as far as we speak to them, with state and with their own ways of saying no.

pub mod argocd;
pub mod discord;
pub mod door;
pub mod github;
pub mod jenkins;
pub mod receiver;
pub mod slack;
