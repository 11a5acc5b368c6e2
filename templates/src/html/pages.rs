//! What each page is given, and how it is laid before the templates.

use super::card::{CardView, EntryView, card_view, entry_view};
use super::pieces::{Piece, time};
use crate::card::{Mark, Tone};
use crate::form::RATIONALE_MAX;
use crate::line::Line;
use crate::timeline::timeline;
use crate::view::{Controls, View};
use crate::words::{self, ABOUT_MAX, TITLE_MAX};
use engine::ids::ChangeNumber;
use engine::phase::State;
use engine::{Event, Timestamp};
use serde::Serialize;

/// What stands around every page.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Chrome<'a> {
    /// A remark beside the name: `Sandbox`.
    pub badge: Option<&'a str>,
    pub account: Option<Account<'a>>,
}

/// The signed-in person and the way out.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Account<'a> {
    pub name: &'a str,
    /// Where the sign-out form is posted.
    pub sign_out: &'a str,
    pub csrf: &'a str,
}

/// An answer to what the reader has just done.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Message<'a> {
    /// `good` or `bad`; see [`Tone::word`].
    pub tone: &'a str,
    pub text: &'a str,
}

pub struct ChangePage<'a> {
    pub chrome: Chrome<'a>,
    pub view: View<'a>,
    /// The whole stream of the change.
    pub events: &'a [Event],
    pub now: Timestamp,
    pub message: Option<Message<'a>>,
    pub forms: Forms<'a>,
}

/// What the reader can do on the page of a change.
#[derive(Clone, Copy, Debug)]
pub enum Forms<'a> {
    None,
    /// A link to the page where one signs in.
    SignIn {
        href: &'a str,
    },
    Vote(VoteForm<'a>),
}

/// A form that posts `csrf`, `round`, `person` where several can be chosen, `choice` (`approve` or `reject`) and
/// `rationale`.
#[derive(Clone, Copy, Debug)]
pub struct VoteForm<'a> {
    /// Where it is posted.
    pub action: &'a str,
    pub csrf: &'a str,
    /// Empty: the signed-in person votes.
    pub people: &'a [PersonChoice<'a>],
    /// What was written before, when the form comes back.
    pub rationale: &'a str,
    /// Why it came back.
    pub problem: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct PersonChoice<'a> {
    pub id: &'a str,
    pub name: &'a str,
    /// What they are, in a few words: their groups.
    pub note: &'a str,
    /// `selected` or nothing.
    pub chosen: Option<&'a str>,
}

pub struct ChangesPage<'a> {
    pub chrome: Chrome<'a>,
    pub rows: &'a [ChangeRow],
    pub now: Timestamp,
    /// Where older changes are, if there are any.
    pub older: Option<&'a str>,
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
    /// Approvals given and needed, while they are counted.
    pub approvals: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct SignInPage<'a> {
    pub chrome: Chrome<'a>,
    pub people: &'a [PersonChoice<'a>],
    /// Where the form is posted; it sends `csrf`, `person` and `then`.
    pub action: &'a str,
    pub csrf: &'a str,
    /// The page to come back to.
    pub then: &'a str,
    pub problem: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct TokenPage<'a> {
    pub chrome: Chrome<'a>,
    /// Where the form is posted; it sends `token` and `then`.
    pub action: &'a str,
    /// The page to come back to.
    pub then: &'a str,
    pub problem: Option<&'a str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct ErrorPage<'a> {
    pub chrome: Chrome<'a>,
    pub status: u16,
    /// What happened.
    pub title: &'a str,
    /// What to do.
    pub detail: &'a str,
}

#[derive(Serialize)]
pub(super) struct ChangeContext<'a> {
    chrome: Chrome<'a>,
    message: Option<Message<'a>>,
    title: String,
    card: CardView,
    entries: Vec<EntryView>,
    sign_in: Option<&'a str>,
    vote: Option<VoteContext<'a>>,
}

#[derive(Serialize)]
struct VoteContext<'a> {
    action: &'a str,
    csrf: &'a str,
    round: u32,
    people: &'a [PersonChoice<'a>],
    rationale: &'a str,
    problem: Option<&'a str>,
    hint: String,
    max: u32,
}

pub(super) fn change<'a>(page: &ChangePage<'a>) -> ChangeContext<'a> {
    let view = View { controls: Controls::ReadOnly, ..page.view };
    let card = crate::cards::card(&view);
    ChangeContext {
        chrome: page.chrome,
        message: page.message,
        title: card.title.to_string(),
        entries: timeline(&view, page.events).iter().map(|entry| entry_view(entry, page.now)).collect(),
        card: card_view(&card, page.now),
        sign_in: if let Forms::SignIn { href } = page.forms { Some(href) } else { None },
        vote: if let Forms::Vote(form) = page.forms { vote(&view, form) } else { None },
    }
}

/// A form only while votes are taken.
fn vote<'a>(view: &View<'_>, form: VoteForm<'a>) -> Option<VoteContext<'a>> {
    let is_open = view.change.state() == State::Pending;
    is_open.then(|| VoteContext {
        action: form.action,
        csrf: form.csrf,
        round: view.change.round,
        people: form.people,
        rationale: form.rationale,
        problem: form.problem,
        hint: crate::form::form(view, engine::event::Choice::Approve).rationale.hint.to_string(),
        max: RATIONALE_MAX,
    })
}

#[derive(Serialize)]
pub(super) struct ChangesContext<'a> {
    chrome: Chrome<'a>,
    rows: Vec<RowView>,
    waiting: usize,
    older: Option<&'a str>,
}

#[derive(Serialize)]
struct RowView {
    number: String,
    tone: &'static str,
    mark: &'static str,
    state: &'static str,
    what: String,
    about: String,
    changed: Piece,
    distance: String,
    approvals: Option<String>,
}

pub(super) fn changes<'a>(page: &ChangesPage<'a>) -> ChangesContext<'a> {
    ChangesContext {
        chrome: page.chrome,
        rows: page.rows.iter().map(|row| row_view(row, page.now)).collect(),
        waiting: page.rows.iter().filter(|row| row.state == State::Pending).count(),
        older: page.older,
    }
}

fn row_view(row: &ChangeRow, now: Timestamp) -> RowView {
    RowView {
        number: row.number.to_string(),
        tone: Tone::of(row.state).word(),
        mark: Mark::of(row.state).symbol(),
        state: words::state(row.state),
        what: Line::new(&row.what).cut(TITLE_MAX).to_string(),
        about: Line::new(&row.about).cut(ABOUT_MAX).to_string(),
        changed: time(row.changed_at, now),
        distance: words::distance(row.changed_at, now),
        approvals: row.approvals.map(|(given, needed)| format!("{given} of {needed} approvals")),
    }
}
