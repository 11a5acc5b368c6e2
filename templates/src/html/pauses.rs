//! What is paused, by whom, why and until when; what the policy freezes; and the forms to pause and to resume.

use super::pages::{Chrome, Message};
use super::pieces::{Piece, pieces, time};
use crate::foreseen::foreseen;
use crate::line::Line;
use crate::words::{FOREIGN_MAX, NAME_MAX};
use engine::Timestamp;
use engine::directory::Directory;
use engine::hold::{Hold, SCOPE_MAX};
use engine::policy::Foreseen;
use serde::Serialize;

pub struct PausesPage<'a> {
    pub chrome: Chrome<'a>,
    pub message: Option<Message<'a>>,
    pub holds: &'a [Hold],
    /// In force or soon.
    pub freezes: &'a [Foreseen],
    pub directory: &'a Directory,
    pub now: Timestamp,
    /// `None` for readers who may not pause; then `note` says why.
    pub form: Option<PauseForm<'a>>,
    pub note: Option<&'a str>,
}

/// Sends `csrf`, `environment`, `service`, `minutes` and `reason` to `action`; to end one, `csrf`, `hold` and `reason`
/// to `resume`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PauseForm<'a> {
    pub action: &'a str,
    pub resume: &'a str,
    pub csrf: &'a str,
    /// The same for every sending of this rendered form, so that a doubled one is known.
    pub interaction: &'a str,
    /// Names that can be chosen; others can be typed.
    pub environments: &'a [String],
    /// What was written before, when the form comes back.
    pub environment: &'a str,
    pub service: &'a str,
    pub minutes: &'a str,
    pub reason: &'a str,
    pub problem: Option<&'a str>,
}

/// Minutes and their words; 0 is until somebody resumes, or as long as the policy allows.
const LENGTHS: [(&str, &str); 7] = [
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
    ("480", "8 hours"),
    ("1440", "1 day"),
    ("0", "until it is resumed"),
];

#[derive(Serialize)]
pub(super) struct PausesContext<'a> {
    chrome: Chrome<'a>,
    message: Option<Message<'a>>,
    pauses: Vec<PauseView>,
    freezes: Vec<FreezeView>,
    form: Option<PauseForm<'a>>,
    lengths: [(&'static str, &'static str); 7],
    scope_max: usize,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct FreezeView {
    tone: &'static str,
    told: Vec<Piece>,
}

#[derive(Serialize)]
struct PauseView {
    id: String,
    scope: String,
    by: String,
    reason: String,
    since: Piece,
    until: Option<Piece>,
}

pub(super) fn pauses<'a>(page: &PausesPage<'a>) -> PausesContext<'a> {
    PausesContext {
        chrome: page.chrome,
        message: page.message,
        pauses: page.holds.iter().filter_map(|hold| pause_view(page, hold)).collect(),
        freezes: page.freezes.iter().map(|one| freeze_view(one, page.now)).collect(),
        form: page.form,
        lengths: LENGTHS,
        scope_max: SCOPE_MAX,
        note: page.note,
    }
}

fn freeze_view(one: &Foreseen, now: Timestamp) -> FreezeView {
    let tone = if one.is_in_force(now) { "warning" } else { "over" };
    FreezeView { tone, told: pieces(&foreseen(one, now), now) }
}

fn pause_view(page: &PausesPage<'_>, hold: &Hold) -> Option<PauseView> {
    let pause = hold.pause()?;
    Some(PauseView {
        id: hold.id.to_string(),
        scope: Line::from(pause.scope.to_string()).cut(2 * NAME_MAX).to_string(),
        by: Line::new(page.directory.name(&pause.by)).cut(NAME_MAX).to_string(),
        reason: Line::new(&pause.reason).cut(FOREIGN_MAX).to_string(),
        since: time(pause.since, page.now),
        until: pause.until.map(|until| time(until, page.now)),
    })
}
