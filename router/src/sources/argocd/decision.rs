//! Carrying a decision out: the approved revision is synced once. There is no way to tell Argo CD no; nothing is synced then.

use super::application::{Application, Target, message, unexpected};
use super::judgement::{Found, found};
use crate::sources::{Earlier, Exchange, Turn, Verb};
use engine::event::ToolDecision;
use engine::request::Callback;

/// The longest conversation is application, sync, application; anything longer runs in circles.
const EXCHANGES: usize = 4;
const BUSY: &str = "another operation of the application is in progress";

pub struct Told<'a> {
    pub decision: ToolDecision,
    pub comment: &'a str,
    pub earlier: &'a Earlier,
}

pub fn next(callback: &Callback, told: &Told<'_>, so_far: &[Exchange]) -> Turn {
    let target = match Target::of(callback) {
        Ok(target) => target,
        Err(failed) => return failed,
    };
    let Some(last) = so_far.last() else { return Turn::Call(target.read()) };
    if so_far.len() >= EXCHANGES {
        return Turn::Wait { why: "Argo CD keeps giving answers that lead nowhere".to_owned() };
    }
    if last.call.verb == Verb::Post {
        return synced(&target, last);
    }
    if told.decision == ToolDecision::Reject && last.status == 404 {
        return Turn::Confirmed { note: "the application is gone".to_owned() };
    }
    let Some(application) = Application::of(last) else { return unexpected(last, "reading the application") };
    if application.uid != target.uid {
        let why = "the application was deleted and made again since this was asked; nothing is synced".to_owned();
        return Turn::Failed { why };
    }
    match told.decision {
        ToolDecision::Approve => approve(&target, told, so_far, &found(&application, &target.revision.text)),
        ToolDecision::Reject => reject(&found(&application, &target.revision.text)),
    }
}

fn approve(target: &Target<'_>, told: &Told<'_>, so_far: &[Exchange], found: &Found) -> Turn {
    let was_asked = so_far.iter().any(|exchange| exchange.call.verb == Verb::Post);
    match (found, told.earlier) {
        (Found::Underway, _) => Turn::Begun { note: "the sync of this revision had been accepted already".to_owned() },
        (Found::Synced, _) => Turn::Confirmed { note: "the application is synced to this revision already".to_owned() },
        (Found::Busy, _) => Turn::Wait { why: BUSY.to_owned() },
        (Found::Idle { ours: Some(began) }, Earlier::Noted { seen }) if began != seen => {
            Turn::Confirmed { note: "the sync of this revision ran already".to_owned() }
        }
        (Found::Idle { .. }, _) if was_asked => Turn::Wait { why: BUSY.to_owned() },
        // A sync of this revision that ran before has to be told from the one that we ask for.
        (Found::Idle { ours }, Earlier::Nothing) => Turn::NoteFirst { seen: ours.clone().unwrap_or_default() },
        (Found::Idle { .. }, Earlier::Noted { .. }) => Turn::Call(target.sync(told.comment)),
    }
}

fn reject(found: &Found) -> Turn {
    match found {
        Found::Underway | Found::Synced => Turn::DecidedOtherwise {
            decision: ToolDecision::Approve,
            note: "the revision is synced in Argo CD although it was not approved here".to_owned(),
        },
        Found::Busy | Found::Idle { .. } => Turn::Confirmed {
            note: "Argo CD can’t be told no: this revision is not synced by us, and whoever may sync there still can".to_owned(),
        },
    }
}

fn synced(target: &Target<'_>, answer: &Exchange) -> Turn {
    let said = message(answer).to_lowercase();
    match answer.status {
        200..=299 => Turn::Begun { note: String::new() },
        400 | 409 if said.contains("in progress") => Turn::Call(target.read()),
        400 | 403 | 409 if said.contains("sync window") => Turn::Wait { why: format!("Argo CD lets nothing be synced now: {said}") },
        _ => unexpected(answer, "syncing the application"),
    }
}
