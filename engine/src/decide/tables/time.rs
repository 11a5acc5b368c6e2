//! Reminders, escalation, expiry, and newer changes.

use super::{PEOPLE, TWO, answered, approved};
use crate::change::next_wake;
use crate::decide::fixtures::{Story, noon, person, rules};
use crate::effect::Effect;
use crate::event::{ChangeRef, What};
use crate::ids::{ChangeId, ChangeNumber};
use crate::input::Act;
use crate::phase::{Phase, State};
use crate::rules::Superseded;
use crate::standing::standing;

#[test]
fn escalation_reminds_adds_and_reassigns() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").after(900);
    assert!(
        matches!(&story.last.events[..], [event] if matches!(&event.what, What::StepTaken { people, .. } if people == &[person("b"), person("c")]))
    );
    story.after(2700);
    let waiting = standing(&story.change, &story.directory).waiting_on;
    assert_eq!(waiting, [person("b"), person("c"), person("l")].into());
    story.after(3600);
    assert_eq!(standing(&story.change, &story.directory).waiting_on, [person("l")].into());
    story.approve("b");
    assert_eq!(story.change.state(), State::Approved, "nobody loses eligibility");
}

#[test]
fn an_added_group_fills_the_requirement_and_keeps_its_vote() {
    let mut story = Story::opens(PEOPLE, rules("review: peer devs*1; operate: ops ops*1"));
    story.after(3600).approve("l");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 });
    story.approve("o");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn late_timers_take_all_due_steps_once() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.after(10_000);
    assert_eq!(story.last.events.len(), 3);
    story.after(1);
    assert!(story.last.events.is_empty());
    assert_eq!(next_wake(&story.change), Some(story.change.expires_at));
}

#[test]
fn no_answer_expires_and_a_late_vote_finds_it_expired() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a");
    story.now = noon().plus_seconds(24 * 3600);
    story.approve("b");
    assert_eq!(story.code(), Some("not_open"));
    assert!(matches!(&story.change.phase, Phase::Expired { waiting_on } if waiting_on.len() == 1));
    assert!(story.last.effects.contains(&Effect::Answer { attempt: 1 }));
    assert_eq!(next_wake(&story.change), None);
}

#[test]
fn a_newer_change_replaces_up_to_approved() {
    let by = ChangeRef { id: ChangeId(uuid::Uuid::from_u128(2)), number: ChangeNumber(1043) };
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.system(Act::Supersede { by: by.clone() });
    assert_eq!(story.change.state(), State::Superseded);
    assert_eq!(story.last.effects, vec![Effect::ShowCards]);
    let mut telling = rules(TWO);
    telling.superseded = Superseded::Reject;
    let mut story = Story::opens(PEOPLE, telling);
    story.system(Act::Supersede { by: by.clone() });
    assert!(story.last.effects.contains(&Effect::Answer { attempt: 1 }));
    let mut story = approved();
    story.system(answered(1)).system(Act::Supersede { by });
    assert_eq!(story.change.state(), State::Released);
}
