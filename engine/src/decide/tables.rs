//! What each input does, as tables and short stories.

use super::fixtures::{Story, author, directory, noon, origin, person, request, rules};
use crate::change::{Answer, next_wake};
use crate::effect::Effect;
use crate::event::{BlockReason, ChangeRef, Choice, Counted, DeploymentOutcome, ToolDecision, What};
use crate::ids::{ChangeId, ChangeNumber};
use crate::input::{Act, Previous, Sight, Voter};
use crate::phase::{Phase, State};
use crate::request::{Again, Authors, Initiator};
use crate::rules::{Part, Superseded, UnknownAuthor};
use crate::standing::standing;

const TWO: &str = "review: peer devs*2";
const PEOPLE: &str = "devs: a b c requester-1 author-1, ops: o p, security: s, leads: l, owners: w";

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
        let mut ballot = story.ballot(who, Choice::Approve, super::fixtures::GOOD_REASON);
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
    let ballot = story.ballot("a", Choice::Approve, super::fixtures::GOOD_REASON);
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
    ballot.rationale = super::fixtures::GOOD_REASON.to_owned();
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
    assert_eq!(recorded, super::vote::REFUSALS_PER_MINUTE);
    story.after(61).approve("o");
    assert_eq!(story.code(), Some("not_eligible"));
}

#[test]
fn one_rejection_is_a_veto() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").reject("b");
    assert!(matches!(&story.change.phase, Phase::Rejected { by, .. } if by == &person("b")));
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
fn unknown_people_block() {
    let unknown = Authors { known: Vec::new(), unknown: vec!["author of a1b2c3d4".to_owned()] };
    let mut stranger = request();
    stranger.initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "99".to_owned() };
    let mut ghost = request();
    ghost.authors = Some(unknown.clone());
    let story = Story::opens_as(PEOPLE, Ok(rules(TWO)), stranger, None);
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownInitiator { .. } }));
    let story = Story::opens_as(PEOPLE, Ok(rules(TWO)), ghost.clone(), None);
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownAuthor { .. } }));
    let mut lenient = rules(TWO);
    lenient.separation.unknown_author = UnknownAuthor::InitiatorOnly;
    assert_eq!(Story::opens_as(PEOPLE, Ok(lenient), ghost, None).change.state(), State::Pending);
}

#[test]
fn authors_are_asked_before_people_are() {
    let mut unasked = request();
    unasked.authors = None;
    let mut story = Story::opens_as(PEOPLE, Ok(rules(TWO)), unasked.clone(), None);
    assert_eq!((story.change.state(), &story.last.effects), (State::Gating, &vec![Effect::LookUpAuthors]));
    story.system(Act::AuthorsUnknown { why: "gitlab-main does not answer".to_owned() });
    assert_eq!(story.change.state(), State::Blocked);
    story.system(Act::AuthorsKnown(author("a")));
    assert_eq!(story.change.state(), State::Pending);
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
    let mut only_initiator = rules(TWO);
    only_initiator.separation.excluded = [Part::Initiator].into();
    assert_eq!(Story::opens_as(PEOPLE, Ok(only_initiator), unasked, None).change.state(), State::Pending);
}

#[test]
fn nobody_left_is_said_at_once() {
    let story = Story::opens("devs: a requester-1 author-1, leads: l, owners: w", rules(TWO));
    assert!(
        matches!(&story.change.phase, Phase::Blocked { why: BlockReason::NobodyCanApprove { requirement } } if requirement.as_str() == "peer")
    );
}

#[test]
fn an_explicit_class_that_asks_nobody_is_approved() {
    let story = Story::opens(PEOPLE, rules(""));
    assert_eq!(story.change.state(), State::Approved);
    assert!(story.change.counted.is_empty());
    assert!(story.last.effects.contains(&Effect::ShowCards));
}

#[test]
fn a_rejected_subject_is_not_asked_again() {
    let rejected = Some((person("b"), "it breaks the ledger".to_owned()));
    let previous = Previous { id: ChangeId(uuid::Uuid::from_u128(9)), number: ChangeNumber(1001), rejected };
    let story = Story::opens_as(PEOPLE, Ok(rules(TWO)), request(), Some(previous));
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::AlreadyRejected { .. } }));
}

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
fn late_timers_take_all_due_steps_once() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.after(10_000);
    assert_eq!(story.last.events.len(), 3);
    story.after(1);
    assert!(story.last.events.is_empty());
    assert_eq!(next_wake(&story.change), Some(story.change.expires_at));
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

fn approved() -> Story {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a").approve("b");
    story
}

fn answered(attempt: u32) -> Act {
    Act::Answered { decision: ToolDecision::Approve, attempt, note: "GitLab holds the approval".to_owned() }
}

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

fn again(run: &str, who: &str) -> Act {
    let initiator = Initiator::Person(person(who));
    Act::Retarget(Again { origin: origin(run), sequence: Some(43), initiator, co_initiators: Vec::new() })
}

#[test]
fn whoever_asks_again_is_an_initiator_too() {
    let mut story = Story::opens("devs: a b c d requester-1, leads: l, owners: w", rules(TWO));
    story.approve("a").system(again("901", "a"));
    assert!(story.change.standing_votes().next().is_none(), "the vote is struck");
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
    story.approve("requester-1");
    assert_eq!(story.code(), Some("separation_of_duties"), "the first one stays an initiator");
    story.system(again("901", "b")).approve("b");
    assert_eq!(story.code(), Some("separation_of_duties"), "also without another run");
}

#[test]
fn an_unknown_account_that_asks_again_blocks_until_it_is_linked() {
    let initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "account of c".to_owned() };
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.system(Act::Retarget(Again { origin: origin("901"), sequence: None, initiator, co_initiators: Vec::new() }));
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::UnknownInitiator { .. } }));
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Pending);
    for who in ["c", "requester-1"] {
        story.approve(who);
        assert_eq!(story.code(), Some("separation_of_duties"));
    }
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

#[test]
fn a_changed_directory_blocks_and_unblocks() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.approve("a");
    story.directory = directory("devs: a, leads: l, owners: w");
    story.system(Act::DirectoryChanged);
    assert!(matches!(&story.change.phase, Phase::Blocked { why: BlockReason::NobodyCanApprove { .. } }));
    story.directory = directory("devs: a b, leads: l, owners: w");
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Pending);
    story.approve("b");
    assert_eq!(story.change.state(), State::Approved, "the vote from before the block still stands");
}

#[test]
fn a_linked_account_unblocks() {
    let mut stranger = request();
    stranger.initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "account of requester-1".to_owned() };
    let mut story = Story::opens_as(PEOPLE, Ok(rules(TWO)), stranger, None);
    story.system(Act::DirectoryChanged);
    assert_eq!(story.change.state(), State::Pending);
    story.approve("requester-1");
    assert_eq!(story.code(), Some("separation_of_duties"));
}

#[test]
fn a_change_with_no_rules_waits_for_its_end() {
    let why = BlockReason::UnknownEnvironment { environment: "mars".to_owned() };
    let mut story = Story::opens_as(PEOPLE, Err(why), request(), None);
    assert_eq!(story.change.state(), State::Blocked);
    story.approve("a");
    assert_eq!(story.code(), Some("not_open"));
    story.after(3600);
    assert_eq!(story.change.state(), State::Expired);
}
