//! What the change is in its requester's words, and what happened last and happens next in ours.

use super::{gates, quorum};
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::View;
use crate::words::{self, ABOUT_MAX, NAME_MAX};
use engine::event::DeploymentOutcome;
use engine::phase::{Phase, Unfinished};

/// Approvers that a sentence names.
const NAMED: usize = 5;
/// What a sentence of somebody else may end with.
const ENDS: [char; 4] = ['.', '…', '!', '?'];

/// The requester's title, where it comes from, and a link there.
pub fn about(view: &View<'_>) -> Rich {
    let change = view.change;
    let request = &change.request;
    let title = Line::new(&request.title).cut(ABOUT_MAX);
    let mut about = if title.is_empty() { Rich::new() } else { Rich::from(title) };
    for part in [request.git_ref.clone(), change.short_commit()].into_iter().flatten() {
        about = separated(about).code(Line::from(part).cut(NAME_MAX));
    }
    match &request.url {
        Some(url) => separated(about).link(url, format!("open in {}", view.tool)),
        None => about,
    }
}

fn separated(text: Rich) -> Rich {
    if text.is_empty() { text } else { text.text(" · ") }
}

pub fn summary(view: &View<'_>) -> Rich {
    match &view.change.phase {
        Phase::Draft { why } => draft(view, why),
        Phase::Gating => gates::awaited(view).unwrap_or_else(|| Rich::from("Nobody is asked yet: its authors are being looked up.")),
        Phase::Blocked { .. } => Rich::from("Nobody is asked, and nothing is released, until this is mended."),
        Phase::Pending { stage } => pending(view, *stage),
        Phase::Approved { .. } if !view.change.holds.is_empty() => approved(view).text(" It is not released yet."),
        Phase::Approved { .. } => approved(view).text(format!(" {} is told now.", capitalised(view.tool))),
        Phase::Released { at } => told(approved(view), view, *at).text(" The deployment has not started yet."),
        Phase::Deploying { at } => approved(view).text(" The deployment started ").when(*at, WhenStyle::Absolute).text("."),
        Phase::Finished { at, outcome } => finished(view, *at, *outcome),
        Phase::Rejected { by: Some(by), rationale } => rejected(view, by, rationale),
        Phase::Rejected { by: None, rationale } => {
            Rich::from(format!("Rejected: {} To try again, push a fix or ask for a new approval.", full_stop(rationale)))
        }
        Phase::Expired { .. } => expired(view),
        Phase::Cancelled { why } => Rich::from(format!("Withdrawn: {}", full_stop(why))),
        Phase::Superseded { by } => {
            Rich::new().text("Replaced by ").link(&view.web_of(by.number), by.number.to_string()).text(", which is newer.")
        }
    }
}

fn draft(view: &View<'_>, why: &Unfinished) -> Rich {
    match why {
        Unfinished::FieldsMissing { fields } => {
            let labels: Vec<String> = fields.iter().map(|name| engine::fields::label(name)).collect();
            let labels = Line::from(labels.join(", ")).cut(words::FOREIGN_MAX);
            Rich::from(format!("Nobody is asked before its requester has filled in: {labels}."))
        }
        Unfinished::ChangesRequested { by, rationale } => {
            let reason = Line::new(rationale).cut(words::FOREIGN_MAX);
            let start = Rich::from("Changes requested by ").person(PersonRef::of(by, view.directory));
            start.text(format!(": {} Its requester can ask again, or push a fix.", quoted(&reason)))
        }
    }
}

fn pending(view: &View<'_>, stage: usize) -> Rich {
    let then = format!("Once approved, {} is told to go ahead.", view.tool);
    let Some(rules) = view.change.rules.as_ref().filter(|rules| rules.stages.len() > 1) else { return Rich::from(then) };
    let name = rules.stages.get(stage).map(|stage| Line::new(stage.name.as_str()).cut(NAME_MAX)).unwrap_or_default();
    Rich::from(format!("Stage {} of {}: {name}. {then}", stage + 1, rules.stages.len()))
}

/// “Approved 2 of 2 by A and B.”, or that the class asks for nobody.
fn approved(view: &View<'_>) -> Rich {
    let change = view.change;
    let Some(quorum) = quorum::quorum(view) else {
        let class = change.rules.as_ref().map(|rules| Line::new(rules.class.as_str()).cut(NAME_MAX)).unwrap_or_default();
        return Rich::from(format!("Approved by rule: the class {class} asks for nobody."));
    };
    let mut people: Vec<PersonRef> = Vec::new();
    for counted in &change.counted {
        let person = PersonRef::of(&counted.person, view.directory);
        if !people.contains(&person) {
            people.push(person);
        }
    }
    let start = Rich::from(format!("Approved {} of {}", quorum.given, quorum.needed));
    if people.is_empty() { start.text(".") } else { start.text(" by ").people(&people, NAMED).text(".") }
}

fn told(start: Rich, view: &View<'_>, at: engine::Timestamp) -> Rich {
    start.text(format!(" {} was told ", capitalised(view.tool))).when(at, WhenStyle::Absolute).text(".")
}

fn finished(view: &View<'_>, at: engine::Timestamp, outcome: DeploymentOutcome) -> Rich {
    let ended = match outcome {
        DeploymentOutcome::Success => " Deployed ",
        DeploymentOutcome::Failure => " The deployment failed ",
        DeploymentOutcome::Cancelled => " The deployment was cancelled ",
    };
    approved(view).text(ended).when(at, WhenStyle::Absolute).text(".")
}

fn rejected(view: &View<'_>, by: &engine::ids::PersonId, rationale: &str) -> Rich {
    let reason = Line::new(rationale).cut(words::FOREIGN_MAX);
    let start = Rich::new().text("Rejected by ").person(PersonRef::of(by, view.directory));
    let said = if reason.is_empty() { start.text(".") } else { start.text(format!(": {}", quoted(&reason))) };
    said.text(" To try again, push a fix or ask for a new approval.")
}

fn expired(view: &View<'_>) -> Rich {
    let start = Rich::new().text("No decision by ").when(view.change.expires_at, WhenStyle::Absolute);
    let counts = quorum::quorum(view).map(|quorum| format!(": {} of {} approvals", quorum.given, quorum.needed)).unwrap_or_default();
    start.text(format!("{counts}. To try again, ask for it anew from {}.", view.tool))
}

/// A tool's name at the start of a sentence.
pub(crate) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A reason between quotes, at the end of a sentence.
pub(crate) fn quoted(reason: &Line) -> String {
    if reason.as_str().ends_with(ENDS) { format!("“{reason}”") } else { format!("“{reason}”.") }
}

/// Somebody else's words as one sentence.
pub(crate) fn full_stop(text: &str) -> String {
    let line = Line::new(text).cut(words::FOREIGN_MAX).to_string();
    if line.ends_with(ENDS) { line } else { format!("{line}.") }
}
