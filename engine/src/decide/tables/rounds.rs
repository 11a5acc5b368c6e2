//! Votes that are changed or taken back, drafts, and the rounds that follow them.

use crate::decide::fixtures::{GOOD_REASON, Story, person, request, rules};
use crate::event::{Actor, Attempt, BlockReason, Choice, What};
use crate::fields::{FieldKind, FieldRule, FieldValue, Fields};
use crate::ids::InteractionId;
use crate::input::{Act, Deed, Sight, Submission, Voter};
use crate::phase::{Phase, State, Unfinished};
use crate::refusal::Refusal;

const GROUPS: &str = "devs: approver-1 approver-2 approver-3, ops: approver-3, leads: manager-1";

pub(super) fn deed(story: &Story, who: &str, click: &str) -> Deed {
    Deed {
        by: Voter::Person(person(who)),
        seen: Sight { round: story.change.round, digest: None },
        via: "slack".to_owned(),
        interaction: InteractionId::from(click),
    }
}

pub(super) fn by(who: &str) -> Actor {
    Actor::Person { id: person(who), via: "slack".to_owned() }
}

#[test]
fn a_vote_can_be_changed_and_taken_back_until_its_stage_is_decided() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*2; operate: run devs*1"));
    let abstains = |story: &mut Story, who: &str| {
        let ballot = story.ballot(who, Choice::Abstain, "I do not know this part of the system");
        story.cast(ballot);
    };
    story.approve("approver-1");
    abstains(&mut story, "approver-1");
    assert_eq!(story.code(), None);
    assert_eq!(story.change.standing_votes().count(), 1);
    story.approve("approver-1");
    let back = deed(&story, "approver-1", "back");
    story.act(by("approver-1"), Act::WithdrawVote(back));
    assert_eq!(story.change.standing_votes().count(), 0);
    let twice = deed(&story, "approver-1", "back again");
    story.act(by("approver-1"), Act::WithdrawVote(twice));
    assert_eq!(story.code(), Some("no_vote_of_yours"));
    story.approve("approver-1").approve("approver-2");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 });
    let late = deed(&story, "approver-1", "late");
    story.act(by("approver-1"), Act::WithdrawVote(late));
    assert_eq!(story.code(), Some("stage_decided"));
    abstains(&mut story, "approver-2");
    assert_eq!(story.code(), Some("stage_decided"));
}

#[test]
fn requested_changes_begin_the_next_round_without_the_votes_of_the_last() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*2"));
    story.approve("approver-1");
    let ballot = story.ballot("approver-2", Choice::RequestChanges, "Please add a way back first");
    story.cast(ballot);
    assert_eq!((story.change.state(), story.change.round), (State::Draft, 2));
    assert!(matches!(story.change.phase, Phase::Draft { why: Unfinished::ChangesRequested { .. } }));
    let early = story.ballot("approver-3", Choice::Approve, GOOD_REASON);
    story.cast(early);
    assert_eq!(story.code(), Some("not_open"));
    let submits = |story: &Story, who: &str, note: &str, click: &str| {
        Act::Submit(Submission { deed: deed(story, who, click), fields: Fields::new(), note: note.to_owned() })
    };
    let foreign = submits(&story, "approver-3", "The way back is described now", "a");
    story.act(by("approver-3"), foreign);
    assert_eq!(story.code(), Some("not_yours"));
    let empty = submits(&story, "requester-1", "", "b");
    story.act(by("requester-1"), empty);
    assert_eq!(story.code(), Some("rationale_too_short"));
    let good = submits(&story, "requester-1", "The way back is described now", "c");
    story.act(by("requester-1"), good);
    assert_eq!((story.change.state(), story.change.round, story.change.standing_votes().count()), (State::Pending, 2, 0));
    let mut stale = story.ballot("approver-1", Choice::Approve, GOOD_REASON);
    stale.seen.round = 1;
    story.cast(stale);
    assert_eq!(story.code(), Some("changed_since_seen"));
    story.approve("approver-1").approve("approver-2");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn another_subject_of_the_same_wish_is_the_next_round() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*2"));
    story.approve("approver-1");
    let mut newer = request();
    newer.subject.artifacts.insert("image".to_owned(), "sha256:22".to_owned());
    story.system(Act::Retarget(newer.clone().into()));
    assert_eq!((story.change.round, story.change.attempt, story.change.standing_votes().count()), (2, 2, 0));
    assert_eq!((story.change.state(), &story.change.subject_digest), (State::Pending, &newer.subject.digest()));
    story.system(Act::Retarget(newer.into()));
    assert!(story.last.events.is_empty());
}

#[test]
fn another_subject_of_what_no_rule_judges_stays_blocked() {
    let why = BlockReason::NoClass;
    let mut story = Story::opens_as(GROUPS, Err(why.clone()), request(), None);
    let mut newer = request();
    newer.subject.artifacts.insert("image".to_owned(), "sha256:22".to_owned());
    story.system(Act::Retarget(newer.into()));
    assert_eq!((&story.change.phase, story.change.round), (&Phase::Blocked { why }, 2));
}

