//! The freezes that are in force or come soon, as the policy has them: for people who plan, not for any one change.

use super::Policy;
use crate::freeze::OverrideRule;
use crate::hold::LetThrough;
use crate::time::{Span, Timestamp};
use std::collections::BTreeSet;

/// The next time of a freeze.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    pub freeze: String,
    /// The condition that says which changes it covers; `None`: every one.
    pub covers: Option<String>,
    pub span: Span,
    pub lets_through: BTreeSet<LetThrough>,
    pub overridden_by: Option<OverrideRule>,
}

impl Foreseen {
    pub fn is_in_force(&self, now: Timestamp) -> bool {
        self.span.contains(now)
    }
}

impl Policy {
    /// Of each freeze the first time that touches the next so many seconds, in their order.
    pub fn freezes_within(&self, now: Timestamp, seconds: u64) -> Vec<Foreseen> {
        let window = Span { from: now, to: now.plus_seconds(seconds) };
        let next = self.freezes.iter().filter_map(|freeze| {
            Some(Foreseen {
                freeze: freeze.name.clone(),
                covers: freeze.covers.as_ref().map(|covers| covers.source().to_owned()),
                span: freeze.season.within(&window).into_iter().next()?,
                lets_through: freeze.lets_through.clone(),
                overridden_by: freeze.overridden_by.clone(),
            })
        });
        let mut next: Vec<Foreseen> = next.collect();
        next.sort_by_key(|one| (one.span.from, one.span.to));
        next
    }
}
