//! Freezes begin and end by themselves, whoever is awake, and stop the release alone.

use crate::decide::fixtures::{Story, noon, rules};
use crate::decide::properties::history::freeze;
use crate::event::What;
use crate::hold::{Because, Hold};
use crate::input::Act;
use crate::phase::State;
use crate::{Effect, Timestamp, next_wake};

const GROUPS: &str = "devs: approver-1 approver-2, leads: manager-1";
const HOUR_S: u64 = 3_600;

/// `spans` as hours after the opening and hours that they last; nobody is reminded.
fn frozen(spans: &[(u64, u64)]) -> Story {
    let mut rules = rules("review: peer devs*1");
    rules.escalation.clear();
    // The fixture counts from an hour before the opening, and from a second after each end.
    let mut end = 0;
    let spans: Vec<(u64, u64)> = spans
        .iter()
        .enumerate()
        .map(|(index, (after, lasts))| {
            let from = (after + 1) * HOUR_S - end - u64::from(index > 0);
            end = (after + 1 + lasts) * HOUR_S;
            (from, lasts * HOUR_S)
        })
        .collect();
    rules.freezes = vec![freeze("year-end", &spans)];
    Story::opens(GROUPS, rules)
}

fn hour(hours: u64) -> Timestamp {
    noon().plus_seconds(hours * HOUR_S)
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

fn until(story: &Story) -> Vec<Timestamp> {
    story.change.holds.iter().filter_map(Hold::until).collect()
}

fn lifted(story: &Story) -> usize {
    story.log.iter().filter(|event| matches!(event.what, What::HoldLifted { .. })).count()
}

#[test]
fn what_opens_in_a_freeze_is_voted_on_and_goes_out_when_it_ends() {
    let mut story = frozen(&[(0, 3)]);
    assert_eq!((until(&story), next_wake(&story.change)), (vec![hour(3)], Some(hour(3))));
    story.approve("approver-1");
    assert_eq!((story.change.state(), answers(&story)), (State::Approved, false));
    story.after(3 * HOUR_S - 1);
    assert!(!answers(&story));
    story.after(1);
    assert!(answers(&story) && story.change.holds.is_empty());
}

#[test]
fn a_freeze_holds_what_was_open_before_it_began() {
    let mut story = frozen(&[(2, 3)]);
    assert_eq!((until(&story), next_wake(&story.change)), (vec![], Some(hour(2))));
    story.after(2 * HOUR_S);
    assert_eq!((until(&story), next_wake(&story.change)), (vec![hour(5)], Some(hour(5))));
    assert!(story.last.effects.contains(&Effect::ShowCards));
    story.approve("approver-1");
    assert!(!answers(&story));
}

#[test]
fn it_binds_from_its_instant_on_although_no_timer_has_run() {
    let mut story = frozen(&[(2, 3)]);
    story.now = hour(2);
    story.approve("approver-1");
    assert_eq!((story.change.state(), until(&story), answers(&story)), (State::Approved, vec![hour(5)], false));
    let mut free = frozen(&[(2, 3)]);
    free.now = Timestamp::from_micros(hour(2).micros() - 1).unwrap();
    free.approve("approver-1");
    assert!(answers(&free));
}

/// The answer is on its way, and the tool has not confirmed it.
#[test]
fn a_boundary_in_the_middle_of_a_release_stops_it() {
    let mut story = frozen(&[(2, 3)]);
    story.approve("approver-1");
    assert!(answers(&story));
    story.now = hour(2);
    story.system(Act::HoldsChanged);
    assert_eq!((until(&story), answers(&story)), (vec![hour(5)], false));
    story.after(3 * HOUR_S);
    assert!(answers(&story), "asked for once more");
}

#[test]
fn one_that_ends_as_the_next_begins_lets_nothing_out_between() {
    let mut story = frozen(&[(0, 2)]);
    let mut rules = story.change.rules.clone().unwrap();
    rules.freezes.push(freeze("evening", &[(3 * HOUR_S, 2 * HOUR_S)]));
    story = Story::opens(GROUPS, rules);
    story.approve("approver-1").after(2 * HOUR_S);
    assert_eq!((until(&story), answers(&story)), (vec![hour(4)], false));
    story.after(2 * HOUR_S);
    assert!(answers(&story));
}

#[test]
fn one_that_nobody_saw_is_recorded_and_wakes_nobody_again() {
    let mut story = frozen(&[(2, 1), (5, 1), (9, 1)]);
    story.after(8 * HOUR_S);
    assert_eq!((until(&story), lifted(&story), next_wake(&story.change)), (vec![], 2, Some(hour(9))));
    let held = |event: &crate::Event| matches!(&event.what, What::Held { hold } if matches!(hold.because, Because::Frozen(_)));
    assert_eq!(story.log.iter().filter(|event| held(event)).count(), 2);
}

#[test]
fn who_slept_through_the_next_one_too_lets_it_go_out_all_the_same() {
    let mut story = frozen(&[(0, 1), (5, 1)]);
    story.approve("approver-1");
    story.after(8 * HOUR_S);
    assert!(answers(&story) && story.change.holds.is_empty());
}

#[test]
fn what_is_out_or_over_is_not_held_any_more() {
    let mut story = frozen(&[(2, 1)]);
    story.approve("approver-1").system(super::answered(1));
    assert_eq!((story.change.state(), next_wake(&story.change)), (State::Released, None));
    story.after(2 * HOUR_S);
    assert_eq!((until(&story), story.last.events.len()), (vec![], 0));
    let mut late = frozen(&[(20, 10)]);
    late.after(24 * HOUR_S);
    assert_eq!((late.change.state(), late.last.events.len()), (State::Expired, 1));
}
