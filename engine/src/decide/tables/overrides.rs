//! Lifting a freeze for one change: who may, how many it takes, and what becomes of it.

use crate::decide::fixtures::{GOOD_REASON, Story, author, directory, noon, on_call, request, rules};
use crate::decide::properties::history::freeze;
use crate::event::{Actor, What};
use crate::freeze::OverrideRule;
use crate::input::Act;
use crate::overriding::{overridable, signed};
use crate::phase::State;
use crate::rules::Rules;
use crate::{Effect, Timestamp, next_wake};

const GROUPS: &str = "devs: approver-1 approver-2, leads: lead-1 lead-2 requester-1 author-1";
const HOUR_S: u64 = 3_600;
const LONG: &str = "the fix of INC-88 can not wait until Monday";

/// Frozen from an hour before the opening until four hours after it, and again an hour later.
fn strict() -> Rules {
    let mut rules = rules("review: peer devs*1");
    rules.escalation.clear();
    rules.freezes = vec![freeze("year-end", &[(0, 5 * HOUR_S), (HOUR_S, HOUR_S)])];
    rules.freezes[0].overridden_by = Some(OverrideRule { by: "leads".into(), by_roster: false, count: 2, min_length: 30 });
    rules
}

fn frozen() -> Story {
    Story::opens(GROUPS, strict())
}

fn overrides(story: &mut Story, who: &str, rationale: &str) -> Option<&'static str> {
    let deed = story.deed(who);
    story.act(Actor::Person { id: who.into(), via: "slack".to_owned() }, Act::Override { deed, rationale: rationale.to_owned() });
    story.code()
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

fn signatures(story: &Story) -> u32 {
    overridable(&story.change).next().map_or(0, |of| signed(&story.change, of, &story.directory))
}

#[test]
fn so_many_signatures_lift_it_and_what_is_approved_goes_out() {
    let mut story = frozen();
    story.approve("approver-1");
    assert_eq!((overrides(&mut story, "lead-1", LONG), signatures(&story), answers(&story)), (None, 1, false));
    assert_eq!(overrides(&mut story, "lead-2", LONG), None);
    assert!(answers(&story) && story.change.holds.is_empty());
    let why: Vec<&str> = story
        .last
        .events
        .iter()
        .filter_map(|event| if let What::HoldLifted { why, .. } = &event.what { Some(why.as_str()) } else { None })
        .collect();
    assert_eq!(why, ["overridden for this change"]);
}

#[test]
fn who_signed_on_duty_has_signed_after_the_handover() {
    let mut rules = on_call(strict());
    rules.freezes[0].overridden_by = Some(OverrideRule { by: "on-call".into(), by_roster: true, count: 2, min_length: 30 });
    let mut story = Story::opens("devs: approver-1, @on-call: o p", rules);
    assert_eq!(overrides(&mut story, "p", LONG), Some("not_eligible"));
    assert_eq!(overrides(&mut story, "o", LONG), None);
    story.approve("approver-1").after(HOUR_S / 2);
    assert_eq!((overrides(&mut story, "o", LONG), signatures(&story)), (Some("not_eligible"), 1));
    assert_eq!(overrides(&mut story, "p", LONG), None);
    assert!(answers(&story) && story.change.holds.is_empty());
}

#[test]
fn who_may_not_and_what_is_no_reason() {
    let table: [(&str, &str, &str); 5] = [
        ("approver-1", LONG, "not_eligible"),
        ("requester-1", LONG, "separation_of_duties"),
        ("author-1", LONG, "separation_of_duties"),
        ("lead-1", GOOD_REASON, "rationale_too_short"),
        ("stranger", LONG, "not_in_directory"),
    ];
    for (who, rationale, code) in table {
        let mut story = frozen();
        assert_eq!((overrides(&mut story, who, rationale), signatures(&story)), (Some(code), 0), "{who}");
    }
    let mut twice = frozen();
    overrides(&mut twice, "lead-1", LONG);
    assert_eq!((overrides(&mut twice, "lead-1", LONG), signatures(&twice)), (Some("not_needed"), 1));
}

