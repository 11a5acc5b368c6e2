//! The application: everything that changes something goes through here, whichever door it came by.

pub mod apply;
pub mod chat;
pub mod command;
pub mod comment;
pub mod commit_gate;
pub mod deeds;
pub mod failure;
pub mod in_time;
pub mod incidents;
pub mod intake;
pub mod internal;
mod known_scope;
pub mod lane;
pub mod laws;
pub mod lease;
pub mod news;
pub mod open;
pub mod outgoing;
pub mod pauses;
pub mod personal;
mod promotion;
pub mod reaction;
pub mod recorded;
pub mod report;
pub mod shown;
pub mod together;
pub mod unapproved;
pub mod waiting;

use crate::attempts::Attempts;
use crate::clock::Clock;
use crate::net::Client;
use crate::sandbox::Sandbox;
use crate::settings::Settings;
use crate::sources::Sources;
use bot::Platform;
use entities::{Acceptance, ClaimedOutgoing, Fenced, NewDelivery, Store};
use laws::Laws;
use news::News;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use together::Together;
use tokio::sync::Semaphore;

pub use apply::Outcome;
pub use failure::Failure;

/// Cheap to clone; one for the whole process.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub settings: Settings,
    pub sources: Sources,
    pub client: Client,
    pub platforms: Vec<Box<dyn Platform>>,
    /// Where deliveries are accepted.
    pub arrivals: Together<NewDelivery, Acceptance>,
    /// Where wishes of the outbox that came true are ended.
    pub endings: Together<ClaimedOutgoing, Fenced>,
    pub laws: Laws,
    /// Only in the demo: people are chosen, not proven.
    pub sandbox: Option<Sandbox>,
    pub news: News,
    /// One for each page that is kept current.
    pub streams: Arc<Semaphore>,
    pub failed_sign_ins: Attempts,
    /// Set once, when the process is going down.
    pub draining: AtomicBool,
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn platform(&self, name: &str) -> Option<&dyn Platform> {
        self.platforms.iter().map(AsRef::as_ref).find(|platform| platform.name() == name)
    }

    /// From here on `/readyz` says no, and loops end after what they have in hand.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
        self.news.everything();
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }
}
