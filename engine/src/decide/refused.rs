//! Recording refused attempts: every one of them, unless one actor makes too many.

use super::draft::Draft;
use crate::event::{Actor, Attempt, Refused, What};
use crate::ids::InteractionId;
use crate::refusal::Refusal;

/// Refusals of one actor that are recorded within a minute; further ones are refused without a record.
pub const REFUSALS_PER_MINUTE: usize = 10;

pub(super) fn refuse(draft: &mut Draft<'_>, attempt: Attempt, interaction: &InteractionId, refusal: Refusal) {
    if matches!(refusal, Refusal::Repeated { .. }) {
        draft.refuse(refusal);
        return;
    }
    let actor = &draft.actor;
    let recent = draft.change.refusals.iter().filter(|(who, at)| is_same(who, actor) && draft.now.seconds_since(*at) < 60);
    if recent.count() >= REFUSALS_PER_MINUTE {
        draft.refuse(Refusal::TooManyAttempts);
        return;
    }
    draft.say(What::Refused(Refused { attempt, code: refusal.code().to_owned(), interaction: interaction.clone() }));
    draft.refuse(refusal);
}

fn is_same(one: &Actor, other: &Actor) -> bool {
    match (one, other) {
        (Actor::Person { id: one, .. }, Actor::Person { id: other, .. }) => one == other,
        (one, other) => one == other,
    }
}
