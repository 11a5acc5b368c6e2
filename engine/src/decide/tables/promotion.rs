//! What has not succeeded in the environment before is voted on and waits; what has, soaks.

use crate::decide::fixtures::{Story, author, noon, request, rules};
use crate::hold::Hold;
use crate::ids::Digest;
use crate::input::Act;
use crate::phase::State;
use crate::promotion::{Promotion, Succeeded};
use crate::request::{Again, Subject};
use crate::rules::Rules;
use crate::{Effect, Timestamp, next_wake};

const GROUPS: &str = "devs: approver-1 approver-2, leads: manager-1";
const HOUR_S: u64 = 3_600;

fn strict(soak_s: u64) -> Rules {
    let mut rules = rules("review: peer devs*1");
    rules.escalation.clear();
    rules.promotion = Some(Promotion { after: "staging".into(), soak_s });
    rules
}

fn waiting(soak_s: u64) -> Story {
    Story::opens(GROUPS, strict(soak_s))
}

/// In staging, so many seconds after the opening here.
fn succeeded(subject: &Subject, after: u64) -> Option<Succeeded> {
    let at = noon().plus_seconds(after);
    subject.promoted().map(|subject| Succeeded { subject, environment: "staging".into(), at })
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

fn until(story: &Story) -> Vec<Option<Timestamp>> {
    story.change.holds.iter().map(Hold::until).collect()
}

#[test]
fn it_waits_for_its_success_and_then_soaks() {
    let mut story = waiting(2 * HOUR_S);
    assert_eq!(until(&story), [None]);
    story.approve("approver-1");
    assert_eq!((story.change.state(), answers(&story), next_wake(&story.change)), (State::Approved, false, Some(story.change.expires_at)));
    story.succeeded = succeeded(&request().subject, HOUR_S);
    story.now = noon().plus_seconds(HOUR_S);
    story.system(Act::HoldsChanged);
    let soaked = noon().plus_seconds(3 * HOUR_S);
    assert_eq!((until(&story), answers(&story), next_wake(&story.change)), (vec![Some(soaked)], false, Some(soaked)));
    story.after(2 * HOUR_S - 1);
    assert!(!answers(&story));
    story.after(1);
    assert!(answers(&story) && story.change.holds.is_empty());
}

#[test]
fn without_a_soak_success_is_enough() {
    let mut story = waiting(0);
    story.succeeded = succeeded(&request().subject, 0);
    story.system(Act::HoldsChanged).approve("approver-1");
    assert!(answers(&story));
}

#[test]
fn what_succeeded_elsewhere_or_was_something_else_says_nothing() {
    let subject = request().subject;
    let other = Subject { commit: Some("ffffffffffff".to_owned()), ..subject.clone() };
    let table: [Option<Succeeded>; 4] = [
        None,
        succeeded(&other, 0),
        succeeded(&subject, 0).map(|succeeded| Succeeded { environment: "test".into(), ..succeeded }),
        succeeded(&subject, 0).map(|succeeded| Succeeded { subject: Digest::from("sha256:00"), ..succeeded }),
    ];
    for found in table {
        let mut story = waiting(0);
        story.succeeded = found.clone();
        story.approve("approver-1");
        assert_eq!((story.change.holds.len(), answers(&story)), (1, false), "{found:?}");
    }
}

#[test]
fn a_subject_with_nothing_to_be_known_by_never_succeeded() {
    let unnamed = Subject { commit: None, target: "somewhere".to_owned(), ..Subject::default() };
    assert_eq!(unnamed.promoted(), None);
    let mut wish = request();
    wish.subject = unnamed;
    let mut story = Story::opens_as(GROUPS, Ok(strict(0)), wish, None);
    story.succeeded = Some(Succeeded { subject: story.change.subject_digest.clone(), environment: "staging".into(), at: noon() });
    story.approve("approver-1");
    assert!(!answers(&story));
}

#[test]
fn where_it_goes_and_what_is_written_about_it_make_it_no_other() {
    let subject = request().subject;
    let elsewhere = Subject { target: "checkout-api into staging".to_owned(), ..subject.clone() };
    assert_ne!(subject.digest(), elsewhere.digest());
    assert_eq!(subject.promoted(), elsewhere.promoted());
    let artifact = Subject { artifacts: [("image".to_owned(), "sha256:01".to_owned())].into(), ..subject.clone() };
    assert_ne!(subject.promoted(), artifact.promoted());
}

/// Nobody is asked, so the new subject would go out in the decision that brings it.
#[test]
fn the_success_of_an_earlier_subject_lets_no_other_out() {
    let mut story = Story::opens(GROUPS, Rules { stages: Vec::new(), requirements: Vec::new(), ..strict(0) });
    story.succeeded = succeeded(&request().subject, 0);
    let mut again = Again::from(request());
    again.subject = Some(Subject { commit: Some("b2c3d4e5f6a7".to_owned()), ..request().subject });
    again.authors = Some(author("author-1"));
    story.system(Act::Retarget(again));
    assert_eq!((story.change.state(), story.change.round, answers(&story)), (State::Approved, 2, false));
}

#[test]
fn a_later_failure_there_holds_it_again() {
    let mut story = waiting(HOUR_S);
    story.succeeded = succeeded(&request().subject, 0);
    story.approve("approver-1");
    story.succeeded = None;
    story.after(HOUR_S);
    assert_eq!((until(&story), answers(&story)), (vec![None], false));
}
