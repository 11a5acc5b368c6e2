//! One at a time: what is approved while another change of its lane is out waits for it.

use crate::decide::fixtures::{Story, origin, request, rules};
use crate::event::{ChangeRef, DeploymentOutcome, ToolDecision, What};
use crate::hold::{Because, Out};
use crate::ids::{ChangeId, ChangeNumber};
use crate::input::Act;
use crate::lock::Lock;
use crate::phase::State;
use crate::request::{Again, Subject};
use crate::rules::Rules;
use crate::{Effect, next_wake};

const GROUPS: &str = "devs: approver-1 approver-2, leads: manager-1";
const HOUR_S: u64 = 3_600;

fn strict(lock: Lock) -> Rules {
    Rules { lock, escalation: Vec::new(), ..rules("review: peer devs*1") }
}

fn opened() -> Story {
    Story::opens(GROUPS, strict(Lock::OneAtATime))
}

fn other() -> ChangeRef {
    ChangeRef { id: ChangeId(uuid::Uuid::from_u128(7)), number: ChangeNumber(1041) }
}

/// Another change, for so many seconds more.
fn out(story: &Story, seconds: u64) -> Option<Out> {
    Some(Out { change: other(), until: story.now.plus_seconds(seconds) })
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

fn waits_for(story: &Story) -> Vec<ChangeNumber> {
    let named = |because: &Because| if let Because::Lock(out) = because { Some(out.change.number) } else { None };
    story.change.holds.iter().filter_map(|hold| named(&hold.because)).collect()
}

fn takes_the_lane(story: &Story) -> usize {
    story.log.iter().filter(|event| event.what == What::LaneTaken).count()
}

#[test]
fn what_is_approved_waits_for_the_one_that_is_out_and_names_it() {
    let mut story = opened();
    story.out = out(&story, HOUR_S);
    assert!(waits_for(story.system(Act::HoldsChanged)).is_empty(), "nothing is approved yet");
    story.approve("approver-1");
    assert_eq!((story.change.state(), waits_for(&story), answers(&story)), (State::Approved, vec![ChangeNumber(1041)], false));
    story.system(Act::Wake);
    assert!(!answers(&story));
    story.out = None;
    story.system(Act::HoldsChanged);
    assert_eq!((waits_for(&story).len(), answers(&story), takes_the_lane(&story)), (0, true, 1));
}

#[test]
fn one_whose_end_is_never_reported_is_not_waited_for_for_ever() {
    let mut story = opened();
    story.out = out(&story, HOUR_S);
    story.approve("approver-1");
    assert_eq!(next_wake(&story.change), Some(story.now.plus_seconds(HOUR_S)));
    story.after(HOUR_S - 1);
    assert!(!answers(&story));
    story.after(1);
    assert!(answers(&story));
}

#[test]
fn without_a_lock_nobody_waits_and_nothing_is_said() {
    let mut story = Story::opens(GROUPS, strict(Lock::Free));
    story.out = out(&story, HOUR_S);
    story.approve("approver-1");
    assert_eq!((answers(&story), takes_the_lane(&story), story.change.out_until()), (true, 0, None));
}

/// From the verdict on, not from its confirmation, or a second one would go out between the two.
#[test]
fn it_is_out_from_its_verdict_to_its_end() {
    let mut story = opened();
    assert_eq!(story.change.out_until(), None);
    story.approve("approver-1");
    assert_eq!(story.change.out_until(), Some(story.change.expires_at));
    story.after(HOUR_S).system(Act::Answered { decision: ToolDecision::Approve, attempt: 1, note: String::new() });
    let day = story.now.plus_seconds(24 * HOUR_S);
    assert_eq!((story.change.state(), story.change.out_until()), (State::Released, Some(day)));
    story.after(HOUR_S).system(Act::DeploymentStarted { run: "900".to_owned() });
    assert_eq!(story.change.out_until(), Some(day.plus_seconds(HOUR_S)));
    let ends = [DeploymentOutcome::Success, DeploymentOutcome::Failure, DeploymentOutcome::Cancelled];
    for outcome in ends {
        let mut ended = opened();
        ended.approve("approver-1").system(Act::DeploymentFinished { run: "900".to_owned(), outcome });
        assert_eq!(ended.change.out_until(), None, "{outcome:?}");
    }
}

/// A verdict that may be with the tool already would go out beside the newer one's.
#[test]
fn a_verdict_on_its_way_is_not_replaced_and_any_other_is() {
    let supersede = || Act::Supersede { by: other() };
    let mut sent = opened();
    sent.approve("approver-1").system(supersede());
    assert_eq!(sent.change.state(), State::Approved);
    let mut failed = opened();
    failed.approve("approver-1");
    failed.system(Act::AnswerFailed { decision: ToolDecision::Approve, attempt: 1, error: "404".to_owned() }).system(supersede());
    let mut waiting = opened();
    waiting.out = out(&waiting, HOUR_S);
    waiting.approve("approver-1").system(supersede());
    let mut unlocked = Story::opens(GROUPS, strict(Lock::Free));
    unlocked.approve("approver-1").system(supersede());
    let mut polled = Story::opens_as(GROUPS, Ok(strict(Lock::OneAtATime)), without_callback(), None);
    polled.approve("approver-1").system(supersede());
    for replaced in [failed, waiting, unlocked, polled] {
        assert_eq!((replaced.change.state(), replaced.change.out_until()), (State::Superseded, None));
    }
}

fn without_callback() -> crate::request::Request {
    let mut wish = request();
    wish.origin.callback = None;
    wish
}

#[test]
fn another_subject_gives_the_lane_back_and_takes_it_anew() {
    let mut story = opened();
    story.approve("approver-1");
    let mut again = Again::from(request());
    again.subject = Some(Subject { commit: Some("b2c3d4e5f6a7".to_owned()), ..request().subject });
    story.system(Act::Retarget(again));
    assert_eq!((story.change.state(), story.change.out_until()), (State::Pending, None));
    story.out = out(&story, HOUR_S);
    story.approve("approver-2");
    assert_eq!((waits_for(&story).len(), answers(&story)), (1, false));
    story.out = None;
    story.system(Act::HoldsChanged);
    assert_eq!((answers(&story), takes_the_lane(&story)), (true, 2));
}

/// It is the same change in its own lane.
#[test]
fn a_further_run_goes_out_in_the_lane_that_it_has() {
    let mut story = opened();
    story.approve("approver-1").system(Act::Answered { decision: ToolDecision::Approve, attempt: 1, note: String::new() });
    let again = Again { origin: origin("901"), ..Again::from(request()) };
    story.system(Act::Retarget(again));
    assert_eq!((story.change.state(), answers(&story), takes_the_lane(&story)), (State::Approved, true, 1));
    assert!(story.change.out_until().is_some());
}
