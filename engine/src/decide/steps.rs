//! When the steps of an escalation come: computed once, when a stage opens, and written down.

use crate::event::StepDue;
use crate::rules::{MAX_REMINDERS, Rules, Step};
use crate::time::{Span, Timestamp};

/// When the steps come, and those that never do because the clock stands still for too long. `open` is from the opening of
/// the stage until the change expires: what reminds again does so no longer.
pub(super) fn steps_due(rules: &Rules, open: &Span) -> (Vec<StepDue>, Vec<usize>) {
    let (mut steps, mut never) = (Vec::new(), Vec::new());
    for (index, step) in rules.escalation.iter().enumerate() {
        let times = times(rules, step, open);
        if times.is_empty() {
            never.push(index);
        }
        steps.extend(times.into_iter().map(|at| StepDue { step: index, at }));
    }
    (steps, never)
}

/// The first time whenever it is, those after it as far as the change stays open.
fn times(rules: &Rules, step: &Step, open: &Span) -> Vec<Timestamp> {
    let times = step.times_s().take(MAX_REMINDERS).map_while(|seconds| rules.clock.after(open.from, seconds));
    times.enumerate().take_while(|(n, at)| *n == 0 || *at < open.to).map(|(_, at)| at).collect()
}
