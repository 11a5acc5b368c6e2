//! The inbox: changes in sections by what they mean to the reader, and the filters above them.

use super::pages::{Chrome, Live, Message};
use super::pieces::{Piece, time};
use crate::card::{Mark, Tone};
use crate::line::Line;
use crate::words::{self, ABOUT_MAX, NAME_MAX, TITLE_MAX};
use engine::Timestamp;
use engine::ids::ChangeNumber;
use engine::phase::State;
use serde::Serialize;

pub struct ListPage<'a> {
    pub chrome: Chrome<'a>,
    pub message: Option<Message<'a>>,
    pub live: Option<Live<'a>>,
    pub filter: Filter<'a>,
    pub sections: &'a [ListSection<'a>],
    pub now: Timestamp,
    /// Where older changes are, if there are any.
    pub older: Option<&'a str>,
    /// Something that is not shown, in a sentence.
    pub left_out: Option<&'a str>,
}

/// What the list is narrowed to.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Filter<'a> {
    /// A state's word, or nothing.
    pub state: &'a str,
    pub environment: &'a str,
    pub service: &'a str,
    /// Names that can be chosen; others can be typed.
    pub environments: &'a [String],
}

/// Changes that mean the same to the reader.
#[derive(Clone, Debug)]
pub struct ListSection<'a> {
    /// Names it in the page's addresses: `waiting`.
    pub id: &'a str,
    pub heading: &'a str,
    pub rows: Vec<ChangeRow>,
    /// What stands there while it has no rows; `None` leaves the section out.
    pub empty: Option<&'a str>,
}

/// A change in a list.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    pub number: ChangeNumber,
    pub state: State,
    /// Service, version and environment, as in its title.
    pub what: String,
    /// Its requester's words.
    pub about: String,
    /// When something last happened to it.
    pub changed_at: Timestamp,
    /// Shown instead, where somebody has to do something before.
    pub expires_at: Option<Timestamp>,
    /// Approvals given and needed, while they are counted.
    pub approvals: Option<(u32, u32)>,
    /// Why it may not be released now: in so many ways.
    pub holds: usize,
}

#[derive(Serialize)]
pub(super) struct ListContext<'a> {
    chrome: Chrome<'a>,
    message: Option<Message<'a>>,
    live: Option<Live<'a>>,
    filter: Filter<'a>,
    states: Vec<StateView>,
    is_filtered: bool,
    sections: Vec<SectionView<'a>>,
    waiting: usize,
    said: String,
    older: Option<&'a str>,
    left_out: Option<&'a str>,
}

/// One choice of the filter.
#[derive(Serialize)]
struct StateView {
    word: &'static str,
    label: String,
}

#[derive(Serialize)]
struct SectionView<'a> {
    id: &'a str,
    heading: &'a str,
    rows: Vec<RowView>,
    empty: Option<&'a str>,
}

#[derive(Serialize)]
struct RowView {
    number: String,
    tone: &'static str,
    mark: &'static str,
    state: &'static str,
    what: String,
    about: String,
    time: Piece,
    /// How far away it is: “2 hours ago”, “expires in 2 hours”.
    distance: String,
    approvals: Option<String>,
    is_held: bool,
}

/// The section that counts.
pub const WAITING: &str = "waiting";

pub(super) fn list<'a>(page: &ListPage<'a>) -> ListContext<'a> {
    let shown = page.sections.iter().filter(|section| !section.rows.is_empty() || section.empty.is_some());
    let waiting = page.sections.iter().filter(|section| section.id == WAITING).map(|section| section.rows.len()).sum();
    let filter = page.filter;
    ListContext {
        chrome: page.chrome,
        message: page.message,
        live: page.live,
        states: State::ALL.into_iter().map(|state| StateView { word: state.word(), label: state_label(state) }).collect(),
        is_filtered: !(filter.state.is_empty() && filter.environment.is_empty() && filter.service.is_empty()),
        filter,
        sections: shown.map(|section| section_view(section, page.now)).collect(),
        said: said(waiting),
        waiting,
        older: page.older,
        left_out: page.left_out,
    }
}

fn said(waiting: usize) -> String {
    match waiting {
        0 => "Nothing waits for you".to_owned(),
        1 => "1 change waits for you".to_owned(),
        more => format!("{more} changes wait for you"),
    }
}

/// Two states share a word on cards; a filter has to tell them apart.
fn state_label(state: State) -> String {
    match state {
        State::Released => format!("{}, not started", words::state(state)),
        State::Draft
        | State::Gating
        | State::Blocked
        | State::Pending
        | State::Approved
        | State::Deploying
        | State::Succeeded
        | State::Failed
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => words::state(state).to_owned(),
    }
}

fn section_view<'a>(section: &ListSection<'a>, now: Timestamp) -> SectionView<'a> {
    let rows = section.rows.iter().map(|row| row_view(row, now)).collect();
    SectionView { id: section.id, heading: section.heading, rows, empty: section.empty }
}

fn row_view(row: &ChangeRow, now: Timestamp) -> RowView {
    RowView {
        number: row.number.to_string(),
        tone: Tone::of(row.state).word(),
        mark: Mark::of(row.state).symbol(),
        state: words::state(row.state),
        what: Line::new(&row.what).cut(TITLE_MAX + NAME_MAX).to_string(),
        about: Line::new(&row.about).cut(ABOUT_MAX).to_string(),
        time: time(row.expires_at.unwrap_or(row.changed_at), now),
        distance: match row.expires_at {
            Some(at) => format!("expires {}", words::distance(at, now)),
            None => words::distance(row.changed_at, now),
        },
        approvals: row.approvals.map(|(given, needed)| format!("{given} of {needed} approvals")),
        is_held: row.holds > 0,
    }
}
