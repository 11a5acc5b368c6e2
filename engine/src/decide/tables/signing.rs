//! Signatures that are given blind, and signatures that are given only where people sign in.

use crate::decide::fixtures::{GOOD_REASON, Story, person, rules};
use crate::event::{Choice, What};
use crate::phase::{Phase, State};
use crate::rules::Rules;
use crate::sealed::{as_shown, is_left_out, is_sealed};
use crate::standing::standing;

const PEOPLE: &str = "devs: a b requester-1, ops: o p, security: s, leads: l, owners: w";

/// One of ops and one of security, neither seeing the other.
fn blind() -> Rules {
    let mut rules = rules("authorise: technical ops*1, business security*1; release: release leads*1");
    for requirement in rules.requirements.iter_mut().filter(|requirement| requirement.name.as_str() != "release") {
        requirement.blind = true;
    }
    rules
}

fn shown_votes(story: &Story) -> Vec<String> {
    let shown = as_shown(&story.change, &story.directory);
    shown.votes.iter().map(|vote| vote.voted.person.to_string()).collect()
}

#[test]
fn votes_of_a_blind_stage_are_shown_when_all_are_in() {
    let mut story = Story::opens(PEOPLE, blind());
    story.approve("o");
    assert!(shown_votes(&story).is_empty());
    let shown = as_shown(&story.change, &story.directory);
    assert_eq!(standing(&shown, &story.directory).given(), 0, "nor does a count tell");
    assert_eq!(standing(&story.change, &story.directory).given(), 1);
    assert!(is_sealed(&story.change, &story.directory, &story.change.votes[0]));
    assert!(story.log.iter().any(|event| matches!(&event.what, What::Voted(voted) if voted.rationale == GOOD_REASON)), "the log keeps it");
    story.approve("s");
    assert_eq!(story.change.phase, Phase::Pending { stage: 1 });
    assert_eq!(shown_votes(&story), ["o", "s"]);
    story.approve("l");
    assert_eq!(shown_votes(&story), ["o", "s", "l"]);
}

#[test]
fn what_is_left_out_is_known_by_its_event() {
    let mut story = Story::opens(PEOPLE, blind());
    story.approve("o");
    let left_out = |story: &Story| {
        let shown = as_shown(&story.change, &story.directory);
        let votes = story.log.iter().filter_map(|event| if let What::Voted(voted) = &event.what { Some(voted) } else { None });
        votes.map(|voted| is_left_out(&shown, voted)).collect::<Vec<_>>()
    };
    assert_eq!(left_out(&story), [true]);
    story.approve("s");
    assert_eq!(left_out(&story), [false, false]);
}

#[test]
fn an_end_opens_what_was_sealed() {
    for end in ["veto", "time"] {
        let mut story = Story::opens(PEOPLE, blind());
        story.approve("o");
        match end {
            "veto" => story.reject("s"),
            _ => story.after(24 * 3_600),
        };
        assert!(story.change.state().is_end());
        assert_eq!(shown_votes(&story)[0], "o", "{end}");
    }
}

#[test]
fn a_vote_that_is_struck_seals_the_others_again() {
    let mut story = Story::opens(PEOPLE, blind());
    story.approve("o").approve("s");
    story.directory = crate::decide::fixtures::directory("devs: a, ops: p, security: s, leads: l, owners: w");
    story.system(crate::input::Act::DirectoryChanged);
    assert!(shown_votes(&story).is_empty(), "p signs now, and is not to know what s said");
    story.approve("p");
    assert_eq!(shown_votes(&story), ["o", "s", "p"]);
}

/// One of devs anywhere, one of ops signed in.
fn step_up() -> Rules {
    let mut rules = rules("review: peer devs*1, operations ops*1");
    rules.requirements[1].step_up = true;
    rules
}

#[test]
fn what_needs_a_sign_in_is_refused_elsewhere_whatever_it_says() {
    for choice in [Choice::Approve, Choice::Reject, Choice::RequestChanges, Choice::Abstain] {
        let mut story = Story::opens(PEOPLE, step_up());
        for via in ["slack", "discord", "api", "generic"] {
            let mut ballot = story.ballot("o", choice, GOOD_REASON);
            ballot.via = via.to_owned();
            story.cast(ballot);
            assert_eq!(story.code(), Some("needs_sign_in"), "{choice:?} by {via}");
        }
        assert_eq!(story.change.standing_votes().count(), 0);
        let mut ballot = story.ballot("o", choice, GOOD_REASON);
        ballot.via = "console".to_owned();
        story.cast(ballot);
        assert_eq!(story.code(), None, "{choice:?}");
    }
}

#[test]
fn the_others_sign_as_ever_and_nobody_slips_through() {
    let both = "devs: a o, ops: o p, leads: l, owners: w";
    for exclusive in [true, false] {
        let mut rules = step_up();
        rules.separation.one_person_one_requirement = exclusive;
        let mut story = Story::opens(both, rules);
        story.approve("o");
        let counted = standing(&story.change, &story.directory).requirements;
        assert_eq!((counted[0].counted.clone(), counted[1].counted.len()), (vec![person("o")], 0), "o signed as a developer alone");
        assert_eq!(story.change.state(), State::Pending);
        assert!(standing(&story.change, &story.directory).waiting_on.contains(&person("p")));
        let mut ballot = story.ballot("p", Choice::Approve, GOOD_REASON);
        ballot.via = "console".to_owned();
        story.cast(ballot);
        assert_eq!(story.change.state(), State::Approved);
    }
}

#[test]
fn a_sign_in_is_no_reason_why_somebody_could_not_approve() {
    let story = Story::opens(PEOPLE, step_up());
    let world = crate::decide::World::of(&story.directory);
    let wanted = crate::decide::who(&story.change, world, story.now).unwrap();
    assert_eq!(wanted[1].can().count(), 2);
}