#[test]
fn who_asks_again_for_what_is_approved_takes_their_vote_along() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*2"));
    story.approve("approver-1").approve("approver-2");
    story.system(super::again("901", "approver-2"));
    assert_eq!((story.change.phase.clone(), story.change.attempt), (Phase::Pending { stage: 0 }, 2));
    story.approve("approver-3");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn missing_fields_ask_the_requester_before_anybody_else() {
    let mut asked = rules("review: peer devs*1");
    asked.fields = vec![FieldRule::of("backout_plan", FieldKind::Text { min_length: 10, reject_boilerplate: false })];
    let mut story = Story::opens(GROUPS, asked);
    assert_eq!(story.change.state(), State::Draft);
    let before = story.change.subject_digest.clone();
    let submission = |story: &Story, text: &str, click: &str| {
        let fields = [("backout_plan".to_owned(), FieldValue::Text(text.to_owned()))].into();
        Act::Submit(Submission { deed: deed(story, "requester-1", click), fields, note: String::new() })
    };
    let short = submission(&story, "no", "a");
    story.act(by("requester-1"), short);
    assert!(matches!(&story.last.refusal, Some(Refusal::FieldsUnfit { faults }) if faults.len() == 1));
    let good = submission(&story, "roll the deployment back", "b");
    story.act(by("requester-1"), good);
    assert_eq!((story.change.state(), story.change.round), (State::Pending, 1));
    assert_ne!(story.change.subject_digest, before, "what is written is approved with the rest");
}

#[test]
fn what_is_sent_has_to_fit_and_the_rest_is_asked_again() {
    let mut asked = rules("review: peer devs*1");
    let text = |name: &str| FieldRule::of(name, FieldKind::Text { min_length: 10, reject_boilerplate: false });
    asked.fields = vec![text("summary"), text("backout_plan"), text("test_evidence")];
    let mut story = Story::opens(GROUPS, asked);
    let missing = |story: &Story| {
        let Phase::Draft { why: Unfinished::FieldsMissing { fields } } = &story.change.phase else { panic!("{:?}", story.change.phase) };
        fields.clone()
    };
    let mut clicks = 0;
    let mut sends = |story: &mut Story, answers: &[(&str, &str)]| {
        clicks += 1;
        let fields = answers.iter().map(|(name, text)| ((*name).to_owned(), FieldValue::Text((*text).to_owned()))).collect();
        let deed = deed(story, "requester-1", &format!("form {clicks}"));
        story.act(by("requester-1"), Act::Submit(Submission { deed, fields, note: String::new() }));
    };
    assert_eq!(missing(&story), ["summary", "backout_plan", "test_evidence"]);
    sends(&mut story, &[("summary", "faster validation"), ("backout_plan", "no")]);
    assert!(matches!(&story.last.refusal, Some(Refusal::FieldsUnfit { faults }) if faults.len() == 1 && faults[0].name == "backout_plan"));
    sends(&mut story, &[]);
    assert!(matches!(&story.last.refusal, Some(Refusal::FieldsUnfit { faults }) if faults.len() == 3));
    sends(&mut story, &[("summary", "faster validation")]);
    assert_eq!(missing(&story), ["backout_plan", "test_evidence"]);
    sends(&mut story, &[("backout_plan", "roll the deployment back"), ("test_evidence", "all of them are green")]);
    assert_eq!((story.change.state(), story.change.request.subject.fields.len()), (State::Pending, 3));
}

#[test]
fn who_may_not_withdraw_hears_it_before_writing_a_reason() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    let asks = |story: &mut Story, who: &str, click: &str| {
        let deed = deed(story, who, click);
        story.act(by(who), Act::AskWithdraw(deed));
        story.code().map(str::to_owned)
    };
    assert_eq!(asks(&mut story, "approver-1", "a").as_deref(), Some("not_yours"));
    assert_eq!(asks(&mut story, "requester-1", "b"), None);
    assert_eq!(story.change.state(), State::Pending);
    story.approve("approver-1").system(super::answered(1));
    assert_eq!(asks(&mut story, "requester-1", "c").as_deref(), Some("out_already"));
}

#[test]
fn only_the_requester_withdraws() {
    let mut story = Story::opens(GROUPS, rules("review: peer devs*1"));
    for (who, reason, code) in [
        ("approver-1", "no longer wanted at all", Some("not_yours")),
        ("requester-1", "x", Some("rationale_too_short")),
        ("requester-1", "no longer wanted at all", None),
    ] {
        let deed = deed(&story, who, &format!("{who} {reason}"));
        story.act(by(who), Act::Withdraw { deed, rationale: reason.to_owned() });
        assert_eq!(story.code(), code);
    }
    assert_eq!(story.change.state(), State::Cancelled);
    assert!(story.log.iter().any(|event| matches!(&event.what, What::Refused(refused) if refused.attempt == Attempt::Withdraw)));
}
