//! A Slack of our own: channels, threads, direct messages, views and private answers, kept in memory behind its Web API.
//!
//! Facts are from Slack's public documentation: error codes, the life of a trigger and of a reply address, limits of
//! blocks. It knows the story's clock and no other.

#![allow(clippy::expect_used, clippy::panic, reason = "a fake that can't go on ends the story that it plays in")]

mod blocks;
mod door;
mod faults;
mod interactions;
mod methods;
mod state;
mod views;

pub use blocks::{Button, buttons, shown};
pub use faults::{Fault, Method};
pub use interactions::Click;
pub use state::{Call, Message, State, View, Whisper};
pub use views::inputs;

use engine::Timestamp;
use router::clock::Clock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use url::Url;

/// Below which path the Web API lies: `http://<address>/api` is the configuration's `api_url`.
pub const API_ROOT: &str = "/api";
/// A real limit for what happens in the background after a click; nothing waits for it unless something is broken.
const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// Clones speak of the same workspace.
#[derive(Clone)]
pub struct FakeSlack {
    shared: Arc<Shared>,
}

struct Shared {
    token: String,
    signing_secret: String,
    clock: Arc<dyn Clock>,
    /// Where this workspace is served, for its reply addresses.
    base: Url,
    state: Mutex<State>,
    /// Something came in.
    arrived: Notify,
    http: reqwest::Client,
}

impl FakeSlack {
    /// Serves a new workspace on loopback.
    pub async fn serve(token: &str, signing_secret: &str, clock: Arc<dyn Clock>) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port on loopback");
        let address = listener.local_addr().expect("its address");
        let base = Url::parse(&format!("http://{address}")).expect("a URL");
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let (token, signing_secret) = (token.to_owned(), signing_secret.to_owned());
        let (state, arrived) = (Mutex::default(), Notify::new());
        let slack = Self { shared: Arc::new(Shared { token, signing_secret, clock, base, state, arrived, http }) };
        let router = door::router(slack.clone());
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        slack
    }

    /// What `slack.api_url` of the configuration is.
    pub fn api_url(&self) -> Url {
        self.shared.base.join(API_ROOT).expect("a URL")
    }

    pub fn add_channel(&self, name: &str) {
        self.state().add_channel(name);
    }

    /// The next `count` calls of this method end like this, after those that were queued before.
    pub fn fail_next(&self, method: Method, count: usize, fault: Fault) {
        self.state().faults.queue(method, count, fault);
    }

    /// Every call is answered 503 until [`FakeSlack::comes_back`].
    pub fn goes_away(&self) {
        self.state().faults.is_away = true;
    }

    pub fn comes_back(&self) {
        self.state().faults.is_away = false;
    }

    /// Somebody removes a message.
    pub fn delete(&self, channel: &str, ts: &str) {
        self.state().delete(channel, ts);
    }

    /// What is there now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        // A story that fails while it holds the lock must not hide behind a second failure here.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for what follows a click in the background. A story that waits in vain says what it waited for.
    pub async fn until<T>(&self, what: &str, look: impl Fn(&State) -> Option<T>) -> T {
        let found = tokio::time::timeout(ARRIVES_WITHIN, async {
            loop {
                let arrived = self.shared.arrived.notified();
                if let Some(found) = look(&self.state()) {
                    return found;
                }
                arrived.await;
            }
        });
        found.await.unwrap_or_else(|_| panic!("{what} did not come; Slack was called: {:#?}", self.state().calls))
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }
}
