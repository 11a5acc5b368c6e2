//! Boards: closing early never decides otherwise than when all have voted, in whatever order they do.

use super::sound::{had_a_part, may_sign};
use crate::decide::fixtures::{GOOD_REASON, Story, board, person, rules};
use crate::decide::properties::history::{PEOPLE, any_abstain, any_majority};
use crate::event::Choice;
use crate::ids::PersonId;
use crate::phase::State;
use crate::quorum::{Abstain, Majority, Quorum};
use crate::rules::Requirement;
use proptest::prelude::*;

const MEMBERS: [&str; 6] = ["a", "b", "c", "d", "l", "o"];

/// Whether so many in favour are enough even if everybody else who does not abstain is against; reckoned by hand.
pub fn carries(story: &Story, requirement: &Requirement, quorum: &Quorum, in_favour: usize) -> bool {
    let rules = story.change.rules.as_ref().unwrap();
    let people = PEOPLE.into_iter().map(person);
    let voters = people.filter(|who| may_sign(story, who, &requirement.name) && !had_a_part(&story.change, rules, who));
    let abstains = |who: &PersonId| {
        let last = story.change.standing_votes().rfind(|vote| &vote.voted.person == who);
        last.is_some_and(|vote| vote.voted.choice == Choice::Abstain)
    };
    is_majority(quorum.majority, in_favour, voters.filter(|who| !abstains(who)).count())
}

fn is_majority(majority: Majority, in_favour: usize, voters: usize) -> bool {
    in_favour > 0
        && match majority {
            Majority::MoreThanHalf => 2 * in_favour > voters,
            Majority::TwoThirds => 3 * in_favour >= 2 * voters,
            Majority::All => in_favour == voters,
        }
}

/// What everybody's votes come to, all counted at once.
fn full_count(quorum: &Quorum, turnout: usize, choices: &[Choice]) -> State {
    let count = |wanted| choices.iter().filter(|choice| **choice == wanted).count();
    let (yes, no, abstained) = (count(Choice::Approve), count(Choice::Reject), count(Choice::Abstain));
    let took_part = if quorum.abstain == Abstain::CountsForTurnout { yes + no + abstained } else { yes + no };
    if is_majority(quorum.majority, yes, yes + no) && took_part >= turnout { State::Approved } else { State::Rejected }
}

fn any_choice() -> impl Strategy<Value = Choice> {
    prop::sample::select(vec![Choice::Approve, Choice::Reject, Choice::Abstain])
}

proptest! {
    #![proptest_config(super::cases())]

    #[test]
    fn closing_early_decides_as_the_full_count_would(
        choices in prop::collection::vec(any_choice(), 1..=MEMBERS.len()), majority in any_majority(), abstain in any_abstain(),
        turnout in any::<prop::sample::Index>(), chair in prop::option::of(any::<prop::sample::Index>()),
        order in Just((0..MEMBERS.len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let members = &MEMBERS[..choices.len()];
        let turnout = 1 + turnout.index(members.len());
        let chair = chair.map_or("", |which| members[which.index(members.len())]);
        let must_vote = (!chair.is_empty()).then_some(chair);
        let mut rules = board(rules(&format!("board: board cab*{turnout}")), &members.join(" "), must_vote);
        let quorum = rules.requirements[0].quorum.as_mut().unwrap();
        (quorum.majority, quorum.abstain) = (majority, abstain);
        let expected = full_count(quorum, turnout, &choices);
        let mut story = Story::opens(&format!("cab: {}, chairs: {chair}, leads: w, owners: w", members.join(" ")), rules);
        for who in order.into_iter().filter(|who| *who < members.len()) {
            let ballot = story.ballot(members[who], choices[who], GOOD_REASON);
            story.cast(ballot);
            let state = story.change.state();
            prop_assert!(state == State::Pending || state == expected, "6: {state:?} too early, and {expected:?} in full");
        }
        prop_assert_eq!(story.change.state(), expected, "6: all have voted");
    }
}
