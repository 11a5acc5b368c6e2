//! The console's first room: a list of changes, and each change as the card shows it, with its history.

use super::changes::{PAGE, address};
use super::page::{chrome, failed, page, said};
use super::session::{Viewer, viewer};
use crate::app::shown::Shown;
use crate::app::{App, Failure};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use engine::ids::ChangeNumber;
use entities::{ChangeFilter, Summary};
use serde::Deserialize;
use templates::html::{Account, ChangePage, ChangeRow, ChangesPage, Chrome, Forms, Message, VoteForm, change_page, changes_page};

#[derive(Debug, Deserialize)]
pub struct Older {
    cursor: Option<String>,
}

/// What the reader hears of what they have just done.
pub enum Said {
    Nothing,
    Good(String),
    Bad(String),
    /// The form comes back with what was written.
    Mend {
        sentence: String,
        rationale: String,
    },
}

pub async fn list(State(app): State<App>, headers: HeaderMap, Query(query): Query<Older>) -> Response {
    let viewer = match viewer(&app, &headers).await {
        Ok(Some(viewer)) => viewer,
        Ok(None) => return Redirect::to("/sign-in").into_response(),
        Err(failure) => return failed(&app, &failure),
    };
    match changes(&app, query.cursor.and_then(|cursor| cursor.parse().ok())).await {
        Ok(rows) => rendered_list(&app, &viewer, &rows).await,
        Err(failure) => failed(&app, &failure),
    }
}

async fn changes(app: &App, after: Option<ChangeNumber>) -> Result<Vec<Summary>, Failure> {
    Ok(app.store.list_changes(&ChangeFilter::default(), after, PAGE).await?)
}

async fn rendered_list(app: &App, viewer: &Viewer, summaries: &[Summary]) -> Response {
    let rows: Vec<ChangeRow> = summaries.iter().map(row).collect();
    let last = summaries.last().filter(|_| summaries.len() as u64 == PAGE);
    let older = last.map(|last| format!("/?cursor={}", last.number));
    let reader = Reader::of(app, viewer).await;
    page(changes_page(&ChangesPage { chrome: reader.chrome(app), rows: &rows, now: app.clock.now(), older: older.as_deref() }))
}

fn row(summary: &Summary) -> ChangeRow {
    ChangeRow {
        number: summary.number,
        state: summary.state,
        what: summary.title.clone(),
        about: String::new(),
        changed_at: summary.updated_at,
        approvals: None,
    }
}

pub async fn one(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let viewer = match viewer(&app, &headers).await {
        Ok(Some(viewer)) => viewer,
        Ok(None) => return Redirect::to(&format!("/sign-in?then=/changes/{id}")).into_response(),
        Err(failure) => return failed(&app, &failure),
    };
    let Ok(address) = address(&id) else { return unknown(&app) };
    match Shown::find(&app, &address).await {
        Ok(Some(shown)) => show(&app, &shown, &viewer, &Said::Nothing),
        Ok(None) => unknown(&app),
        Err(failure) => failed(&app, &failure),
    }
}

fn unknown(app: &App) -> Response {
    said(app, StatusCode::NOT_FOUND, "There is no such change", "Use its number, like CHG-1042, or look at the list.")
}

/// The page of one change, with what the reader has just done.
pub fn show(app: &App, shown: &Shown, viewer: &Viewer, result: &Said) -> Response {
    let reader = Reader::known(app, shown, viewer);
    let action = format!("/changes/{}/vote", shown.change.number);
    let (message, rationale, problem) = match result {
        Said::Nothing => (None, "", None),
        Said::Good(text) => (Some(Message { tone: "good", text }), "", None),
        Said::Bad(text) => (Some(Message { tone: "bad", text }), "", None),
        Said::Mend { sentence, rationale } => (None, rationale.as_str(), Some(sentence.as_str())),
    };
    let form = VoteForm { action: &action, csrf: &reader.csrf, people: &[], rationale, problem };
    let forms = match viewer {
        Viewer::Sandbox(_) => Forms::Vote(form),
        Viewer::Token(_) => Forms::None,
    };
    page(change_page(&ChangePage {
        chrome: reader.chrome(app),
        view: shown.read_only(app),
        events: &shown.events,
        now: app.clock.now(),
        message,
        forms,
    }))
}

/// The signed-in person as pages show them.
struct Reader {
    name: String,
    csrf: String,
}

impl Reader {
    async fn of(app: &App, viewer: &Viewer) -> Self {
        let directory = app.laws.directory_now(&app.store).await.unwrap_or_default();
        Self::named(app, viewer, &directory)
    }

    fn known(app: &App, shown: &Shown, viewer: &Viewer) -> Self {
        Self::named(app, viewer, &shown.directory)
    }

    fn named(app: &App, viewer: &Viewer, directory: &engine::directory::Directory) -> Self {
        match viewer {
            Viewer::Sandbox(person) => {
                let csrf = app.sandbox.as_ref().map(|sandbox| sandbox.csrf(person.as_str())).unwrap_or_default();
                Self { name: directory.name(person).to_owned(), csrf }
            }
            Viewer::Token(name) => Self { name: name.clone(), csrf: String::new() },
        }
    }

    fn chrome<'a>(&'a self, app: &App) -> Chrome<'a> {
        Chrome { account: Some(Account { name: &self.name, sign_out: "/sign-out", csrf: &self.csrf }), ..chrome(app) }
    }
}
