//! The vote of a board: majority, turnout, chair, abstentions, and who may vote on it at all.

use crate::decide::fixtures::{GOOD_REASON, Story, board, directory, person, rules};
use crate::event::{BlockReason, Choice, What};
use crate::phase::{Phase, State};
use crate::quorum::{Abstain, Majority, Rejection};
use crate::rules::Rules;
use crate::standing::standing;

const CAB: &str = "cab: a b c d e requester-1, chairs: c, devs: a x, leads: l, owners: w";

/// Five may vote (the requester is in the group too), three have to, c among them.
fn cab() -> Rules {
    board(rules("board: board cab*3"), "a b c d e requester-1", Some("c"))
}

/// `+a -b 0c`: in favour, against, abstained.
fn cast(story: &mut Story, votes: &str) {
    for vote in votes.split_whitespace() {
        let (sign, who) = vote.split_at(1);
        let choice = match sign {
            "+" => Choice::Approve,
            "-" => Choice::Reject,
            _ => Choice::Abstain,
        };
        let ballot = story.ballot(who, choice, GOOD_REASON);
        story.cast(ballot);
    }
}

fn played(rules: Rules, votes: &str) -> Story {
    let mut story = Story::opens(CAB, rules);
    cast(&mut story, votes);
    story
}

#[test]
fn a_board_is_decided_when_no_vote_to_come_could_change_it() {
    let table = [
        ("+a +b", State::Pending),
        ("+a +b +d", State::Pending),
        ("+a +b +d 0c", State::Approved),
        ("+a +b +c", State::Approved),
        ("+a -c +b", State::Pending),
        ("+a -c +b +d", State::Approved),
        ("-a -b -d", State::Rejected),
        ("-a -b +c +d", State::Pending),
        ("-a -b +c +d 0e", State::Rejected),
        ("0a 0b +c", State::Pending),
        ("0a 0b +c +d", State::Approved),
        ("0a 0b 0c 0d +e", State::Approved),
        ("0a 0b 0c 0d 0e", State::Rejected),
    ];
    for (votes, state) in table {
        assert_eq!(played(cab(), votes).change.state(), state, "{votes}");
    }
}

#[test]
fn majority_and_abstentions_are_those_of_the_policy() {
    let table = [
        (Majority::TwoThirds, Abstain::CountsForTurnout, "+a +b +c", State::Pending),
        (Majority::TwoThirds, Abstain::CountsForTurnout, "+a +b +c +d", State::Approved),
        (Majority::TwoThirds, Abstain::CountsForTurnout, "-a -b", State::Rejected),
        (Majority::All, Abstain::CountsForTurnout, "+a +b +c +d 0e", State::Approved),
        (Majority::All, Abstain::CountsForTurnout, "+a +b -c", State::Rejected),
        (Majority::MoreThanHalf, Abstain::DoesNotCount, "0a 0b +c +d", State::Pending),
        (Majority::MoreThanHalf, Abstain::DoesNotCount, "0a 0b +c +d -e", State::Approved),
        (Majority::MoreThanHalf, Abstain::DoesNotCount, "0a 0b 0d", State::Rejected),
    ];
    for (majority, abstain, votes, state) in table {
        let mut rules = cab();
        let quorum = rules.requirements[0].quorum.as_mut().unwrap();
        (quorum.majority, quorum.abstain) = (majority, abstain);
        assert_eq!(played(rules, votes).change.state(), state, "{majority:?} {abstain:?} {votes}");
    }
}

#[test]
fn what_was_voted_down_says_how_and_by_no_one_person() {
    let story = played(cab(), "-a +c -b 0d");
    let why = "board was voted down, with 1 in favour, 2 against and 1 abstained.".to_owned();
    assert_eq!(story.change.phase, Phase::Rejected { by: None, rationale: why });
    assert!(story.last.effects.contains(&crate::effect::Effect::Answer { attempt: 1 }));
}

#[test]
fn one_rejection_ends_it_where_the_board_has_vetoes() {
    let mut rules = cab();
    rules.requirements[0].a_rejection = Rejection::IsAVeto;
    let story = played(rules, "+a -b");
    assert!(matches!(&story.change.phase, Phase::Rejected { by: Some(by), .. } if by == &person("b")));
}

