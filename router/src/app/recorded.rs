//! What people read after something was recorded: one sentence what happened, one what follows.

use super::apply::Done;
use engine::event::Choice;
use engine::fields::label;
use engine::overriding::{overridable, signed};
use engine::phase::{Phase, State, Unfinished};
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
        Verb::Details => String::new(),
    }
}

/// “Recorded: you approved CHG-1042 (2 of 2).”
pub fn recorded(done: &Done, choice: Choice) -> String {
    let number = done.change.number;
    match choice {
        Choice::Reject => format!("Recorded: you rejected {number}. That ends it."),
        Choice::RequestChanges => format!("Recorded: you asked for changes to {number}. Its requester is asked to mend it."),
        Choice::Abstain => format!("Recorded: you abstained on {number}. You can still vote otherwise until the stage is decided."),
        Choice::Approve => format!("Recorded: you approved {number} ({}).", counts(done)),
    }
}

fn counts(done: &Done) -> String {
    let standing = standing(&done.change, &done.directory);
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
