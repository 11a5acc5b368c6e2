//! Answers to the tool and what it reports.

use super::{PEOPLE, TWO, again, answered, approved};
use crate::change::Answer;
use crate::decide::fixtures::{Story, rules};
use crate::effect::Effect;
use crate::event::{ChangeRef, DeploymentOutcome, ToolDecision};
use crate::ids::{ChangeId, ChangeNumber};
use crate::input::Act;
use crate::phase::State;

#[test]
fn the_tools_confirmation_releases_once() {
    let mut story = approved();
    story.system(answered(2));
    assert_eq!(story.change.state(), State::Approved, "an answer to another attempt is stale");
    story.system(answered(1));
    assert_eq!(story.change.state(), State::Released);
    story.system(answered(1));
    assert!(story.last.events.is_empty());
}

#[test]
fn a_failed_answer_stands_on_the_change_until_it_succeeds() {
    let mut story = approved();
    let failed = || Act::AnswerFailed { decision: ToolDecision::Approve, attempt: 1, error: "You don't have permission".to_owned() };
    story.system(failed());
    assert!(matches!(&story.change.answer, Answer::Failed { .. }));
    story.system(failed());
    assert!(story.last.events.is_empty());
    story.system(answered(1));
    assert_eq!(story.change.state(), State::Released);
}

#[test]
fn outcomes_by_state() {
    use DeploymentOutcome::{Cancelled, Failure, Success};
    let started = || Act::DeploymentStarted { run: "900".to_owned() };
    let finished = |outcome| Act::DeploymentFinished { run: "900".to_owned(), outcome };
    let cases = [(Success, State::Succeeded), (Failure, State::Failed), (Cancelled, State::Failed)];
    for (outcome, state) in cases {
        let mut story = approved();
        story.system(answered(1)).system(started()).system(finished(outcome));
        assert_eq!(story.change.state(), state);
    }
    for (outcome, unapproved) in [(Success, 1), (Failure, 0), (Cancelled, 0)] {
        let mut story = Story::opens(PEOPLE, rules(TWO));
        story.system(finished(outcome));
        assert_eq!((story.change.state(), story.change.unapproved.len()), (State::Cancelled, unapproved));
    }
    let mut story = approved();
    story.system(Act::DeploymentFinished { run: "800".to_owned(), outcome: Failure });
    assert_eq!(story.change.state(), State::Approved, "an earlier run says nothing about this one");
}

#[test]
fn a_start_without_a_release_is_recorded_once_and_told() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.system(Act::DeploymentStarted { run: "900".to_owned() });
    assert!(story.last.effects.iter().any(|effect| matches!(effect, Effect::TellOwners { .. })));
    assert_eq!(story.change.state(), State::Pending);
    story.system(Act::DeploymentStarted { run: "900".to_owned() });
    assert!(story.last.events.is_empty());
}

#[test]
fn a_verdict_that_was_overtaken_is_no_unapproved_deployment() {
    let by = ChangeRef { id: ChangeId(uuid::Uuid::from_u128(2)), number: ChangeNumber(1043) };
    let mut story = approved();
    story.system(Act::Supersede { by }).system(Act::DeploymentStarted { run: "900".to_owned() });
    assert!(story.last.events.is_empty() && story.last.effects.is_empty());
}

#[test]
fn a_retried_job_is_a_further_attempt_of_the_same_approval() {
    let retarget = |run: &str| again(run, "requester-1");
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.system(retarget("900"));
    assert!(story.last.events.is_empty(), "the same run again");
    story.system(retarget("901"));
    assert_eq!((story.change.attempt, story.change.state()), (1, State::Pending));
    let mut story = approved();
    story.system(answered(1)).system(retarget("901"));
    assert_eq!((story.change.attempt, story.change.state()), (2, State::Approved));
    assert!(story.last.effects.contains(&Effect::Answer { attempt: 2 }));
}

#[test]
fn what_the_tool_shows_belongs_to_its_attempt() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    let reported = |attempt: u32| Act::Reported { attempt, words: "it waits".to_owned() };
    story.system(reported(1));
    assert_eq!((story.change.reports.as_slice(), story.last.effects.len()), (&["it waits".to_owned()][..], 0));
    story.system(reported(2));
    assert_eq!(story.last.events.len(), 0, "there is no such attempt");
    story.system(again("901", "requester-1"));
    assert_eq!(story.change.reports.len(), usize::from(story.change.attempt == 1), "a further attempt was told nothing yet");
}
