//! How a gate stands at an instant: arithmetic with what was recorded when its fact came.

use super::{Evidence, GateRule, Gates, Judged, Recheck, Trouble, Why};
use crate::evaluation::Answer;
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateState {
    /// Until then, unless a newer fact comes; `None`: for good.
    Passes {
        until: Option<Timestamp>,
    },
    /// It is an exception, whatever its fact says.
    Waived {
        until: Timestamp,
    },
    Stopped(Trouble),
}

/// Which gates a fact may grow too old for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ageing {
    /// Every one: nobody has been asked yet.
    OfAll,
    /// Those that are looked at again at the release.
    OfRechecked,
}

impl Ageing {
    fn concerns(self, rule: &GateRule) -> bool {
        match self {
            Self::OfAll => true,
            Self::OfRechecked => rule.recheck == Recheck::AtRelease,
        }
    }
}

pub fn state(rule: &GateRule, evidence: &Evidence, ageing: Ageing, now: Timestamp) -> GateState {
    if let Some(waiver) = evidence.waiver(&rule.name, now) {
        return GateState::Waived { until: waiver.until };
    }
    let stopped = |why| GateState::Stopped(Trouble { gate: rule.name.clone(), fact: rule.fact.clone(), pass: rule.pass.clone(), why });
    let Some(judged) = evidence.judged(&rule.name) else { return stopped(Why::Missing) };
    let Judged { passes, values, observed_at, .. } = judged;
    let fresh_until = judged.fresh_until.filter(|_| ageing.concerns(rule));
    match passes {
        Answer::False => stopped(Why::Failed { values: values.clone() }),
        Answer::Unknown(why) => stopped(Why::Unclear { why: why.clone() }),
        Answer::True if fresh_until.is_some_and(|until| until <= now) => {
            stopped(Why::TooOld { observed_at: *observed_at, max_age_s: rule.max_age_s.unwrap_or_default() })
        }
        Answer::True => GateState::Passes { until: fresh_until },
    }
}

/// What stands in the way of the change, in the order of its gates.
pub fn troubles(gates: &Gates, evidence: &Evidence, ageing: Ageing, now: Timestamp) -> Vec<Trouble> {
    let states = gates.rules.iter().map(|rule| state(rule, evidence, ageing, now));
    let stopped = |state| match state {
        GateState::Stopped(trouble) => Some(trouble),
        GateState::Passes { .. } | GateState::Waived { .. } => None,
    };
    states.filter_map(stopped).collect()
}

/// When the first gate that passes or is waived at `now` is so no longer, if nothing comes before.
pub fn ends_next(gates: &Gates, evidence: &Evidence, ageing: Ageing, now: Timestamp) -> Option<Timestamp> {
    let states = gates.rules.iter().map(|rule| state(rule, evidence, ageing, now));
    let ends = |state| match state {
        GateState::Passes { until } => until,
        GateState::Waived { until } => Some(until),
        GateState::Stopped(_) => None,
    };
    states.filter_map(ends).min()
}
