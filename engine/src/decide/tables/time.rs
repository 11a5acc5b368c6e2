//! Reminders, escalation, expiry, and newer changes.

use super::{PEOPLE, TWO, answered, approved};
use crate::calendar::{Clock, Day, Hours, Office, Opening};
use crate::change::next_wake;
use crate::decide::fixtures::{Story, noon, person, rules};
use crate::effect::Effect;
use crate::event::{ChangeRef, What};
use crate::ids::{ChangeId, ChangeNumber};
use crate::input::Act;
use crate::phase::{Phase, State};
use crate::rules::{Rules, Superseded};
use crate::standing::standing;
use std::collections::BTreeSet;

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
fn an_earlier_vote_fills_nothing_by_a_right_that_came_later() {
    let mut shared = rules("review: peer devs*1, security security*1");
    shared.separation.one_person_one_requirement = false;
    let mut story = Story::opens("devs: a l, security: s, leads: l m, owners: w", shared);
    story.approve("l").after(3600);
    let missing: Vec<_> = standing(&story.change, &story.directory).open_and_missing().map(|open| open.name.to_string()).collect();
    assert_eq!((story.change.state(), missing), (State::Pending, vec!["security".to_owned()]));
    story.approve("m");
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

/// One reminder after a quarter of an hour, which comes again with pauses that grow so.
fn reminding(back_off_percent: u32) -> Rules {
    let mut reminding = rules(TWO);
    reminding.escalation.truncate(1);
    reminding.escalation[0].back_off_percent = Some(back_off_percent);
    reminding
}

#[test]
fn a_reminder_comes_again_with_growing_pauses_until_the_change_expires() {
    let table: [(u32, u64, &[u64]); 4] = [
        (200, 24 * 3600, &[15, 45, 105, 225, 465, 945]),
        (150, 2 * 3600, &[15, 37, 71]),
        (100, 3600, &[15, 30, 45]),
        (10_000, 24 * 3600, &[15]),
    ];
    for (percent, expire_after_s, minutes) in table {
        let mut rules = reminding(percent);
        rules.expire_after_s = expire_after_s;
        let mut story = Story::opens(PEOPLE, rules);
        let due: Vec<u64> = story.change.steps.iter().map(|due| due.at.seconds_since(noon()) / 60).collect();
        assert_eq!(due, minutes, "{percent}");
        let mut reminded = 0;
        while let Some(at) = next_wake(&story.change).filter(|at| *at < story.change.expires_at) {
            story.now = at;
            story.act(crate::event::Actor::Timer, Act::Wake);
            reminded += usize::from(story.last.effects.iter().any(|effect| matches!(effect, Effect::Notify { .. })));
        }
        assert_eq!(reminded, minutes.len(), "{percent}");
    }
}

#[test]
fn a_reminder_that_was_overtaken_reminds_nobody() {
    let mut story = Story::opens(PEOPLE, reminding(200));
    story.after(50 * 60);
    let said: Vec<&What> = story.last.events.iter().map(|event| &event.what).collect();
    assert!(matches!(said[..], [What::StepSkipped { step: 0 }, What::StepTaken { step: 0, .. }]), "{said:?}");
    assert_eq!(story.change.steps.len(), 4);
    story.approve("a").approve("b");
    assert_eq!((story.change.state(), story.change.steps.len()), (State::Approved, 0));
}

/// Open on these days from 13:00 to 14:00 UTC.
fn afternoon(days: &[Day]) -> Clock {
    let open = vec![Opening { days: days.iter().copied().collect(), from_minute: 13 * 60, to_minute: 14 * 60 }];
    let office = Office { time_zone: "UTC".to_owned(), open, closed: BTreeSet::new() };
    Clock::Open(Hours { name: "afternoon".to_owned(), offices: vec![office] })
}

#[test]
fn steps_come_by_the_clock_of_the_rules() {
    let mut counted = rules(TWO);
    counted.clock = afternoon(&[Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri]);
    let story = Story::opens(PEOPLE, counted);
    // It opens on a Monday at 12:30, so 15 minutes, an hour and two hours of afternoons end at 13:15, 14:00 and a day later.
    let due: Vec<u64> = story.change.steps.iter().map(|due| due.at.seconds_since(noon())).collect();
    assert_eq!(due, [45 * 60, 90 * 60, 90 * 60 + 24 * 3_600]);
    assert_eq!(next_wake(&story.change), Some(noon().plus_seconds(45 * 60)));
}

#[test]
fn a_step_that_its_clock_never_reaches_is_skipped_in_the_log() {
    let mut counted = rules(TWO);
    counted.clock = afternoon(&[]);
    let mut story = Story::opens(PEOPLE, counted);
    let skipped = story.log.iter().filter(|event| matches!(event.what, What::StepSkipped { .. }));
    assert_eq!((skipped.count(), story.change.steps.len()), (3, 0));
    assert_eq!(next_wake(&story.change), Some(story.change.expires_at));
    story.approve("a").approve("b");
    assert_eq!(story.change.state(), State::Approved);
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