#[test]
fn a_vote_is_changed_until_the_board_is_decided() {
    let mut story = played(cab(), "-a -b +a");
    assert_eq!(story.change.state(), State::Pending);
    let tally = standing(&story.change, &story.directory).requirements[0].tally.unwrap();
    assert_eq!((tally.eligible, tally.in_favour, tally.against), (5, 1, 1));
    cast(&mut story, "+c +d");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn all_of_its_members_may_speak_while_it_is_open() {
    let mut story = played(cab(), "+a +b +d");
    let waiting = |story: &Story| standing(&story.change, &story.directory).waiting_on;
    assert_eq!(waiting(&story), [person("c")].into(), "only the chair is missing");
    cast(&mut story, "+e");
    assert_eq!(story.code(), None, "heard, although it fills no place");
    cast(&mut story, "-c");
    assert_eq!(story.change.state(), State::Approved, "and then it was needed");
}

#[test]
fn the_electorate_is_that_of_the_opening() {
    let mut story = Story::opens(CAB, cab());
    story.directory = directory("cab: a b c d e f, chairs: c f, leads: l, owners: w");
    story.approve("f");
    assert_eq!(story.code(), Some("joined_later"));
    story.approve("requester-1");
    assert_eq!(story.code(), Some("separation_of_duties"));
    cast(&mut story, "+a +b +d");
    story.directory = directory("cab: b c d e f, chairs: c f, leads: l, owners: w");
    cast(&mut story, "+c");
    assert_eq!(story.change.state(), State::Approved, "b, c and d are three of the four that are left");
    assert!(story.log.iter().any(|event| matches!(&event.what, What::VoteStruck { person, .. } if person.as_str() == "a")));
}

#[test]
fn a_board_that_can_never_be_met_is_blocked() {
    for people in ["cab: a b, chairs: b", "cab: a b d e, chairs: c", "cab: requester-1 author-1 b c, chairs: c"] {
        let rules = board(rules("board: board cab*3"), "a b c d e requester-1 author-1", Some("c"));
        let story = Story::opens(people, rules);
        let is_blocked = matches!(
            &story.change.phase,
            Phase::Blocked { why: BlockReason::NobodyCanApprove { requirement, .. } } if requirement.as_str() == "board"
        );
        assert!(is_blocked, "{people}: {:?}", story.change.phase);
    }
}

#[test]
fn nobody_is_added_to_a_board() {
    let mut story = Story::opens(CAB, cab());
    story.after(3_600);
    assert!(story.change.added.is_empty());
    assert!(story.last.events.iter().any(|event| matches!(event.what, What::StepSkipped { step: 1 })));
}

#[test]
fn who_signed_before_votes_on_the_board_where_one_person_may_do_both() {
    let mut rules = board(rules("review: peer devs*1; board: board cab*3"), "a b c d e", Some("c"));
    rules.separation.one_person_one_requirement = false;
    let mut story = played(rules, "+a +b +c");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 }, "what a said as a developer is no vote on the board");
    cast(&mut story, "+a");
    assert_eq!(story.change.state(), State::Approved);
}

#[test]
fn who_counts_elsewhere_is_asked_to_stand_aside() {
    let rules = board(rules("review: peer devs*1; board: board cab*3"), "a b c d", None);
    let mut story = played(rules, "+a +b +c");
    let waiting = |story: &Story| standing(&story.change, &story.directory).waiting_on;
    assert_eq!(waiting(&story), [person("a"), person("d")].into(), "three of four are needed, and a counts for peer");
    cast(&mut story, "-d");
    assert_eq!(story.change.state(), State::Pending, "a can still abstain");
    cast(&mut story, "0a");
    assert_eq!(story.change.state(), State::Approved, "two of the three who did not");
}

#[test]
fn a_rejection_of_who_has_a_veto_elsewhere_is_one_unless_they_say_what_they_mean() {
    let rules = || board(rules("board: board cab*3, peer devs*1"), "a b c d e", None);
    let mut story = played(rules(), "-b");
    assert_eq!(story.change.state(), State::Pending);
    let mut ballot = story.ballot("a", Choice::Reject, GOOD_REASON);
    ballot.requirement = Some("board".into());
    story.cast(ballot);
    assert_eq!((story.code(), story.change.state()), (None, State::Pending));
    assert_eq!(played(rules(), "-a").change.state(), State::Rejected);
}

#[test]
fn one_of_many_does_not_end_the_round() {
    let mut story = Story::opens(CAB, cab());
    let ballot = story.ballot("a", Choice::RequestChanges, GOOD_REASON);
    story.cast(ballot);
    assert_eq!(story.code(), Some("one_of_many"));
    assert_eq!(story.change.round, 1);
}

#[test]
fn where_every_rejection_is_a_vote_a_number_of_people_can_be_voted_down_too() {
    let people = "devs: a b c, ops: o, leads: l, owners: w";
    let mut rules = rules("review: peer devs*2");
    rules.requirements[0].a_rejection = Rejection::IsAVote;
    let table = [("-a", State::Pending), ("-a +b +c", State::Approved), ("-a -b", State::Rejected), ("0a -b", State::Pending)];
    for (votes, state) in table {
        let mut story = Story::opens(people, rules.clone());
        cast(&mut story, votes);
        assert_eq!(story.change.state(), state, "{votes}");
    }
    let mut story = Story::opens(people, rules);
    cast(&mut story, "-a");
    assert_eq!(standing(&story.change, &story.directory).given(), 0);
    story.after(3_600);
    cast(&mut story, "-b +l +c");
    assert_eq!(story.change.state(), State::Approved, "leads were added, so there are enough left");
}
