//! Times at which nothing goes out, as a change's rules have them: computed when it opened, so that no calendar is asked
//! again.

use crate::hold::{Because, Frozen, Hold, LetThrough};
use crate::ids::{GroupName, HoldId};
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A freeze that covers the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// The policy's name of it.
    pub name: String,
    /// What it lets through; the change itself is none of it.
    pub lets_through: BTreeSet<LetThrough>,
    /// From the opening of the change until it expires, in their order and apart from each other.
    pub spans: Vec<Span>,
    /// Who may lift it for this change; `None`: nobody. Absent in events of before overrides.
    #[serde(default, rename = "override", skip_serializing_if = "Option::is_none")]
    pub overridden_by: Option<OverrideRule>,
}

/// Who lifts a freeze for one change: so many people of one group, each with a reason of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideRule {
    pub by: GroupName,
    /// `by` is a roster: it is for whoever is on duty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_roster: bool,
    pub count: u32,
    /// Of each reason, in visible characters.
    pub min_length: u32,
}

impl Freeze {
    /// When it begins the next time after this.
    pub fn next_after(&self, at: Timestamp) -> Option<Timestamp> {
        self.spans.iter().map(|span| span.from).find(|from| *from > at)
    }

    /// The time of it that this instant lies in, if any.
    pub fn span_at(&self, at: Timestamp) -> Option<&Span> {
        self.spans.iter().find(|span| span.contains(at))
    }

    /// Those of its times that began after `since` and were over `by` then.
    pub fn gone_by(&self, since: Timestamp, by: Timestamp) -> impl Iterator<Item = Hold> {
        self.spans.iter().filter(move |span| span.from > since && span.to <= by).map(|span| self.hold(span))
    }

    pub fn hold(&self, span: &Span) -> Hold {
        let frozen = Frozen { freeze: self.name.clone(), since: span.from, until: span.to, lets_through: self.lets_through.clone() };
        Hold { id: HoldId::new(format!("freeze:{}", self.name)), because: Because::Frozen(frozen) }
    }
}
