//! Server-sent events by which a page learns that it is out of date. They say that something moved, never what: the page
//! is read again, by whoever may read it.

use super::session::viewer;
use crate::app::news::Moves;
use crate::app::{App, Failure};
use crate::clock::pause;
use crate::http::changes::address;
use crate::http::problem::{Kind, Problem};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use engine::ids::ChangeId;
use entities::{ChangeAddress, Pulse};
use futures_util::{Stream, StreamExt, stream};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

/// Between two looks while nothing was announced here; another node may have written.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// A proxy closes what is silent for long.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After which a browser that lost us asks again.
const RETRY: Duration = Duration::from_secs(3);
/// What a browser sends when it comes back: the id of the last event that it saw.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Asks a proxy in front not to collect what is sent (nginx).
const UNBUFFERED: (HeaderName, HeaderValue) = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

#[derive(Debug, Deserialize)]
pub struct Since {
    /// What the page shows.
    #[serde(default)]
    seen: String,
}

/// What is watched.
#[derive(Clone, Copy, Debug)]
enum Watched {
    Change(ChangeId),
    Inbox,
}

impl Watched {
    /// Returns when it may have moved.
    async fn moves(self, moves: &mut Moves) {
        match self {
            Self::Change(id) => moves.of(id).await,
            Self::Inbox => moves.any().await,
        }
    }
}

pub async fn of_change(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(since): Query<Since>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let found = app.store.find_change(&address(&id)?).await.map_err(Failure::from)?;
    let change = found.map(|summary| summary.id);
    let is_known = viewer(&app, &headers).await?.is_some();
    match change.filter(|_| is_known) {
        Some(change) => watch(app, headers, Watched::Change(change), since).await,
        None if is_known => Err(Problem::unknown_change(&id)),
        None => Err(unknown_reader()),
    }
}

pub async fn of_inbox(State(app): State<App>, Query(since): Query<Since>, headers: HeaderMap) -> Result<Response, Problem> {
    if viewer(&app, &headers).await?.is_none() {
        return Err(unknown_reader());
    }
    watch(app, headers, Watched::Inbox, since).await
}

fn unknown_reader() -> Problem {
    Problem::new(Kind::Unauthorized, "Sign in at /sign-in: events are for pages that are open.")
}

async fn watch(app: App, headers: HeaderMap, watched: Watched, since: Since) -> Result<Response, Problem> {
    let busy = |detail: &str| Problem::new(Kind::Unavailable, detail);
    if app.is_draining() {
        return Err(busy("This node is going down. Load the page again."));
    }
    let permit = app.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| busy("Too many pages are kept current here. This one has to look again by itself."))?;
    let last = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let watch = Watch { app, headers, watched, seen: last.unwrap_or(since.seen), _permit: permit };
    let events = Sse::new(events(watch)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(([UNBUFFERED], events).into_response())
}

/// One page that is kept current.
struct Watch {
    app: App,
    /// By which its reader is known again before each event.
    headers: HeaderMap,
    watched: Watched,
    seen: String,
    _permit: OwnedSemaphorePermit,
}

fn events(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> {
    let hello = Event::default().retry(RETRY).comment("listening");
    let moves = stream::unfold(watch, |mut watch| async move {
        let mark = watch.next_mark().await?;
        Some((Ok(Event::default().event("moved").id(&mark).data(&mark)), watch))
    });
    stream::once(async { Ok(hello) }).chain(moves)
}

impl Watch {
    /// Waits until there is something newer; `None` at the end: the process drains, the session is over, or the database
    /// does not answer, and the browser asks again.
    async fn next_mark(&mut self) -> Option<String> {
        // Listening begins before looking, so that what happens in between is not slept through.
        let mut moves = self.app.news.moves();
        loop {
            if self.app.is_draining() {
                return None;
            }
            let mark = self.mark().await.ok()?;
            if mark != self.seen {
                viewer(&self.app, &self.headers).await.ok()??;
                self.seen.clone_from(&mark);
                return Some(mark);
            }
            tokio::select! {
                () = self.watched.moves(&mut moves) => {}
                () = pause(LOOK_AGAIN) => {}
            }
        }
    }

    async fn mark(&self) -> Result<String, Failure> {
        match self.watched {
            Watched::Change(id) => {
                let summary = self.app.store.find_change(&ChangeAddress::Id(id)).await?;
                Ok(summary.map(|summary| summary.last_seq.to_string()).unwrap_or_default())
            }
            Watched::Inbox => inbox_mark(&self.app).await,
        }
    }
}

/// Tells two states of the inbox apart.
pub async fn inbox_mark(app: &App) -> Result<String, Failure> {
    let Pulse { open, newest, events } = app.store.open_pulse().await?;
    Ok(format!("{open}-{newest}-{events}"))
}
