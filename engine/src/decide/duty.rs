//! Who is on duty is written down when a stage opens and at each handover, so that the log says who was asked when. A
//! handover changes who is asked from then on, and takes no vote away.

use super::draft::Draft;
use crate::effect::Effect;
use crate::event::{OnDuty, What};
use crate::ids::{GroupName, PersonId};

/// Says who is on duty if that is not what was said last; whether it was not.
pub(super) fn compare(draft: &mut Draft<'_>) -> bool {
    let found = found(draft).filter(|found| draft.change.on_duty.as_ref() != Some(found));
    let (Some(on_duty), Some(_)) = (found, draft.change.open_stage()) else { return false };
    draft.say(What::DutyKnown(on_duty));
    draft.wants(Effect::ShowCards);
    true
}

/// The rosters of the rules in which this person is on duty: what they do now counts by these after the handover as well.
pub(super) fn duties_of(draft: &Draft<'_>, person: &PersonId) -> Vec<GroupName> {
    let rules = draft.change.rules.as_ref();
    rules.map(|rules| rules.duties_of(person, draft.world.directory)).unwrap_or_default()
}

/// Of every roster that the rules name; `None` if they name none.
fn found(draft: &Draft<'_>) -> Option<OnDuty> {
    let directory = draft.world.directory;
    let rules = draft.change.rules.as_ref()?;
    let rosters = || rules.groups.iter().filter(|(_, group)| group.is_roster());
    let people = rosters().map(|(name, group)| (name.clone(), group.people(directory).cloned().collect()));
    let until = rosters().filter_map(|(_, group)| group.changes_at(directory)).min();
    rosters().next().map(|_| OnDuty { people: people.collect(), until })
}
