//! Holds come and go: pauses of the world, freezes, and older changes of the lane that go first.

use super::advance::release;
use super::draft::Draft;
use super::freeze;
use super::gate;
use super::person::{Known, person};
use super::refused::refuse;
use super::wake::expire_if_due;
use crate::effect::Effect;
use crate::event::{Attempt, ChangeRef, Precedence, What};
use crate::hold::{Because, Hold};
use crate::ids::ChangeId;
use crate::input::Deed;
use crate::phase::State;
use crate::refusal::Refusal;
use crate::rules::{Tell, WhenNewerArrives};
use crate::standing::may_decide;
use crate::time::Timestamp;

/// Why a hold with an end was lifted then.
pub(super) const OVER: &str = "its time is over";
/// Why a freeze was lifted before.
const OVERRIDDEN: &str = "overridden for this change";
/// Why a gate does not hold it any more.
const PASSES: &str = "its gate does not stand in the way any more";
/// Why a change does not wait for its window any more.
const OPEN: &str = "its window is open";
/// Why it does not wait for the environment before any more.
const PROVEN: &str = "it has shown that it works";
/// Why it does not wait for what was out any more.
const FREE: &str = "nothing else of its lane is out any more";

/// Makes the change's pauses those of the world that cover it, its freezes those of its rules that are in force, and lets it
/// wait for the environment before and, once it is approved, for its window and its lane. What
/// is out already is not held any more.
pub(super) fn compare(draft: &mut Draft<'_>) {
    if !draft.change.state().can_be_superseded() {
        return;
    }
    let now = draft.now;
    let pauses = draft.world.holds.iter().filter(|hold| covers(hold, draft) && !hold.is_over(now)).cloned();
    let own = freeze::in_force(draft).into_iter().chain(gate::in_the_way(draft)).chain(closed(draft)).chain(unproven(draft));
    let own = own.chain(locked(draft));
    let wanted: Vec<Hold> = pauses.chain(own).collect();
    let gone: Vec<Hold> = draft.change.holds.iter().filter(|hold| hold.ahead().is_none() && !wanted.contains(hold)).cloned().collect();
    let new: Vec<Hold> = wanted.into_iter().filter(|hold| !draft.change.holds.contains(hold)).collect();
    for hold in new {
        put(draft, hold);
    }
    for hold in gone {
        let why = why_gone(&hold, now);
        // One that was put anew with other words has taken its place already.
        if draft.change.holds.contains(&hold) {
            lift(draft, &hold, why);
        }
    }
}

fn why_gone(hold: &Hold, now: Timestamp) -> &'static str {
    match &hold.because {
        Because::Gate(_) => PASSES,
        Because::OutsideWindow(_) => OPEN,
        Because::Unproven(_) => PROVEN,
        Because::Lock(_) => FREE,
        _ if hold.is_over(now) => OVER,
        Because::Frozen(_) => OVERRIDDEN,
        Because::Paused(_) | Because::Behind { .. } | Because::NewerThan { .. } => "resumed",
    }
}

/// The window of what is approved, while it is closed.
fn closed(draft: &Draft<'_>) -> Option<Hold> {
    let change = &draft.change;
    let window = change.rules.as_ref().and_then(|rules| rules.window.as_ref());
    match (change.state(), window, change.approved_at) {
        (State::Approved, Some(window), Some(approved_at)) => window.hold_at(approved_at, draft.now),
        _ => None,
    }
}

/// What the environment before has not shown yet of this subject.
fn unproven(draft: &Draft<'_>) -> Option<Hold> {
    let promotion = draft.change.rules.as_ref()?.promotion.as_ref()?;
    promotion.hold_at(draft.change.request.subject.promoted().as_ref(), draft.world.succeeded, draft.now)
}

/// What else of the lane is out, once the change is approved.
fn locked(draft: &Draft<'_>) -> Option<Hold> {
    let rules = draft.change.rules.as_ref().filter(|_| draft.change.state() == State::Approved)?;
    rules.lock.hold_at(draft.world.out, draft.now)
}

