//! A Discord of our own: channels, threads, direct messages, nonces and private answers, kept in memory behind its REST
//! API, and people whose interactions it signs.
//!
//! Facts are from Discord's public documentation: limits, error codes, the rules of interactions. It knows the story's
//! clock and no other.

#![allow(clippy::expect_used, clippy::panic, reason = "a fake that can't go on ends the story that it plays in")]

mod door;
mod faults;
mod interactions;
mod methods;
mod rules;
mod state;

pub use faults::{Fault, Route};
pub use interactions::Control;
pub use state::{Message, State, Whisper};

use engine::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair};
use router::clock::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// The application that the bot token belongs to.
pub const APPLICATION: u64 = 42;
/// A seed of our own for the key that signs; any does.
const SEED: [u8; 32] = [7; 32];

/// Clones speak of the same Discord.
#[derive(Clone)]
pub struct FakeDiscord {
    shared: Arc<Shared>,
}

struct Shared {
    token: String,
    key: Ed25519KeyPair,
    clock: Arc<dyn Clock>,
    base: Url,
    state: Mutex<State>,
    http: reqwest::Client,
}

impl FakeDiscord {
    /// Serves a new Discord on loopback.
    pub async fn serve(token: &str, clock: Arc<dyn Clock>) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback");
        let base = Url::parse(&format!("http://{}", listener.local_addr().expect("its address"))).expect("a URL");
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let key = Ed25519KeyPair::from_seed_unchecked(&SEED).expect("a key");
        let shared = Shared { token: token.to_owned(), key, clock, base, state: Mutex::default(), http };
        let discord = Self { shared: Arc::new(shared) };
        let router = door::router(discord.clone());
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        discord
    }

    /// What `discord.api_url` of the configuration is.
    pub fn api_url(&self) -> Url {
        self.shared.base.clone()
    }

    /// What `discord.public_key` of the configuration is.
    pub fn public_key(&self) -> String {
        hex::encode(self.shared.key.public_key().as_ref())
    }

    pub fn add_channel(&self, id: u64) {
        self.state().channels.insert(id);
    }

    /// The next `count` calls of this route end like this, after those that were queued before.
    pub fn fail_next(&self, route: Route, count: usize, fault: Fault) {
        self.state().faults.queue(route, count, fault);
    }

    /// Somebody removes a message.
    pub fn delete(&self, message: u64) {
        self.state().messages.retain(|each| each.id != message);
    }

    /// What is there now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        // A story that fails while it holds the lock must not hide behind a second failure here.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }
}
