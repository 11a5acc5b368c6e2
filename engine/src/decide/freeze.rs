//! Freezes begin by themselves: from their first instant on they bind, whether or not the timer has run.

use super::draft::Draft;
use super::hold;
use crate::event::What;
use crate::freeze::Freeze;
use crate::hold::Hold;
use crate::overriding::is_overridden;
use crate::time::Span;

/// The freezes of the rules that are in force now and were not lifted for this change.
pub(super) fn in_force(draft: &Draft<'_>) -> Vec<Hold> {
    let lifted = |freeze: &Freeze, span: &Span| is_overridden(&draft.change, freeze, span, draft.world.directory);
    let bound = freezes(draft).filter_map(|freeze| Some((freeze, freeze.span_at(draft.now)?)));
    bound.filter(|(freeze, span)| !lifted(freeze, span)).map(|(freeze, span)| freeze.hold(span)).collect()
}

/// Before anything else is decided: what began since the last event holds the change.
pub(super) fn begin_due(draft: &mut Draft<'_>) {
    if !draft.change.state().can_be_superseded() || draft.now >= draft.change.expires_at {
        return;
    }
    note_missed(draft);
    let begun: Vec<Hold> = in_force(draft).into_iter().filter(|hold| !draft.change.holds.contains(hold)).collect();
    for hold in begun {
        hold::put(draft, hold);
    }
}

/// One that came and went while nobody looked is recorded; the wake-up for it would come back for ever otherwise. Where an
/// earlier time of the same freeze still holds the change, its end is what has to be told.
fn note_missed(draft: &mut Draft<'_>) {
    let (since, now) = (draft.change.last_at, draft.now);
    let missed: Vec<Hold> = freezes(draft).flat_map(|freeze| freeze.gone_by(since, now)).collect();
    for hold in missed {
        if draft.change.holds.iter().all(|held| held.id != hold.id) {
            draft.say(What::Held { hold: hold.clone() });
            hold::lift(draft, &hold, hold::OVER);
        }
    }
}

fn freezes<'a>(draft: &'a Draft<'_>) -> impl Iterator<Item = &'a Freeze> {
    draft.change.rules.iter().flat_map(|rules| &rules.freezes)
}
