//! Time has passed: steps of the escalation are taken, and in the end the change expires. Never an approval (invariant 9).

use super::draft::Draft;
use super::gate;
use super::hold;
use crate::directory::Directory;
use crate::duties::own_part;
use crate::effect::Effect;
use crate::event::{TakenAct, What};
use crate::ids::{GroupName, PersonId};
use crate::rules::{Rules, Step, StepAct, Tell};
use crate::standing::standing;

pub(super) fn wake(draft: &mut Draft<'_>) {
    expire_if_due(draft);
    gate::look_again(draft);
    hold::changed(draft);
    while let Some(step) = next_due(draft) {
        take(draft, step);
    }
}

/// A deadline binds from its instant on, whether or not the timer has run.
pub(super) fn expire_if_due(draft: &mut Draft<'_>) {
    if draft.now < draft.change.expires_at || !draft.change.state().can_be_superseded() {
        return;
    }
    let standing = standing(&draft.change, draft.world.directory);
    let waiting_on = standing.open_and_missing().map(|requirement| requirement.name.clone()).collect();
    let seq = draft.say(What::Expired { waiting_on });
    draft.wants(Effect::ShowCards);
    draft.wants_answer();
    draft.tells_requester(Tell::Expired, seq);
}

fn next_due(draft: &Draft<'_>) -> Option<usize> {
    let due = draft.change.steps.iter().filter(|due| due.at <= draft.now);
    due.min_by_key(|due| (due.at, due.step)).map(|due| due.step)
}

fn take(draft: &mut Draft<'_>, step: usize) {
    let escalation = draft.change.rules.as_ref().and_then(|rules| Some((rules.clone(), rules.escalation.get(step)?.clone())));
    let Some((rules, Step { act, via, .. })) = escalation else {
        draft.say(What::StepSkipped { step });
        return;
    };
    let people = reached(draft, &rules, &act);
    if people.is_empty() || is_overtaken(draft, step) {
        draft.say(What::StepSkipped { step });
        return;
    }
    let seq = draft.say(What::StepTaken { step, act: taken(&act), people, via });
    draft.wants(Effect::Notify { seq });
    draft.wants(Effect::ShowCards);
}

/// Whether the same reminder has come due again meanwhile: nobody is written to twice at once.
fn is_overtaken(draft: &Draft<'_>, step: usize) -> bool {
    draft.change.steps.iter().filter(|due| due.step == step && due.at <= draft.now).count() > 1
}

fn taken(act: &StepAct) -> TakenAct {
    match act {
        StepAct::RemindWaitingOn | StepAct::Remind(_) => TakenAct::Reminded,
        StepAct::Add(group) => TakenAct::Added(group.clone()),
        StepAct::Reassign(group) => TakenAct::Reassigned(group.clone()),
        StepAct::Tell(group) => TakenAct::Told(group.clone()),
    }
}

/// Excluded people are told where a step says so, but never asked or reminded.
fn reached(draft: &Draft<'_>, rules: &Rules, act: &StepAct) -> Vec<PersonId> {
    let directory = draft.world.directory;
    match act {
        StepAct::RemindWaitingOn => standing(&draft.change, directory).waiting_on.into_iter().collect(),
        StepAct::Tell(group) => members(rules, group, directory),
        StepAct::Remind(group) => may_be_asked(draft, rules, group),
        // Nobody is added to a board, so where only boards are open there is nothing to be asked for.
        StepAct::Add(_) | StepAct::Reassign(_) if !asks_for_a_number(draft, rules) => Vec::new(),
        StepAct::Add(group) | StepAct::Reassign(group) => may_be_asked(draft, rules, group),
    }
}

fn may_be_asked(draft: &Draft<'_>, rules: &Rules, group: &GroupName) -> Vec<PersonId> {
    let has_no_part = |person: &PersonId| own_part(&draft.change, rules, person).is_none();
    members(rules, group, draft.world.directory).into_iter().filter(has_no_part).collect()
}

fn asks_for_a_number(draft: &Draft<'_>, rules: &Rules) -> bool {
    let stage = draft.change.open_stage().and_then(|open| rules.stages.get(open));
    let asked = stage.into_iter().flat_map(|stage| &stage.requirements).filter_map(|name| rules.requirement(name));
    asked.into_iter().any(|requirement| requirement.quorum.is_none())
}

fn members(rules: &Rules, group: &GroupName, directory: &Directory) -> Vec<PersonId> {
    rules.members(std::slice::from_ref(group), directory).into_iter().collect()
}
