//! Lifting a freeze for one change, by so many people with a reason of their own: what was signed, and what it comes to.
//!
//! A signature is for one time of one freeze and for one round. It counts as long as its person has the role; one
//! that was given on duty counts after the handover too.

use crate::change::Change;
use crate::directory::Directory;
use crate::duties::{asks_for_authors, own_part};
use crate::event::SignedOverride;
use crate::freeze::{Freeze, OverrideRule};
use crate::hold::{Because, Frozen, Hold};
use crate::ids::PersonId;
use crate::rules::Rules;
use crate::time::{Span, Timestamp};
use std::collections::BTreeSet;

/// A freeze that holds a change, and who may lift it.
#[derive(Clone, Copy, Debug)]
pub struct Overridable<'a> {
    pub frozen: &'a Frozen,
    pub rule: &'a OverrideRule,
}

/// The freezes that hold the change and can be lifted for it, oldest first.
pub fn overridable(change: &Change) -> impl Iterator<Item = Overridable<'_>> {
    let frozen = change.holds.iter().filter_map(Hold::frozen);
    frozen.filter_map(|frozen| Some(Overridable { frozen, rule: rule_of(change, frozen)? }))
}

/// Who may lift this freeze for the change; `None`: nobody.
pub fn rule_of<'a>(change: &'a Change, frozen: &Frozen) -> Option<&'a OverrideRule> {
    let freezes = change.rules.iter().flat_map(|rules| &rules.freezes);
    freezes.filter(|freeze| freeze.name == frozen.freeze).find_map(|freeze| freeze.overridden_by.as_ref())
}

/// Whether this time of the freeze is lifted for the change, by people who may do so still.
pub fn is_overridden(change: &Change, freeze: &Freeze, span: &Span, directory: &Directory) -> bool {
    let (Some(rules), Some(rule)) = (&change.rules, &freeze.overridden_by) else { return false };
    let counted = signatures(change, &freeze.name, span.from).filter(|signed| counts(change, rules, (rule, signed), directory));
    number(counted) >= rule.count
}

/// How many have signed for it who count.
pub fn signed(change: &Change, of: Overridable<'_>, directory: &Directory) -> u32 {
    let Some(rules) = &change.rules else { return 0 };
    number(signatures(change, &of.frozen.freeze, of.frozen.since).filter(|signed| counts(change, rules, (of.rule, signed), directory)))
}

/// Whether this person has signed for it already.
pub fn has_signed(change: &Change, frozen: &Frozen, person: &PersonId) -> bool {
    signatures(change, &frozen.freeze, frozen.since).any(|signed| &signed.person == person)
}

/// By somebody of the group that the freeze names, without a part in the change that keeps them from deciding. Where the
/// authors count and are not known, nobody can be told apart from them.
fn counts(change: &Change, rules: &Rules, (rule, signed): (&OverrideRule, &SignedOverride), directory: &Directory) -> bool {
    let is_of_group = rules.was_member(&rule.by, &signed.person, &signed.on_duty, directory);
    is_of_group && knows_authors(change, rules) && own_part(change, rules, &signed.person).is_none()
}

/// Whether everybody whom the rules keep apart is known.
pub fn knows_authors(change: &Change, rules: &Rules) -> bool {
    !asks_for_authors(rules) || change.authors.is_some()
}

/// Of this time of the freeze.
fn signatures<'a>(change: &'a Change, freeze: &'a str, since: Timestamp) -> impl Iterator<Item = &'a SignedOverride> {
    change.overrides.iter().filter(move |signed| signed.freeze == freeze && signed.since == since)
}

/// Of different people.
fn number<'a>(signatures: impl Iterator<Item = &'a SignedOverride>) -> u32 {
    let people: BTreeSet<&PersonId> = signatures.map(|signed| &signed.person).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

impl Hold {
    /// The time of a freeze that it is.
    pub fn frozen(&self) -> Option<&Frozen> {
        match &self.because {
            Because::Frozen(frozen) => Some(frozen),
            Because::Paused(_)
            | Because::Behind { .. }
            | Because::NewerThan { .. }
            | Because::Gate(_)
            | Because::OutsideWindow(_)
            | Because::Unproven(_)
            | Because::Lock(_) => None,
        }
    }
}