fn covers(hold: &Hold, draft: &Draft<'_>) -> bool {
    let change = &draft.change;
    let source = change.request.environment.as_str();
    let policy = change.rules.as_ref().map_or(source, |rules| rules.environment.as_str());
    hold.pause().is_some_and(|pause| pause.scope.covers([policy, source], &change.service))
}

pub(super) fn changed(draft: &mut Draft<'_>) {
    let was_held = !draft.change.holds.is_empty();
    compare(draft);
    if was_held {
        release(draft);
    }
}

/// What opens behind older changes waits for each of them, or for a word about each of them.
pub(super) fn begin_behind(draft: &mut Draft<'_>, ahead: Vec<ChangeRef>) {
    let Some(newer) = draft.change.rules.as_ref().map(|rules| rules.when_newer_arrives) else { return };
    for change in ahead {
        let id = Hold::id_behind(&change);
        match newer {
            WhenNewerArrives::Supersede => {}
            WhenNewerArrives::Queue => put(draft, Hold { id, because: Because::Behind { change } }),
            WhenNewerArrives::Ask => put(draft, Hold { id, because: Because::NewerThan { change } }),
        }
    }
}

/// An older one that came late goes first all the same, unless this one is out already.
pub(super) fn queue_behind(draft: &mut Draft<'_>, change: ChangeRef) {
    let id = Hold::id_behind(&change);
    let waits = draft.change.holds.iter().any(|hold| hold.id == id);
    if draft.change.state().can_be_superseded() && !waits && change.id != draft.change.id {
        put(draft, Hold { id, because: Because::Behind { change } });
    }
}

pub(super) fn ahead_ended(draft: &mut Draft<'_>, ended: ChangeId) {
    let waited = draft.change.holds.iter().find(|hold| hold.ahead().is_some_and(|ahead| ahead.id == ended)).cloned();
    let Some(hold) = waited else { return };
    let number = hold.ahead().map(|ahead| ahead.number.to_string()).unwrap_or_default();
    lift(draft, &hold, &format!("{number} has ended"));
    compare(draft);
    release(draft);
}

/// Who asked for the newer change, or may decide on it, says whether it replaces the older one.
pub(super) fn settle(draft: &mut Draft<'_>, deed: &Deed, precedence: Precedence) {
    expire_if_due(draft);
    match may_settle(draft, deed) {
        Ok((by, older)) => {
            let interaction = deed.interaction.clone();
            draft.say(What::Settled { older, precedence, by, interaction });
            draft.wants(Effect::ShowCards);
        }
        Err(refusal) => refuse(draft, Attempt::Settle, &deed.interaction, refusal),
    }
}

fn may_settle(draft: &Draft<'_>, deed: &Deed) -> Result<(crate::ids::PersonId, ChangeRef), Refusal> {
    let by = person(draft, Known { by: &deed.by, seen: &deed.seen, interaction: &deed.interaction })?;
    let change = &draft.change;
    let asked = change.holds.iter().find_map(|hold| match &hold.because {
        Because::NewerThan { change } => Some(change.clone()),
        Because::Behind { .. }
        | Because::Paused(_)
        | Because::Frozen(_)
        | Because::Gate(_)
        | Because::OutsideWindow(_)
        | Because::Unproven(_)
        | Because::Lock(_) => None,
    });
    let Some(older) = asked.filter(|_| !change.state().is_end()) else {
        return Err(Refusal::NothingToSettle { number: change.number });
    };
    let may = change.asked_for_it(&by) || change.rules.as_ref().is_some_and(|rules| may_decide(change, rules, &by, draft.world.directory));
    if may { Ok((by, older)) } else { Err(Refusal::NotYours { number: change.number, attempt: Attempt::Settle }) }
}

pub(super) fn put(draft: &mut Draft<'_>, hold: Hold) {
    let was_free = draft.change.holds.is_empty();
    let seq = draft.say(What::Held { hold });
    draft.wants(Effect::ShowCards);
    if was_free && draft.change.state() == State::Approved {
        draft.tells_requester(Tell::Held, seq);
    }
}

pub(super) fn lift(draft: &mut Draft<'_>, hold: &Hold, why: &str) {
    draft.say(What::HoldLifted { hold: hold.id.clone(), why: why.to_owned() });
    draft.wants(Effect::ShowCards);
}
