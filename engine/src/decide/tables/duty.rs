//! On-call rosters: who is asked, what a handover changes, and what it does not.

use super::{PEOPLE, TWO};
use crate::change::next_wake;
use crate::decide::fixtures::{Story, noon, on_call, person, rules};
use crate::effect::Effect;
use crate::event::What;
use crate::ids::PersonId;
use crate::phase::{Phase, State};
use crate::quorum::Rejection;
use crate::rules::{Rules, Step, StepAct};
use crate::standing::standing;
use std::collections::BTreeSet;

/// The turn passes at 13:00, half an hour after everything opens, from `o` to `p`, and a day later back.
const ON_CALL: &str = "devs: a b c requester-1 author-1, @on-call: o p, leads: l, owners: w";
const HALF_AN_HOUR: u64 = 30 * 60;

fn asking(stages: &str) -> Rules {
    let mut rules = on_call(rules(stages));
    rules.escalation.clear();
    rules
}

fn waiting(story: &Story) -> Vec<String> {
    standing(&story.change, &story.directory.at(story.now)).waiting_on.iter().map(ToString::to_string).collect()
}

fn said(story: &Story) -> Vec<String> {
    let duties = story.last.events.iter().filter_map(|event| if let What::DutyKnown(duty) = &event.what { Some(duty) } else { None });
    duties.flat_map(|duty| duty.people.values().flatten()).map(PersonId::to_string).collect()
}

#[test]
fn whoever_is_on_duty_is_asked_and_nobody_else() {
    let mut story = Story::opens(ON_CALL, asking("review: ops on-call*1"));
    assert_eq!((waiting(&story), said(&story)), (vec!["o".to_owned()], vec!["o".to_owned()]));
    story.approve("p");
    assert_eq!(story.code(), Some("not_eligible"));
    story.approve("o");
    assert_eq!(story.change.state(), State::Approved);
    let voted = story.log.iter().find_map(|event| if let What::Voted(voted) = &event.what { Some(voted) } else { None });
    assert_eq!(voted.unwrap().on_duty, ["on-call".into()], "that they were on duty is kept with the vote");
}

