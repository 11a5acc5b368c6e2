//! Telling GitHub a decision: a review is posted, and where GitHub does not take it, what it holds is read back.

use super::seen::Seen;
use super::target::{Target, said, unexpected};
use crate::sources::reading::Fields;
use crate::sources::{Exchange, Turn};
use engine::event::ToolDecision;
use engine::request::Callback;
use serde_json::Value;

/// The longest conversation is pending, review, pending, approvals, statuses, run; anything longer runs in circles.
const EXCHANGES: usize = 8;

/// What is told, and where.
pub struct Word<'a> {
    pub target: Target<'a>,
    pub decision: ToolDecision,
    pub comment: &'a str,
}

/// The rule of our own application. What already happened is asked only if GitHub does not take our word.
pub fn as_app(callback: &Callback, decision: ToolDecision, comment: &str, so_far: &[Exchange]) -> Turn {
    with(callback, decision, comment, |word| match so_far.last() {
        None => Turn::Call(word.target.rule(decision, comment)),
        Some(last) => after(word, so_far, last),
    })
}

/// A required reviewer names the environment by its id, which only the list of what waits says.
pub fn as_reviewer(callback: &Callback, decision: ToolDecision, comment: &str, so_far: &[Exchange]) -> Turn {
    with(callback, decision, comment, |word| match so_far {
        [] => Turn::Call(word.target.pending()),
        [pending] => first_look(word, pending),
        [.., last] => after(word, so_far, last),
    })
}

fn with(callback: &Callback, decision: ToolDecision, comment: &str, next: impl Fn(&Word<'_>) -> Turn) -> Turn {
    match Target::of(callback) {
        Ok(target) => next(&Word { target, decision, comment }),
        Err(failed) => failed,
    }
}

fn first_look(word: &Word<'_>, pending: &Exchange) -> Turn {
    let Some(waiting) = pending.body.as_array().filter(|_| pending.status == 200) else {
        return unexpected(pending, "asking what waits");
    };
    let Some(ours) = waiting.iter().find(|waiting| is_of(waiting, word.target.environment)) else {
        return Turn::Call(word.target.approvals());
    };
    let fields = Fields(ours);
    if fields.0.get("current_user_can_approve").and_then(Value::as_bool) == Some(false) {
        return Turn::Failed { why: "GitHub lets the token’s user not review this environment: is it a required reviewer?".to_owned() };
    }
    match fields.number("/environment/id") {
        Some(id) => Turn::Call(word.target.review(id, word.decision, word.comment)),
        None => Turn::Failed { why: "GitHub does not say which id the environment has".to_owned() },
    }
}

fn after(word: &Word<'_>, so_far: &[Exchange], last: &Exchange) -> Turn {
    if so_far.len() >= EXCHANGES {
        return Turn::Wait { why: "GitHub keeps giving answers that lead nowhere".to_owned() };
    }
    if last.call.body.is_some() {
        return after_review(word, last);
    }
    if last.status != 200 {
        return unexpected(last, "reading back what GitHub holds");
    }
    let target = &word.target;
    if last.call == target.pending() {
        return Turn::Call(target.approvals());
    }
    if last.call == target.approvals() {
        return Turn::Call(target.statuses());
    }
    let seen = Seen::of(word, so_far);
    if last.call == target.statuses() && seen.needs_run() {
        return Turn::Call(target.run());
    }
    seen.judge(word, so_far)
}

/// What is not pending any more is 422 or 404, in words that differ.
fn after_review(word: &Word<'_>, answer: &Exchange) -> Turn {
    match answer.status {
        200..=299 => Turn::Confirmed { note: String::new() },
        404 | 409 | 422 => Turn::Call(word.target.pending()),
        _ => refused(word, answer),
    }
}

/// A review that GitHub did not take.
pub fn refused(word: &Word<'_>, answer: &Exchange) -> Turn {
    let doing = match word.decision {
        ToolDecision::Approve => "approving the deployment",
        ToolDecision::Reject => "rejecting the deployment",
    };
    match answer.status {
        // Seen to be waiting all the same: trying again may help nobody, but GitHub's own words may.
        404 | 409 | 422 => Turn::Failed { why: format!("{doing}: it waits, and GitHub answered {}: {}", answer.status, said(answer)) },
        _ => unexpected(answer, doing),
    }
}

pub fn is_of(waiting: &Value, environment: &str) -> bool {
    Fields(waiting).text("/environment/name").as_deref() == Some(environment)
}
