//! What is approved waits for its window, goes out when that opens, and waits again where it was not delivered in it.

use crate::calendar::{Day, Hours, Office, Opening};
use crate::decide::fixtures::{Story, noon, rules};
use crate::event::{Actor, What};
use crate::hold::Hold;
use crate::ids::InteractionId;
use crate::input::Act;
use crate::phase::State;
use crate::rules::{Rules, Tell};
use crate::window::Window;
use crate::{Effect, Timestamp, next_wake};
use std::collections::BTreeSet;

const GROUPS: &str = "devs: approver-1 approver-2, leads: manager-1";
const HOUR_S: u64 = 3_600;

/// Every day at these hours of UTC.
pub(in crate::decide) fn window(from_hour: u16, to_hour: u16) -> Window {
    let days: BTreeSet<Day> = [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri, Day::Sat, Day::Sun].into();
    let open = vec![Opening { days, from_minute: from_hour * 60, to_minute: to_hour * 60 }];
    let office = Office { time_zone: "UTC".to_owned(), open, closed: BTreeSet::new() };
    let hours = Hours { name: "office".to_owned(), offices: vec![office] };
    Window { name: "release-hours".to_owned(), hours, earliest_after_approval_s: 0, not_in_last_s: 0 }
}

/// Opened at half past noon.
fn within(window: Window) -> Story {
    let mut rules: Rules = rules("review: peer devs*1");
    rules.escalation.clear();
    rules.tell_requester = [Tell::Held].into();
    rules.window = Some(window);
    Story::opens(GROUPS, rules)
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

fn opens(story: &Story) -> Vec<Timestamp> {
    story.change.holds.iter().filter_map(Hold::until).collect()
}

fn later(seconds: u64) -> Timestamp {
    noon().plus_seconds(seconds)
}

#[test]
fn what_is_approved_goes_out_within_its_window_alone() {
    // From the opening at 12:30: the window, seconds after the approval, before its end, and when it goes out.
    let table = [
        ((9, 17), 0, 0, 0),
        ((13, 17), 0, 0, 1_800),
        ((9, 12), 0, 0, 20 * HOUR_S + 1_800),
        ((9, 13), 0, 1_799, 0),
        ((9, 13), 0, 1_800, 20 * HOUR_S + 1_800),
        ((9, 17), HOUR_S, 0, HOUR_S),
        ((9, 13), HOUR_S, 0, 20 * HOUR_S + 1_800),
        ((0, 24), 0, 5 * HOUR_S, 0),
    ];
    for ((from, to), earliest_after_approval_s, not_in_last_s, goes_after) in table {
        let what = format!("{from} to {to}, {earliest_after_approval_s} after, not in the last {not_in_last_s}");
        let mut story = within(Window { earliest_after_approval_s, not_in_last_s, ..window(from, to) });
        assert!(story.change.holds.is_empty(), "votes need no window: {what}");
        story.approve("approver-1");
        assert_eq!((story.change.state(), answers(&story)), (State::Approved, goes_after == 0), "{what}");
        if goes_after == 0 {
            continue;
        }
        assert_eq!((opens(&story), next_wake(&story.change)), (vec![later(goes_after)], Some(later(goes_after))), "{what}");
        story.after(goes_after - 1);
        assert!(!answers(&story), "{what}");
        story.after(1);
        assert!(answers(&story) && story.change.holds.is_empty(), "{what}");
    }
}

#[test]
fn its_requester_hears_that_it_waits() {
    let mut story = within(window(13, 17));
    story.approve("approver-1");
    assert!(story.last.effects.iter().any(|effect| matches!(effect, Effect::TellRequester { .. })));
}

/// The tool was away: what is sent is compared before it is sent.
#[test]
fn what_was_not_delivered_before_the_window_closed_waits_for_the_next() {
    let mut story = within(window(9, 13));
    story.approve("approver-1");
    assert!(answers(&story));
    story.now = later(1_800);
    story.system(Act::HoldsChanged);
    assert_eq!((opens(&story), answers(&story)), (vec![later(20 * HOUR_S + 1_800)], false));
    story.after(20 * HOUR_S);
    assert!(answers(&story));
}

#[test]
fn one_that_never_opens_holds_until_it_expires() {
    let mut never = window(9, 17);
    never.hours.offices[0].open.clear();
    let mut story = within(never);
    story.approve("approver-1");
    assert_eq!((story.change.holds.len(), opens(&story), next_wake(&story.change)), (1, vec![], Some(story.change.expires_at)));
    story.after(24 * HOUR_S);
    assert_eq!((story.change.state(), answers(&story)), (State::Expired, true));
}

#[test]
fn a_vote_that_is_lost_while_it_waits_is_asked_for_again() {
    let mut story = within(window(13, 17));
    story.approve("approver-1");
    story.directory = crate::decide::fixtures::directory("devs: approver-2, leads: manager-1");
    story.after(1_800);
    assert_eq!((story.change.state(), story.change.holds.len(), answers(&story)), (State::Pending, 0, false));
    story.approve("approver-2");
    assert!(answers(&story));
}

/// The time after the approval is counted from the first one: who counts may change, that it is approved does not.
#[test]
fn counting_anew_at_the_opening_does_not_close_it_again() {
    let mut rules = rules("review: peer devs*1; operate: run ops*1");
    rules.separation.one_person_one_requirement = false;
    rules.window = Some(Window { earliest_after_approval_s: HOUR_S, ..window(9, 17) });
    let mut story = Story::opens("devs: approver-1 approver-3, ops: approver-3, leads: manager-1", rules);
    story.approve("approver-1").approve("approver-3");
    story.directory = crate::decide::fixtures::directory("devs: approver-3, ops: approver-3, leads: manager-1");
    story.after(HOUR_S);
    assert!(answers(&story) && story.log.iter().filter(|event| matches!(event.what, What::Approved { .. })).count() == 2);
    story.system(Act::HoldsChanged);
    assert!(story.change.holds.is_empty());
}

#[test]
fn it_is_not_held_by_its_window_once_it_is_out() {
    let mut story = within(window(9, 13));
    story.approve("approver-1").system(super::answered(1));
    story.after(2 * HOUR_S);
    assert_eq!((story.change.state(), story.last.events.len()), (State::Released, 0));
    let deed = crate::input::Deed { interaction: InteractionId::from("late"), ..story.deed("approver-1") };
    story.act(Actor::System, Act::AskOverride(deed));
    assert_eq!(story.code(), Some("nothing_to_override"));
}
