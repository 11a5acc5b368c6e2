//! Pauses, older changes of the lane, and what they do to a release.

use super::rounds::{by, deed};
use crate::decide::fixtures::{Story, directory, person, request, rules};
use crate::evaluation::Evaluation;
use crate::event::{Actor, ChangeRef, Precedence};
use crate::hold::{Because, Hold, Pause, Scope};
use crate::ids::{ChangeId, ChangeNumber, HoldId};
use crate::input::{Act, Opening, Routed};
use crate::phase::{Phase, State};
use crate::rules::WhenNewerArrives;
use crate::time::Timestamp;
use crate::{Effect, next_wake};

const GROUPS: &str = "devs: approver-1 approver-2 approver-3, ops: approver-3, leads: manager-1";

fn paused(environment: Option<&str>, until: Option<Timestamp>) -> Hold {
    let scope = Scope { environment: environment.map(str::to_owned), service: None };
    let pause = Pause { scope, reason: "INC-88".to_owned(), by: person("manager-1"), since: crate::decide::fixtures::noon(), until };
    Hold { id: HoldId::from("pause:1"), because: Because::Paused(pause) }
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

#[test]
fn a_pause_stops_the_release_and_not_the_votes() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*2"));
    story.holds = vec![paused(Some("production"), None)];
    story.approve("approver-1").system(Act::HoldsChanged);
    assert_eq!((story.change.state(), story.change.holds.len()), (State::Pending, 1));
    story.approve("approver-2");
    assert_eq!(story.change.state(), State::Approved);
    assert!(!answers(&story));
    story.holds.clear();
    story.system(Act::HoldsChanged);
    assert!(story.change.holds.is_empty() && answers(&story));
    story.system(Act::HoldsChanged);
    assert!(story.last.events.is_empty());
}

#[test]
fn a_pause_of_another_place_holds_nothing() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    story.holds = vec![paused(Some("staging"), None)];
    story.system(Act::HoldsChanged).approve("approver-1");
    assert!(story.change.holds.is_empty() && answers(&story));
}

#[test]
fn a_pause_that_was_placed_but_not_yet_told_is_seen_at_the_last_vote() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    story.holds = vec![paused(None, None)];
    story.approve("approver-1");
    assert_eq!((story.change.state(), story.change.holds.len()), (State::Approved, 1));
    assert!(!answers(&story));
}

#[test]
fn a_pause_with_an_end_wakes_the_change_then() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    let until = story.now.plus_seconds(600);
    story.holds = vec![paused(None, Some(until))];
    story.approve("approver-1");
    assert_eq!(next_wake(&story.change), Some(until));
    story.after(599);
    assert_eq!(story.change.holds.len(), 1);
    story.after(1);
    assert!(story.change.holds.is_empty() && answers(&story));
}

#[test]
fn a_pause_that_ends_after_the_release_wakes_nobody() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    story.holds = vec![paused(None, Some(story.now.plus_seconds(600)))];
    story.approve("approver-1");
    // The answer was on its way when the pause came.
    story.system(super::answered(1));
    assert_eq!((story.change.state(), next_wake(&story.change)), (State::Released, None));
}

#[test]
fn a_member_who_leaves_while_it_is_held_takes_the_vote_along() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    story.holds = vec![paused(None, None)];
    story.approve("approver-1");
    story.directory = directory("devs: approver-2 approver-3, ops: approver-3, leads: manager-1");
    story.holds.clear();
    story.system(Act::HoldsChanged);
    assert_eq!((story.change.phase.clone(), answers(&story)), (Phase::Pending { stage: 0 }, false));
    assert_eq!(story.change.standing_votes().count(), 0, "the record says that the vote was struck");
    story.approve("approver-2");
    assert!(story.change.state() == State::Approved && answers(&story));
}

#[test]
fn who_counts_is_recorded_anew_where_another_stands_in() {
    let mut shared = rules("review: peer devs*1; operate: run ops*1");
    shared.separation.one_person_one_requirement = false;
    let mut story = Story::opens("devs: approver-1 approver-3, ops: approver-3, leads: manager-1", shared);
    story.holds = vec![paused(None, None)];
    story.approve("approver-1").approve("approver-3");
    assert_eq!(story.change.state(), State::Approved);
    story.directory = directory("devs: approver-3, ops: approver-3, leads: manager-1");
    story.holds.clear();
    story.system(Act::HoldsChanged);
    let counted: Vec<_> = story.change.counted.iter().map(|counted| counted.person.as_str()).collect();
    assert_eq!((counted, answers(&story)), (vec!["approver-3", "approver-3"], true));
}

#[test]
fn nothing_is_settled_after_the_deadline() {
    let mut story = behind(WhenNewerArrives::Ask);
    story.now = story.change.expires_at;
    let late = deed(&story, "requester-1", "late");
    story.act(by("requester-1"), Act::Settle { deed: late, precedence: Precedence::Queue });
    assert_eq!((story.code(), story.change.state()), (Some("nothing_to_settle"), State::Expired));
}

fn older() -> ChangeRef {
    ChangeRef { id: ChangeId(uuid::Uuid::from_u128(7)), number: ChangeNumber(1041) }
}

fn behind(newer: WhenNewerArrives) -> Story {
    let mut rules = rules("review: peer devs*1");
    rules.when_newer_arrives = newer;
    let mut story = Story::opens(GROUPS, rules.clone());
    let opening = Opening {
        id: story.change.id,
        number: story.change.number,
        request: request(),
        routed: Routed { service: "checkout-api".to_owned(), expire_after_s: 3600, rules: Ok(rules), evaluation: Evaluation::default() },
        previous: None,
        ahead: vec![older()],
        actor: Actor::System,
    };
    let world = crate::decide::World::of(&story.directory);
    story.last = crate::decide::open(opening, world, story.now).unwrap();
    story.change = story.last.change.clone();
    story
}

#[test]
fn the_newer_one_waits_in_a_queue() {
    let mut story = behind(WhenNewerArrives::Queue);
    story.approve("approver-1");
    assert!(story.change.state() == State::Approved && !answers(&story));
    story.system(Act::AheadEnded { change: older().id });
    assert!(answers(&story) && story.change.holds.is_empty());
}

#[test]
fn who_goes_first_is_asked_and_settled_once() {
    let mut story = behind(WhenNewerArrives::Ask);
    let stranger = deed(&story, "manager-1", "one");
    story.act(by("manager-1"), Act::Settle { deed: stranger, precedence: Precedence::Replace });
    assert_eq!(story.code(), Some("not_yours"));
    let requester = deed(&story, "requester-1", "two");
    story.act(by("requester-1"), Act::Settle { deed: requester.clone(), precedence: Precedence::Replace });
    assert!(matches!(&story.change.holds[..], [Hold { because: Because::Behind { change }, .. }] if *change == older()));
    story.act(by("requester-1"), Act::Settle { deed: requester, precedence: Precedence::Queue });
    assert_eq!(story.code(), Some("repeated"));
    let again = deed(&story, "requester-1", "three");
    story.act(by("requester-1"), Act::Settle { deed: again, precedence: Precedence::Queue });
    assert_eq!(story.code(), Some("nothing_to_settle"));
}
