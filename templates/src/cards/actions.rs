//! Which controls a card offers. Everybody sees the same card, so they are offered by state and refused by person.

use super::title;
use crate::card::{Action, Place, Role, Verb};
use crate::line::Line;
use crate::view::{Controls, View};
use crate::words;
use engine::Change;
use engine::hold::Because;
use engine::overriding::overridable;
use engine::phase::{Phase, State, Unfinished};

/// Units of a control's description (Slack: 75).
const DESCRIPTION_MAX: usize = 75;

/// Only controls that work now, the most likely first; nothing on a surface without controls.
pub fn actions(view: &View<'_>) -> Vec<Action> {
    if view.controls == Controls::ReadOnly {
        return Vec::new();
    }
    let what = title::what(view.change);
    let first = first(view.change).iter().chain([&Verb::Details]).map(|verb| (*verb, Place::Row));
    let question = question(view.change).iter().map(|verb| (*verb, Place::Question));
    let more = more(view.change).into_iter().map(|verb| (verb, Place::More));
    first.chain(question).chain(more).map(|(verb, place)| action(verb, place, &what)).collect()
}

/// What the card asks for.
fn first(change: &Change) -> &'static [Verb] {
    match &change.phase {
        Phase::Pending { .. } => &[Verb::Approve, Verb::Reject],
        Phase::Draft { why: Unfinished::FieldsMissing { .. } } => &[Verb::FillIn],
        Phase::Draft { why: Unfinished::ChangesRequested { .. } } => &[Verb::AskAgain],
        Phase::Gating
        | Phase::Blocked { .. }
        | Phase::Approved { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. }
        | Phase::Rejected { .. }
        | Phase::Expired { .. }
        | Phase::Cancelled { .. }
        | Phase::Superseded { .. } => &[],
    }
}

/// Which of two changes goes first, where nobody has said it yet.
fn question(change: &Change) -> &'static [Verb] {
    let is_asked = change.holds.iter().any(|hold| matches!(hold.because, Because::NewerThan { .. }));
    if is_asked && change.state().can_be_superseded() { &[Verb::Replace, Verb::Queue] } else { &[] }
}

fn more(change: &Change) -> Vec<Verb> {
    let mut more = Vec::new();
    if let Some(stage) = change.open_stage() {
        more.extend([Verb::RequestChanges, Verb::Abstain]);
        let may_be_taken_back = change.standing_votes().any(|vote| vote.stage == Some(stage));
        more.extend(may_be_taken_back.then_some(Verb::WithdrawVote));
    }
    let has_requester = change.initiator().person().is_some() || !change.request.co_initiators.is_empty();
    more.extend((has_requester && change.state().can_be_superseded()).then_some(Verb::Withdraw));
    let is_asked_for = matches!(change.state(), State::Pending | State::Approved);
    more.extend((is_asked_for && overridable(change).next().is_some()).then_some(Verb::Override));
    more
}

fn action(verb: Verb, place: Place, what: &Line) -> Action {
    let hint = if place == Place::More { words::menu_hint(verb) } else { "" };
    Action {
        verb,
        place,
        label: Line::new(words::button(verb)),
        role: role(verb),
        description: Line::from(description(verb, what)).cut(DESCRIPTION_MAX),
        hint: Line::new(hint),
    }
}

fn role(verb: Verb) -> Role {
    match verb {
        Verb::Approve | Verb::FillIn | Verb::AskAgain => Role::Primary,
        Verb::Reject => Role::Danger,
        Verb::RequestChanges
        | Verb::Abstain
        | Verb::WithdrawVote
        | Verb::Withdraw
        | Verb::Override
        | Verb::Replace
        | Verb::Queue
        | Verb::Waive
        | Verb::Details => Role::Plain,
    }
}

fn description(verb: Verb, what: &Line) -> String {
    match verb {
        Verb::Approve => format!("Approve {what}, asks for a reason"),
        Verb::Reject => format!("Reject {what}, asks for a reason"),
        Verb::RequestChanges => format!("Request changes to {what}, asks for a reason"),
        Verb::Abstain => format!("Abstain on {what}, asks for a reason"),
        Verb::WithdrawVote => format!("Take your vote on {what} back"),
        Verb::FillIn => format!("Fill in what is missing for {what}, opens a form"),
        Verb::AskAgain => format!("Ask again for {what}, opens a form"),
        Verb::Withdraw => format!("Withdraw {what}, asks for a reason"),
        Verb::Override => format!("Override the freeze for {what}, asks for a reason"),
        Verb::Replace => format!("{what} replaces the older change"),
        Verb::Queue => format!("{what} waits for the older change"),
        Verb::Waive => format!("Waive a gate of {what}"),
        Verb::Details => format!("Details of {what}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Sample, directory, samples};

    /// As `row | question | more`.
    fn offered(sample: &Sample) -> String {
        let directory = directory();
        let actions = actions(&sample.view(&directory, Controls::Vote));
        let at = |place: Place| {
            let verbs = actions.iter().filter(|action| action.place == place).map(|action| action.verb.word());
            verbs.collect::<Vec<_>>().join(" ")
        };
        [Place::Row, Place::Question, Place::More].map(at).join(" | ")
    }

    #[test]
    fn each_state_offers_what_works_in_it() {
        let samples = samples().unwrap();
        let table = [
            ("gating", "details |  | withdraw"),
            ("draft", "fill_in details |  | withdraw"),
            ("draft-changes-requested", "ask_again details |  | withdraw"),
            ("blocked", "details |  | withdraw"),
            ("blocked-unknown-requester", "details |  | "),
            ("pending", "approve reject details |  | request_changes abstain withdraw"),
            ("pending-one", "approve reject details |  | request_changes abstain withdraw_vote withdraw"),
            // What was given to a stage that is closed stays.
            ("pending-stage-two", "approve reject details |  | request_changes abstain withdraw"),
            ("pending-which-first", "approve reject details | replace queue | request_changes abstain withdraw"),
            ("pending-behind", "approve reject details |  | request_changes abstain withdraw"),
            ("approved", "details |  | withdraw"),
            ("approved-which-first", "details | replace queue | withdraw"),
            ("approved-paused", "details |  | withdraw"),
            ("approved-frozen", "details |  | withdraw"),
            ("pending-overridable", "approve reject details |  | request_changes abstain withdraw override"),
            ("approved-overridable", "details |  | withdraw override"),
            ("released", "details |  | "),
            ("deploying", "details |  | "),
            ("succeeded", "details |  | "),
            ("rejected", "details |  | "),
            ("superseded-which-first", "details |  | "),
        ];
        for (name, expected) in table {
            let sample = samples.iter().find(|sample| sample.name == name).unwrap();
            assert_eq!(offered(sample), expected, "{name}");
        }
    }

    #[test]
    fn a_phone_shows_the_first_row_whole_and_menus_keep_to_five() {
        let directory = directory();
        for sample in samples().unwrap() {
            let actions = actions(&sample.view(&directory, Controls::Vote));
            let count = |place| actions.iter().filter(|action| action.place == place).count();
            assert!((1..=3).contains(&count(Place::Row)) && count(Place::Question) <= 2 && count(Place::More) <= 5, "{}", sample.name);
            assert!(actions.iter().all(|action| action.label.units() <= 20), "{}", sample.name);
        }
    }
}
