//! A change with everything that a card of it needs.

use crate::app::{App, Failure};
use engine::change::Change;
use engine::directory::Directory;
use engine::event::Event;
use engine::ids::ChangeId;
use engine::sealed::as_shown;
use entities::ChangeAddress;
use std::sync::Arc;
use templates::{Controls, Note, View};

pub struct Shown {
    pub change: Change,
    /// What of it may be shown: without votes that are sealed.
    pub public: Change,
    pub events: Vec<Event>,
    pub directory: Arc<Directory>,
    notes: Vec<Note>,
    tool: &'static str,
}

impl Shown {
    /// Without its history, for forms.
    pub fn of(app: &App, change: Change, directory: Arc<Directory>) -> Self {
        let notes = notes(app, &change);
        let tool = tool(app, &change);
        let public = as_shown(&change, &directory);
        Self { change, public, events: Vec::new(), directory, notes, tool }
    }

    pub async fn load(app: &App, id: ChangeId) -> Result<Self, Failure> {
        let events = app.store.events(id).await?;
        if events.is_empty() {
            return Err(Failure::NoSuchChange(id));
        }
        let change = Change::fold(&events).map_err(|why| Failure::Log { change: id, why })?;
        let directory = app.laws.directory_now(&app.store).await?;
        Ok(Self { events, ..Self::of(app, change, directory) })
    }

    pub async fn find(app: &App, address: &ChangeAddress) -> Result<Option<Self>, Failure> {
        match app.store.find_change(address).await? {
            Some(summary) => Self::load(app, summary.id).await.map(Some),
            None => Ok(None),
        }
    }

    /// As chat platforms show it: with the buttons that work now.
    pub fn view<'a>(&'a self, app: &'a App) -> View<'a> {
        self.with(app, Controls::Vote)
    }

    /// As pages and texts show it.
    pub fn read_only<'a>(&'a self, app: &'a App) -> View<'a> {
        self.with(app, Controls::ReadOnly)
    }

    fn with<'a>(&'a self, app: &'a App, controls: Controls) -> View<'a> {
        View {
            change: &self.public,
            directory: &self.directory,
            public_url: app.settings.server.web(),
            tool: self.tool,
            controls,
            notes: &self.notes,
        }
    }
}

fn tool(app: &App, change: &Change) -> &'static str {
    let callback = change.request.origin.callback.as_ref();
    let connection = callback.and_then(|callback| app.sources.named(callback.integration.as_str()));
    connection.map_or("the pipeline", |connection| connection.title)
}

/// A decision that can't be sent back is said before anybody decides.
fn notes(app: &App, change: &Change) -> Vec<Note> {
    let Some(callback) = &change.request.origin.callback else { return Vec::new() };
    let why = match app.sources.named(callback.integration.as_str()) {
        Some(connection) if connection.api.is_some() => return Vec::new(),
        Some(_) => format!("{} has no credentials to answer with", callback.integration),
        None => format!("{} is no longer configured", callback.integration),
    };
    vec![Note::CannotAnswer { why }]
}
