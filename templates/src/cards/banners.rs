//! What is out of the ordinary about a change: why it is blocked, escalations, and whatever went past the gate.

use super::summary::{capitalised, full_stop};
use super::{gates, holds};
use crate::card::{Banner, Tone};
use crate::line::Line;
use crate::rich::{Rich, WhenStyle};
use crate::view::{Note, View};
use crate::words::{self, FOREIGN_MAX, NAME_MAX};
use engine::change::{Answer, OutsideDecision, TakenStep};
use engine::event::{TakenAct, ToolDecision};
use engine::ids::GroupName;
use engine::phase::{Phase, State};
use engine::rules::Step;
use engine::sealed::is_blind;

/// Decisions made outside that a card shows, newest first.
const OUTSIDE_SHOWN: usize = 2;

/// Worst first.
pub fn banners(view: &View<'_>) -> Vec<Banner> {
    let unapproved = unapproved(view);
    let found = [blocked(view), unapproved, undelivered(view), sealed(view)].into_iter().flatten();
    let found = found.chain(holds::banners(view)).chain(gates::banners(view));
    found.chain(view.notes.iter().map(|note| noted(view, note))).chain(outside(view)).chain(escalated(view)).collect()
}

fn blocked(view: &View<'_>) -> Option<Banner> {
    let Phase::Blocked { why } = &view.change.phase else { return None };
    Some(Banner { tone: Tone::Bad, text: Rich::from(Line::from(why.sentence()).cut(2 * FOREIGN_MAX)) })
}

/// Said from the first moment on, so that it tells nobody whether a vote is in.
fn sealed(view: &View<'_>) -> Option<Banner> {
    let (open, rules) = (view.change.open_stage()?, view.change.rules.as_ref()?);
    let text = "This stage is signed blind: its votes are shown when all who sign blind have voted.";
    is_blind(rules, open).then(|| Banner { tone: Tone::Calm, text: Rich::from(text) })
}

fn unapproved(view: &View<'_>) -> Option<Banner> {
    let text = unapproved_sentence(view.change.unapproved.last()?);
    Some(Banner { tone: Tone::Bad, text: Rich::from(text) })
}

fn undelivered(view: &View<'_>) -> Option<Banner> {
    let Answer::Failed { error, .. } = &view.change.answer else { return None };
    let text = format!("The decision could not be delivered to {}: {}", view.tool, full_stop(error));
    Some(Banner { tone: Tone::Bad, text: Rich::from(text) })
}

fn noted(view: &View<'_>, note: &Note) -> Banner {
    match note {
        Note::CannotAnswer { why } => {
            let text = format!("The decision can’t be sent to {}: {}", view.tool, full_stop(why));
            Banner { tone: Tone::Warning, text: Rich::from(text) }
        }
    }
}

fn outside<'a>(view: &'a View<'_>) -> impl Iterator<Item = Banner> + 'a {
    let newest = view.change.outside.iter().rev().take(OUTSIDE_SHOWN);
    newest.map(|decision| Banner { tone: Tone::Warning, text: outside_text(view.tool, decision) })
}

/// “Approved in GitLab by …, outside Countersign, … .”
pub fn outside_text(tool: &str, outside: &OutsideDecision) -> Rich {
    let by = Line::new(&outside.by).cut(NAME_MAX);
    let start = format!("{} in {tool} by {by}, not here, ", words::decided(outside.decision));
    Rich::from(start).when(outside.at, WhenStyle::Absolute).text(". It is kept as evidence and is not a vote.")
}

/// The last step that brought somebody in; a mere reminder is no banner.
fn escalated(view: &View<'_>) -> Option<Banner> {
    if view.change.state() != State::Pending {
        return None;
    }
    let (taken, group, verb) =
        view.change.taken.iter().rev().find_map(|taken| brought_in(taken).map(|(group, verb)| (taken, group, verb)))?;
    let steps = view.change.rules.as_ref().map_or(0, |rules| rules.escalation.len());
    let group = Line::new(group.as_str()).cut(NAME_MAX);
    let text = Rich::new().text(verb).strong(group).text(", ").when(taken.at, WhenStyle::Absolute);
    let text = text.text(format!(" (step {} of {steps}).", taken.step + 1));
    Some(Banner { tone: Tone::Warning, text: text.then(next_step(view).unwrap_or_default()) })
}

fn brought_in(taken: &TakenStep) -> Option<(&GroupName, &'static str)> {
    match &taken.act {
        TakenAct::Added(group) => Some((group, "Escalated to ")),
        TakenAct::Reassigned(group) => Some((group, "Reassigned to ")),
        TakenAct::Told(group) => Some((group, "Reported to ")),
        TakenAct::Reminded => None,
    }
}

/// “ Next 16 Nov 2026, 15:00 UTC: operations-leads are asked too.”
pub fn next_step(view: &View<'_>) -> Option<Rich> {
    let due = view.change.steps.iter().min_by_key(|due| due.at)?;
    let step = view.change.rules.as_ref()?.escalation.get(due.step)?;
    Some(Rich::from(" Next ").when(due.at, WhenStyle::Relative).text(": ").text(act(step)))
}

/// What a step does, without its delay: beside it stands the time itself.
pub fn act(step: &Step) -> Line {
    Line::new(&format!("{}.", engine::sentence::act(&step.act))).cut(FOREIGN_MAX)
}

/// What the tool heard, for a timeline.
pub fn delivered(tool: &str, decision: ToolDecision) -> String {
    format!("{} was told to {}.", capitalised(tool), words::answer(decision))
}

/// “A deployment started …”, as card and timeline say it.
pub fn unapproved_sentence(run: &str) -> String {
    let run = Line::new(run).cut(NAME_MAX);
    format!("A deployment started without a confirmed release ({run}). It is recorded as an unapproved deployment.")
}
