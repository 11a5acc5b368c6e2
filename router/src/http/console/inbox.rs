//! `/`: what waits for the reader, what they asked for, what else is open, and what has ended lately.

use super::halt::Halt;
use super::live;
use super::notice;
use super::session::{Viewer, reader};
use crate::app::waiting::{LOOKS_AT, Open, Waiting};
use crate::app::{App, Failure};
use crate::http::page::page;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use engine::directory::Directory;
use engine::ids::ChangeNumber;
use engine::phase::State as ChangeState;
use engine::sealed::as_shown;
use engine::standing::standing;
use entities::{ChangeFilter, Openness, Summary};
use serde::Deserialize;
use templates::html::{ChangeRow, Filter, ListPage, ListSection, Live, Message, WAITING, list_page};
use url::form_urlencoded;

const NOTHING: &str = "Nothing waits for you. A change appears here as soon as it needs your vote or your answers.";
/// Ended changes on one page.
const ENDED_PAGE: u64 = 20;

#[derive(Debug, Default, Deserialize)]
pub struct Wish {
    #[serde(default)]
    state: String,
    #[serde(default)]
    environment: String,
    #[serde(default)]
    service: String,
    #[serde(default)]
    cursor: String,
}

impl Wish {
    /// Words that are no state are as good as none: the form can't send them.
    fn filter(&self) -> ChangeFilter {
        let named = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        ChangeFilter {
            state: ChangeState::from_word(&self.state),
            openness: None,
            environment: named(&self.environment),
            service: named(&self.service),
        }
    }

    fn after(&self) -> Option<ChangeNumber> {
        self.cursor.parse().ok()
    }

    /// The same list, from here on.
    fn older(&self, after: ChangeNumber) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("state", &self.state), ("environment", &self.environment), ("service", &self.service)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("/?{}", query.append_pair("cursor", &after.to_string()).finish())
    }
}

pub async fn show(State(app): State<App>, headers: HeaderMap, Query(wish): Query<Wish>) -> Result<Response, Halt> {
    let viewer = reader(&app, &headers, "/").await?;
    match Found::look(&app, &viewer, &wish).await {
        Ok(found) => Ok(notice::shown(&app, &headers, found.rendered(&app, &viewer, &wish, notice::read(&headers).as_deref()))),
        Err(failure) => Err(Halt::failed(&app, &failure)),
    }
}

struct Found {
    open: Waiting,
    ended: Vec<Summary>,
    environments: Vec<String>,
    /// What of the open changes this page shows.
    seen: String,
}

impl Found {
    async fn look(app: &App, viewer: &Viewer, wish: &Wish) -> Result<Self, Failure> {
        let filter = wish.filter();
        let ended = ChangeFilter { openness: Some(Openness::Ended), ..filter.clone() };
        // Whatever happens while this is read is told by the first event.
        let seen = live::inbox_mark(app).await?;
        let open = match wish.after() {
            None => app.waiting(&filter, viewer.person.as_ref()).await?,
            Some(_) => Waiting { directory: app.laws.directory_now(&app.store).await?, ..Waiting::default() },
        };
        let ended = app.store.list_changes(&ended, wish.after(), ENDED_PAGE).await?;
        let environments = app.laws.policy(&app.store).await?.environments().map(ToString::to_string).collect();
        Ok(Self { open, ended, environments, seen })
    }

    fn rendered(&self, app: &App, viewer: &Viewer, wish: &Wish, notice: Option<&str>) -> Response {
        let name = viewer.name(&self.open.directory);
        let older = self.ended.last().filter(|_| self.ended.len() as u64 == ENDED_PAGE).map(|last| wish.older(last.number));
        let left_out = format!(
            "More is open than the {LOOKS_AT} changes that were looked at, those that wait for votes first. Narrow the list to see the others."
        );
        page(list_page(&ListPage {
            chrome: viewer.chrome(app, &name, "/"),
            message: notice.map(|text| Message { tone: "good", text }),
            live: wish.after().is_none().then_some(Live { events: "/events", seen: &self.seen }),
            filter: Filter { state: &wish.state, environment: &wish.environment, service: &wish.service, environments: &self.environments },
            sections: &self.sections(viewer, wish),
            now: app.clock.now(),
            older: older.as_deref(),
            left_out: self.open.is_cut.then_some(left_out.as_str()),
        }))
    }

    fn sections(&self, viewer: &Viewer, wish: &Wish) -> Vec<ListSection<'static>> {
        let (is_first, is_person) = (wish.after().is_none(), viewer.person.is_some());
        let open = |changes: &[Open]| changes.iter().map(|open| open_row(open, &self.open.directory)).collect::<Vec<_>>();
        let waiting = self
            .open
            .on_them
            .iter()
            .map(|open| ChangeRow { expires_at: Some(open.change.expires_at), ..open_row(open, &self.open.directory) });
        let has_any = !(self.open.on_them.is_empty() && self.open.asked_by_them.is_empty() && self.open.others.is_empty());
        let nothing =
            if has_any || is_person { None } else { Some("No change is open. They appear as soon as a pipeline asks for an approval.") };
        let sections = [
            (WAITING, "Waits for you", waiting.collect(), (is_first && is_person).then_some(NOTHING)),
            ("asked", "You asked for these", open(&self.open.asked_by_them), None),
            ("open", if is_person { "Others that are open" } else { "Open" }, open(&self.open.others), nothing.filter(|_| is_first)),
            ("ended", "Ended lately", self.ended.iter().map(ended_row).collect(), (!is_first).then_some("There are no older ones.")),
        ];
        sections.into_iter().map(|(id, heading, rows, empty)| ListSection { id, heading, rows, empty }).collect()
    }
}

fn open_row(open: &Open, directory: &Directory) -> ChangeRow {
    let change = &open.change;
    let standing = standing(&as_shown(change, directory), directory);
    ChangeRow {
        number: change.number,
        state: change.state(),
        what: change.what(),
        about: change.request.title.clone(),
        changed_at: change.last_at,
        expires_at: None,
        approvals: (change.state() == ChangeState::Pending).then(|| (standing.given(), standing.needed())),
        holds: change.holds.len(),
    }
}

fn ended_row(summary: &Summary) -> ChangeRow {
    ChangeRow {
        number: summary.number,
        state: summary.state,
        what: summary.title.clone(),
        about: String::new(),
        changed_at: summary.updated_at,
        expires_at: None,
        approvals: None,
        holds: 0,
    }
}
