//! Telling GitHub how far a decision is, which the run's page shows below the rule that waits.
//!
//! <https://docs.github.com/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run>

use super::target::{Target, said, unexpected};
use crate::sources::{Exchange, Turn};
use engine::request::Callback;

pub fn next(callback: &Callback, words: &str, so_far: &[Exchange]) -> Turn {
    let target = match Target::of(callback) {
        Ok(target) => target,
        Err(failed) => return failed,
    };
    let Some(answer) = so_far.last() else { return Turn::Call(target.report(words)) };
    match answer.status {
        200..=299 => Turn::Confirmed { note: String::new() },
        // It waits no longer, or it has ten words already.
        404 | 409 | 422 => Turn::Failed { why: format!("GitHub takes no further word on what waits: {}", said(answer)) },
        _ => unexpected(answer, "saying how far it is"),
    }
}
