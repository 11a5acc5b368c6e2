//! `/changes/{id}`: the card, what the reader can do, why it stands where it stands, and what happened.

use super::controls::{Controls, Sent, controls};
use super::halt::Halt;
use super::notice;
use super::session::{Viewer, reader};
use crate::app::App;
use crate::app::shown::Shown;
use crate::http::changes::address;
use crate::http::page::page;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use templates::html::{ChangePage, Live, Message, change_page};

pub async fn show(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Halt> {
    // Only an address that is one comes back through the sign-in page.
    let here = address(&id).map_or_else(|_| "/".to_owned(), |_| format!("/changes/{id}"));
    let viewer = reader(&app, &headers, &here).await?;
    let shown = found(&app, &id).await?;
    let notice = notice::read(&headers);
    let message = notice.as_deref().map(|text| Message { tone: "good", text });
    Ok(notice::shown(&app, &headers, rendered(&app, &viewer, &shown, &Said { message, sent: None })))
}

pub async fn found(app: &App, id: &str) -> Result<Shown, Halt> {
    let address = address(id).map_err(|_| Halt::unknown_change(app))?;
    match Shown::find(app, &address).await {
        Ok(Some(shown)) => Ok(shown),
        Ok(None) => Err(Halt::unknown_change(app)),
        Err(failure) => Err(Halt::failed(app, &failure)),
    }
}

/// What the reader hears of what they have just done.
pub struct Said<'a> {
    pub message: Option<Message<'a>>,
    /// A form that was refused; what was written in it is kept.
    pub sent: Option<&'a Sent>,
}

pub fn rendered(app: &App, viewer: &Viewer, shown: &Shown, said: &Said<'_>) -> Response {
    let now = app.clock.now();
    let name = viewer.name(&shown.directory);
    let number = shown.change.number;
    let (events, seen) = (format!("/changes/{number}/events"), shown.change.last_seq.to_string());
    let controls: Controls = controls(app, viewer, shown, said.sent);
    let action = format!("/changes/{number}");
    page(change_page(&ChangePage {
        chrome: viewer.chrome(app, &name, ""),
        view: shown.read_only(app),
        events: &shown.events,
        now,
        message: said.message,
        live: Some(Live { events: &events, seen: &seen }),
        offer: Some(controls.offer(viewer, &action, said.sent)),
    }))
}
