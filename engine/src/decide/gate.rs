//! Gates: facts come in and are judged, people are asked once every gate passes, and nothing goes out while one does not.
//!
//! Before people are asked, a gate that fails blocks the change and one that waits keeps it waiting. Afterwards votes go on,
//! and a gate that passes no longer is a hold.

use super::advance::{Obstacle, from_gating, obstacle};
use super::draft::Draft;
use super::hold;
use super::recheck::recheck;
use super::refused::refuse;
use super::waive;
use super::wake::expire_if_due;
use crate::change::{Change, gate_ends};
use crate::effect::Effect;
use crate::event::{Attempt, BlockReason, What};
use crate::gate::{Ageing, Trouble, troubles};
use crate::hold::Hold;
use crate::input::Supply;
use crate::no_fact::NoFact;
use crate::phase::Phase;
use crate::policy::judge;
use crate::refusal::Refusal;
use crate::rules::Rules;

/// How far a clock elsewhere may be ahead of ours.
const CLOCKS_DIFFER_S: u64 = 60;
/// Digits by which a commit may be named.
const SHORTEST_COMMIT: usize = 7;

/// A fact that says nothing new is taken and changes nothing, however often it comes.
pub(super) fn supply(draft: &mut Draft<'_>, supply: Supply) {
    expire_if_due(draft);
    match may_supply(draft, &supply) {
        Ok(()) if draft.change.evidence.knows(&supply.fact) => {}
        Ok(()) => learn(draft, supply),
        Err(refusal) => refuse(draft, Attempt::SupplyFact, &supply.interaction, refusal),
    }
}

fn may_supply(draft: &Draft<'_>, supply: &Supply) -> Result<(), Refusal> {
    let change = &draft.change;
    if !change.state().can_be_superseded() {
        return Err(NoFact::NoGatesLeft { number: change.number }.into());
    }
    if supply.fact.observed_at > draft.now.plus_seconds(CLOCKS_DIFFER_S) {
        return Err(NoFact::InTheFuture.into());
    }
    if let Some(about) = supply.about.as_ref().filter(|about| !is_about(change, about)) {
        return Err(NoFact::AnotherSubject { number: change.number, about: about.clone() }.into());
    }
    match change.standing_votes().any(|vote| vote.voted.person == supply.fact.by) {
        true => Err(NoFact::Voted { number: change.number }.into()),
        false => Ok(()),
    }
}

fn is_about(change: &Change, about: &str) -> bool {
    let same_commit = |commit: &String| about.len() >= SHORTEST_COMMIT && commit.starts_with(&about.to_lowercase());
    change.subject_digest.as_str() == about || change.request.subject.commit.as_ref().is_some_and(same_commit)
}

fn learn(draft: &mut Draft<'_>, Supply { mut fact, .. }: Supply) {
    // Another clock may be ahead; nothing was measured later than now.
    fact.observed_at = fact.observed_at.min(draft.now);
    let gates = draft.change.rules.as_ref().map(|rules| rules.gates.clone()).unwrap_or_default();
    let judged = gates.rules.iter().filter(|rule| rule.fact == fact.name).map(|rule| judge(rule, &gates.lists, &fact)).collect();
    draft.say(What::FactSupplied { fact, judged });
    draft.wants(Effect::ShowCards);
    // Who supplied it may be the last person who could have approved.
    if matches!(draft.change.phase, Phase::Pending { .. }) {
        recheck(draft);
    }
    look_again(draft);
    hold::changed(draft);
}

/// Where nobody has been asked yet, the gates may let people be asked now, or block the change.
pub(super) fn look_again(draft: &mut Draft<'_>) {
    if draft.change.ageing() == Some(Ageing::OfAll) && draft.change.rules.as_ref().is_some_and(|rules| !rules.gates.is_empty()) {
        from_gating(draft);
    }
}

/// Whether every gate passes. If not, it is said why, and the authors are looked up while it waits.
pub(super) fn lets_ask(draft: &mut Draft<'_>, rules: &Rules) -> bool {
    let troubles = troubles(&rules.gates, &draft.change.evidence, Ageing::OfAll, draft.now);
    if troubles.is_empty() {
        return true;
    }
    if !rules.stages.is_empty() && matches!(obstacle(&draft.change, rules), Obstacle::AuthorsNotAsked) {
        draft.wants(Effect::LookUpAuthors);
    }
    draft.wants(Effect::ShowCards);
    if !troubles.iter().all(Trouble::is_missing) {
        block_by_gates(draft, troubles);
    }
    false
}

/// The owners of the policy have nothing to mend, so they are not told.
fn block_by_gates(draft: &mut Draft<'_>, troubles: Vec<Trouble>) {
    let why = BlockReason::Gates { troubles };
    if draft.change.phase != (Phase::Blocked { why: why.clone() }) {
        draft.say(What::Blocked { why });
    }
}

/// The holds of gates that do not pass, once people have been asked.
pub(super) fn in_the_way(draft: &Draft<'_>) -> Vec<Hold> {
    let Some(rules) = &draft.change.rules else { return Vec::new() };
    match draft.change.ageing() {
        Some(Ageing::OfRechecked) => {
            let troubles = troubles(&rules.gates, &draft.change.evidence, Ageing::OfRechecked, draft.now);
            troubles.into_iter().map(Hold::by_gate).collect()
        }
        Some(Ageing::OfAll) | None => Vec::new(),
    }
}

/// Before anything else is decided: what a fact that grew too old since the last event, or a waiver that ended, stands for.
pub(super) fn begin_due(draft: &mut Draft<'_>) {
    if draft.now >= draft.change.expires_at || !draft.change.state().can_be_superseded() {
        return;
    }
    let is_due = gate_ends(&draft.change).is_some_and(|at| at <= draft.now);
    waive::end_due(draft);
    if is_due {
        look_again(draft);
    }
    let begun: Vec<Hold> = in_the_way(draft).into_iter().filter(|hold| !draft.change.holds.contains(hold)).collect();
    for hold in begun {
        hold::put(draft, hold);
    }
}
