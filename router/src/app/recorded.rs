//! What people read after something was recorded: one sentence what happened, one what follows.

use super::apply::Done;
use engine::event::Choice;
use engine::fields::label;
use engine::overriding::{overridable, signed};
use engine::phase::{Phase, State, Unfinished};
use engine::sealed::{as_shown, is_sealed};
use engine::standing::standing;
use templates::Verb;

/// What follows from a deed at a control; empty for one that records nothing.
pub fn deed_recorded(done: &Done, verb: Verb) -> String {
    let number = done.change.number;
    match verb {
        Verb::Approve => recorded(done, Choice::Approve),
        Verb::Reject => recorded(done, Choice::Reject),
        Verb::RequestChanges => recorded(done, Choice::RequestChanges),
        Verb::Abstain => recorded(done, Choice::Abstain),
        Verb::WithdrawVote => format!("Recorded: you took your vote on {number} back ({}).", counts(done)),
        Verb::FillIn => filled_in(done),
        Verb::AskAgain => format!("Recorded: you asked again for {number}, as round {}. {}", done.change.round, next(done)),
        Verb::Withdraw => format!("Recorded: you withdrew {number}. That ends it."),
        Verb::Override => overridden(done),
        Verb::Replace => format!("Recorded: {number} replaces the older change, which ends."),
        Verb::Queue => format!("Recorded: {number} waits for the older change to end."),
        Verb::Waive => waived(done),
        Verb::Details => String::new(),
    }
}

/// What an exception leads to.
pub fn waived(done: &Done) -> String {
    let number = done.change.number;
    match done.change.state() {
        State::Blocked | State::Gating => format!("Recorded: the gate of {number} is waived. Others still wait or fail."),
        _ if !done.change.holds.is_empty() => format!("Recorded: the gate of {number} is waived. Something else still holds it."),
        _ => format!("Recorded: the gate of {number} is waived, and it goes on."),
    }
}

/// “Recorded: you approved CHG-1042 (2 of 2).”
pub fn recorded(done: &Done, choice: Choice) -> String {
    let number = done.change.number;
    let newest = done.change.votes.last();
    if newest.is_some_and(|vote| vote.voted.choice == choice && is_sealed(&done.change, &done.directory, vote)) {
        return format!(
            "Recorded: you {} {number}. Your vote is shown when all who sign blind have voted.",
            templates::words::chosen(choice)
        );
    }
    match choice {
        Choice::Reject if done.change.state() == State::Rejected => format!("Recorded: you rejected {number}. That ends it."),
        Choice::Reject => format!("Recorded: you rejected {number}. It is one vote against."),
        Choice::RequestChanges => format!("Recorded: you asked for changes to {number}. Its requester is asked to mend it."),
        Choice::Abstain => format!("Recorded: you abstained on {number}. You can still vote otherwise until the stage is decided."),
        Choice::Approve => format!("Recorded: you approved {number} ({}).", counts(done)),
    }
}

fn counts(done: &Done) -> String {
    let standing = standing(&as_shown(&done.change, &done.directory), &done.directory);
    format!("{} of {}", standing.given(), standing.needed())
}

fn filled_in(done: &Done) -> String {
    let number = done.change.number;
    let Phase::Draft { why: Unfinished::FieldsMissing { fields } } = &done.change.phase else {
        return format!("Recorded: {number} is filled in. {}", next(done));
    };
    let labels: Vec<String> = fields.iter().map(|name| label(name)).collect();
    format!("Kept, and still missing for {number}: {}. Press Fill in… again.", labels.join(", "))
}

fn overridden(done: &Done) -> String {
    let number = done.change.number;
    let open = overridable(&done.change).next().map(|of| (signed(&done.change, of, &done.directory), of.rule.count));
    match open {
        Some((signed, count)) => format!("Recorded: you override the freeze for {number} ({signed} of {count})."),
        None => format!("Recorded: you override the freeze for {number}, and it holds it no longer."),
    }
}

fn next(done: &Done) -> &'static str {
    match done.change.state() {
        State::Pending => "Its approvers are asked now.",
        State::Gating => "It is checked first, then its approvers are asked.",
        State::Draft => "Something is still missing: press Fill in….",
        State::Approved => "Nobody has to agree, so it goes ahead.",
        State::Blocked
        | State::Released
        | State::Deploying
        | State::Succeeded
        | State::Failed
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => "The card says what comes next.",
    }
}