#[test]
fn a_handover_wakes_the_change_and_asks_the_next() {
    let mut story = Story::opens(ON_CALL, asking("review: ops on-call*1"));
    assert_eq!(next_wake(&story.change), Some(noon().plus_seconds(HALF_AN_HOUR)));
    story.after(HALF_AN_HOUR);
    assert_eq!((waiting(&story), said(&story)), (vec!["p".to_owned()], vec!["p".to_owned()]));
    assert_eq!(story.last.effects, [Effect::ShowCards]);
    assert_eq!(next_wake(&story.change), Some(story.change.expires_at), "the next handover is a day off");
    story.approve("o");
    assert_eq!(story.code(), Some("not_eligible"));
    story.approve("p");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn a_handover_binds_before_the_timer_has_run() {
    let mut story = Story::opens(ON_CALL, asking("review: ops on-call*1"));
    story.now = noon().plus_seconds(HALF_AN_HOUR);
    story.approve("o");
    assert_eq!((story.code(), said(&story)), (Some("not_eligible"), vec!["p".to_owned()]));
}

#[test]
fn a_handover_takes_no_vote_away_and_completes_nothing() {
    let mut story = Story::opens(ON_CALL, asking("review: ops on-call*2"));
    story.approve("o").after(HALF_AN_HOUR);
    assert!(story.change.standing_votes().count() == 1 && story.change.state() == State::Pending);
    story.approve("p");
    assert_eq!(story.change.state(), State::Approved, "both were on duty when they voted");

    let mut shared = asking("review: peer devs*1, ops on-call*1");
    shared.separation.one_person_one_requirement = false;
    let mut story = Story::opens("devs: a p, @on-call: o p, leads: l, owners: w", shared);
    story.approve("p").after(HALF_AN_HOUR);
    let missing: Vec<_> =
        standing(&story.change, &story.directory.at(story.now)).open_and_missing().map(|open| open.name.clone()).collect();
    assert_eq!((story.change.state(), missing), (State::Pending, vec!["ops".into()]), "it was given before the duty began");
}

/// Invariant 9: a membership that nobody has spoken of yet is not taken up by the clock.
#[test]
fn a_handover_approves_nothing_that_a_membership_would() {
    let mut shared = asking("review: peer devs*1, ops ops*1");
    shared.separation.one_person_one_requirement = false;
    let mut story = Story::opens("devs: c, ops: a b, @on-call: o p, leads: l, owners: w", shared);
    story.approve("b");
    story.directory = crate::decide::fixtures::directory("devs: a b, ops: a b, @on-call: o p, leads: l, owners: w");
    story.after(HALF_AN_HOUR);
    assert_eq!((said(&story), story.change.state()), (vec!["p".to_owned()], State::Pending));
    story.system(crate::input::Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn who_approves_again_after_the_duty_still_counts_by_the_first_vote() {
    let mut both = asking("review: ops on-call*1; release: leads leads*2");
    both.separation.one_person_one_requirement = false;
    let mut story = Story::opens("devs: a, @on-call: o p, leads: l o, owners: w", both);
    story.approve("o").after(HALF_AN_HOUR).approve("o").approve("l");
    assert_eq!(story.change.state(), State::Approved, "{:?}", standing(&story.change, &story.directory.at(story.now)));
}

#[test]
fn one_vote_against_does_not_end_what_the_next_on_duty_can_fill() {
    let mut lenient = asking("review: peer devs*1, ops on-call*1");
    lenient.requirements.iter_mut().for_each(|requirement| requirement.a_rejection = Rejection::IsAVote);
    let mut story = Story::opens("devs: a b, @on-call: requester-1 p, owners: w", lenient);
    story.reject("a");
    assert_eq!((story.change.state(), waiting(&story)), (State::Pending, vec!["b".to_owned()]));
    story.after(HALF_AN_HOUR).approve("p").approve("b");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn who_leaves_the_directory_loses_the_vote_of_a_duty_as_well() {
    let mut story = Story::opens(ON_CALL, asking("review: ops on-call*1; release: leads leads*1"));
    story.approve("o");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 });
    story.directory = crate::decide::fixtures::directory("devs: a, @on-call: p, leads: l, owners: w");
    story.system(crate::input::Act::DirectoryChanged).approve("l");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 }, "the vote of the first stage is gone");
    story.approve("p");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn an_empty_duty_waits_for_the_next_and_blocks_nothing() {
    let mut story = Story::opens("devs: a, @on-call: requester-1 p, owners: w", asking("review: peer devs*1, ops on-call*1"));
    assert_eq!((story.change.state(), waiting(&story)), (State::Pending, vec!["a".to_owned()]));
    story.approve("a").after(HALF_AN_HOUR);
    assert_eq!(waiting(&story), ["p"]);
    let alone = Story::opens("devs: a, @on-call: requester-1, owners: w", asking("review: ops on-call*1"));
    assert_eq!(alone.change.state(), State::Blocked, "everybody who ever has a turn is excluded");
}

#[test]
fn an_escalation_reaches_whoever_is_on_duty_then() {
    let mut escalated = on_call(rules(TWO));
    let step = |after_s, act| Step { after_s, back_off_percent: None, act, via: BTreeSet::new() };
    escalated.escalation = vec![step(60, StepAct::Tell("on-call".into())), step(3600, StepAct::Add("on-call".into()))];
    let mut story = Story::opens(ON_CALL, escalated);
    let reached = |story: &Story| {
        story
            .last
            .events
            .iter()
            .find_map(|event| if let What::StepTaken { people, .. } = &event.what { Some(people.clone()) } else { None })
    };
    story.after(60);
    assert_eq!(reached(&story), Some(vec![person("o")]));
    story.after(3540);
    assert_eq!(reached(&story), Some(vec![person("p")]));
    story.approve("p").after(24 * 3600 - 7200).approve("a");
    assert_eq!(story.change.state(), State::Approved, "the right of the step was used while on duty");
}

#[test]
fn nothing_is_said_of_duty_where_no_rule_names_a_roster() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").approve("b");
    assert!(story.log.iter().all(|event| !matches!(event.what, What::DutyKnown(_))));
}