#[test]
fn nothing_is_overridden_that_no_such_freeze_holds() {
    let mut plain = strict();
    plain.freezes[0].overridden_by = None;
    let mut fixed = Story::opens(GROUPS, plain);
    assert_eq!(overrides(&mut fixed, "lead-1", LONG), Some("nothing_to_override"));
    let mut free = frozen();
    free.after(4 * HOUR_S);
    assert_eq!(overrides(&mut free, "lead-1", LONG), Some("nothing_to_override"));
    let mut asked = request();
    asked.authors = None;
    let mut gating = Story::opens_as(GROUPS, Ok(strict()), asked.clone(), None);
    assert_eq!((gating.change.state(), overrides(&mut gating, "lead-1", LONG)), (State::Gating, Some("nothing_to_override")));
    let by_rule = Rules { stages: Vec::new(), requirements: Vec::new(), ..strict() };
    let mut unknown = Story::opens_as(GROUPS, Ok(by_rule), asked, None);
    assert_eq!((unknown.change.state(), overrides(&mut unknown, "lead-1", LONG)), (State::Approved, Some("authors_not_known")));
}

#[test]
fn what_is_lifted_before_it_is_approved_goes_out_with_the_last_vote() {
    let mut story = frozen();
    overrides(&mut story, "lead-1", LONG);
    overrides(&mut story, "lead-2", LONG);
    assert!(story.change.holds.is_empty() && story.change.state() == State::Pending);
    story.approve("approver-1");
    assert!(answers(&story));
}

#[test]
fn a_signature_lifts_one_time_of_one_freeze() {
    let mut story = frozen();
    overrides(&mut story, "lead-1", LONG);
    overrides(&mut story, "lead-2", LONG);
    let next = noon().plus_seconds(5 * HOUR_S + 1);
    assert_eq!(next_wake(&story.change), Some(next));
    story.after(5 * HOUR_S + 1).approve("approver-1");
    assert_eq!((story.change.holds.len(), signatures(&story), answers(&story)), (1, 0, false));
}

#[test]
fn another_freeze_holds_on() {
    let mut rules = strict();
    rules.freezes.push(freeze("audit", &[(0, 9 * HOUR_S)]));
    let mut story = Story::opens(GROUPS, rules);
    story.approve("approver-1");
    overrides(&mut story, "lead-1", LONG);
    overrides(&mut story, "lead-2", LONG);
    assert_eq!((story.change.holds.len(), answers(&story)), (1, false));
}

#[test]
fn a_signer_who_loses_the_role_before_the_release_does_not_count() {
    let mut story = frozen();
    overrides(&mut story, "lead-1", LONG);
    overrides(&mut story, "lead-2", LONG);
    story.directory = directory("devs: approver-1, leads: lead-1 lead-3");
    story.approve("approver-1");
    assert_eq!((story.change.holds.len(), answers(&story)), (1, false));
    assert_eq!(overrides(&mut story, "lead-3", LONG), None);
    assert!(answers(&story));
}

#[test]
fn a_new_subject_has_to_be_signed_anew() {
    let mut story = frozen();
    overrides(&mut story, "lead-1", LONG);
    overrides(&mut story, "lead-2", LONG);
    let mut again = crate::request::Again::from(request());
    again.subject = Some(crate::request::Subject { commit: Some("b2c3d4e5f6a7".to_owned()), ..request().subject });
    again.authors = Some(author("author-1"));
    story.system(Act::Retarget(again));
    story.approve("approver-1");
    assert_eq!((story.change.overrides.len(), story.change.holds.len(), answers(&story)), (0, 1, false));
}

#[test]
fn the_record_keeps_who_and_why() {
    let mut story = frozen();
    overrides(&mut story, "lead-1", LONG);
    let signed: Vec<_> =
        story.log.iter().filter_map(|event| if let What::OverrideSigned(signed) = &event.what { Some(signed) } else { None }).collect();
    let began = Timestamp::from_micros(noon().micros() - 3_600_000_000).unwrap();
    assert_eq!(
        signed.iter().map(|one| (one.person.as_str(), one.rationale.as_str(), one.since)).collect::<Vec<_>>(),
        [("lead-1", LONG, began)]
    );
}
