//! Opening a change: the rules are pinned, and either somebody is asked, or it is said why nobody is.

use super::draft::Draft;
use super::{Decision, World, advance, hold};
use crate::change::{Change, FoldError};
use crate::effect::Effect;
use crate::event::{BlockReason, EVENT_VERSION, Event, Opened, What};
use crate::input::Opening;
use crate::time::Timestamp;

/// The first events of a change.
///
/// # Errors
/// None in practice: an opening always folds. The fold's own error is passed on rather than assumed away.
pub fn open(opening: Opening, world: World<'_>, now: Timestamp) -> Result<Decision, FoldError> {
    let Opening { id, number, request, routed, previous, ahead, actor } = opening;
    let (rules, blocked) = match routed.rules {
        Ok(rules) => (Some(rules), None),
        Err(why) => (None, Some(why)),
    };
    let subject_digest = request.subject.digest();
    let opened = Opened {
        id,
        number,
        request,
        service: routed.service,
        subject_digest,
        rules,
        expires_at: now.plus_seconds(routed.expire_after_s),
        previous: previous.as_ref().map(|previous| previous.id),
        evaluation: Some(routed.evaluation),
        rejected: previous.and_then(|previous| previous.rejected),
    };
    let first = Event { v: EVENT_VERSION, seq: 1, at: now, actor, what: What::Opened(Box::new(opened)) };
    let change = Change::fold(std::slice::from_ref(&first))?;
    let mut draft = Draft::born(change, first, world);
    hold::compare(&mut draft);
    hold::begin_behind(&mut draft, ahead);
    match blocked {
        Some(why) => block(&mut draft, why),
        None => advance::from_gating(&mut draft),
    }
    Ok(draft.finish())
}

pub(super) fn block(draft: &mut Draft<'_>, why: BlockReason) {
    let seq = draft.say(What::Blocked { why });
    draft.wants(Effect::ShowCards);
    draft.wants(Effect::TellOwners { seq });
}
