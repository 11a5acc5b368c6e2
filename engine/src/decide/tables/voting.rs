//! Votes, refusals and stages.

use super::{PEOPLE, TWO};
use crate::decide::fixtures::{Story, directory, person, rules};
use crate::effect::Effect;
use crate::event::{Choice, Counted, What};
use crate::input::{Sight, Voter};
use crate::phase::{Phase, State};
use crate::standing::standing;

#[test]
fn two_approvals_release() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    assert_eq!(story.change.state(), State::Pending);
    assert_eq!(story.last.effects, vec![Effect::ShowCards]);
    story.approve("a");
    assert_eq!(story.change.state(), State::Pending);
    story.approve("b");
    assert_eq!(story.change.state(), State::Approved);
    assert!(story.last.effects.contains(&Effect::Answer { attempt: 1 }));
    let counted = |who: &str| Counted { requirement: "peer".into(), person: person(who) };
    assert_eq!(story.change.counted, vec![counted("a"), counted("b")]);
}

#[test]
fn each_refusal_has_its_step() {
    type Bend = fn(&mut crate::input::Ballot);
    let cases: [(&str, &str, Bend); 9] = [
        ("requester-1", "separation_of_duties", |_| {}),
        ("author-1", "separation_of_duties", |_| {}),
        ("o", "not_eligible", |_| {}),
        ("nobody", "not_in_directory", |_| {}),
        ("a", "rationale_too_short", |ballot| ballot.rationale = "ok".to_owned()),
        ("a", "rationale_too_long", |ballot| ballot.rationale = "long reason ".repeat(100)),
        ("a", "changed_since_seen", |ballot| ballot.seen = Sight { round: 2, digest: None }),
        ("a", "not_linked", |ballot| ballot.voter = Voter::Unlinked { platform: "slack".to_owned(), account: "T/U".to_owned() }),
        ("a", "unknown_requirement", |ballot| ballot.requirement = Some("pear".into())),
    ];
    for (who, code, bend) in cases {
        let mut story = Story::opens(PEOPLE, rules(TWO));
        let mut ballot = story.ballot(who, Choice::Approve, crate::decide::fixtures::GOOD_REASON);
        bend(&mut ballot);
        story.cast(ballot);
        assert_eq!(story.code(), Some(code));
        assert!(
            matches!(&story.last.events[..], [event] if matches!(&event.what, What::Refused(refused) if refused.code == code)),
            "{code}"
        );
        assert_eq!(story.change.standing_votes().count(), 0);
        let sentence = story.last.refusal.clone().unwrap().sentence(&story.directory);
        assert!(sentence.ends_with('.') && !sentence.contains('!'), "{sentence}");
    }
}

#[test]
fn the_same_interaction_is_answered_again_not_decided_again() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    let ballot = story.ballot("a", Choice::Approve, crate::decide::fixtures::GOOD_REASON);
    story.cast(ballot.clone());
    story.cast(ballot);
    assert_eq!(story.code(), Some("repeated"));
    assert!(story.last.events.is_empty());
    story.approve("a");
    assert_eq!(story.code(), Some("already_voted"));
}

#[test]
fn a_refused_form_can_be_mended_and_sent_again() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    let mut ballot = story.ballot("a", Choice::Approve, "ok");
    story.cast(ballot.clone());
    assert_eq!(story.code(), Some("rationale_too_short"));
    ballot.rationale = crate::decide::fixtures::GOOD_REASON.to_owned();
    story.cast(ballot);
    assert_eq!(story.code(), None);
}

#[test]
fn the_record_of_refusals_is_capped() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    for _ in 0..30 {
        story.approve("o");
    }
    assert_eq!(story.code(), Some("too_many_attempts"));
    let recorded = story.log.iter().filter(|event| matches!(event.what, What::Refused(_))).count();
    assert_eq!(recorded, crate::decide::refused::REFUSALS_PER_MINUTE);
    story.after(61).approve("o");
    assert_eq!(story.code(), Some("not_eligible"));
}

#[test]
fn one_rejection_is_a_veto() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").reject("b");
    assert!(matches!(&story.change.phase, Phase::Rejected { by, .. } if by == &Some(person("b"))));
    assert!(story.last.effects.contains(&Effect::Answer { attempt: 1 }));
    story.approve("c");
    assert_eq!(story.code(), Some("not_open"));
    assert_eq!(story.change.state(), State::Rejected);
}

#[test]
fn who_approved_may_still_reject() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").reject("a");
    assert_eq!(story.change.state(), State::Rejected);
}

#[test]
fn stages_open_one_after_the_other() {
    let mut story = Story::opens(PEOPLE, rules("review: peer devs*1, safety security*1; operate: ops ops*1"));
    story.approve("o");
    assert_eq!(story.code(), Some("not_eligible"));
    story.approve("s").approve("a");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 });
    story.approve("b");
    assert_eq!(story.code(), Some("not_needed"));
    story.approve("o");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn votes_move_between_requirements_so_that_no_order_gets_stuck() {
    let people = "devs: a b, ops: a, security: s, leads: l, owners: w";
    for order in [["a", "b"], ["b", "a"]] {
        let mut story = Story::opens(people, rules("review: peer devs*1, ops ops*1"));
        story.approve(order[0]).approve(order[1]);
        assert_eq!(story.change.state(), State::Approved, "{order:?}");
    }
}

#[test]
fn a_full_requirement_takes_no_further_approval() {
    let mut story = Story::opens(PEOPLE, rules("review: peer devs*1, ops ops*1"));
    story.approve("a").approve("b");
    assert_eq!(story.code(), Some("not_needed"));
}

#[test]
fn a_lost_role_strikes_the_vote() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a");
    story.directory = directory("devs: b c d, ops: a o, leads: l, owners: w");
    story.approve("b");
    assert_eq!(story.change.state(), State::Pending, "the first vote no longer counts");
    assert!(story.log.iter().any(|event| matches!(&event.what, What::VoteStruck { person, .. } if person.as_str() == "a")));
    story.approve("c");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn a_closed_stage_opens_again_when_its_vote_is_struck() {
    let mut story = Story::opens(PEOPLE, rules("review: peer devs*1; operate: ops ops*1"));
    story.approve("a");
    story.directory = directory("devs: b c, ops: o p, leads: l, owners: w");
    story.approve("o");
    assert_eq!(story.change.state(), State::Pending, "peer is missing again");
    assert_eq!(standing(&story.change, &story.directory).waiting_on, [person("b"), person("c")].into());
    story.approve("b");
    assert_eq!(story.change.state(), State::Approved);
}
