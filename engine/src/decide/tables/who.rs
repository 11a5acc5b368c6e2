//! Who could approve now, and what the others would be told.

use super::{PEOPLE, TWO};
use crate::decide::fixtures::{Story, person, rules};
use crate::decide::{Wanted, World, who};

/// `requirement missing: id=code id` for each open requirement; a trailing `+name` says what they count for.
fn told(story: &Story) -> Vec<String> {
    let world = World { holds: &story.holds, ..World::of(&story.directory) };
    let wanted = who(&story.change, world, story.now).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    wanted.iter().map(line).collect()
}

fn line(wanted: &Wanted) -> String {
    let members = wanted.members.iter().map(|member| {
        let code = member.refusal.as_ref().map(|refusal| format!("={}", refusal.code())).unwrap_or_default();
        let counts = member.counts_for.as_ref().map(|name| format!("+{name}")).unwrap_or_default();
        format!(" {}{code}{counts}", member.person)
    });
    let movers = wanted.movers.iter().map(|person| format!(", moves {person}"));
    format!("{} {}:{}{}", wanted.requirement, wanted.missing, members.collect::<String>(), movers.collect::<String>())
}

#[test]
fn says_who_can_and_why_others_cannot() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    let parts = "author-1=separation_of_duties b c requester-1=separation_of_duties";
    assert_eq!(told(&story), [format!("peer 2: a {parts}")]);
    let before = story.change.clone();
    story.approve("a");
    assert_eq!(told(&story), [format!("peer 1: a=already_voted+peer {parts}")]);
    assert_ne!(story.change, before);
    let before = story.change.clone();
    told(&story);
    assert_eq!(story.change, before, "looking changes nothing");
}

#[test]
fn one_person_counts_once() {
    let mut story = Story::opens("devs: a b, ops: a", rules("review: peer devs*1, operations ops*1"));
    assert_eq!(told(&story), ["peer 1: a b", "operations 1: a"]);
    story.approve("a");
    let open = told(&story);
    // Once b approves, a counts for operations.
    assert_eq!(open, ["operations 1: a=already_voted+peer, moves b"]);
    story.approve("b");
    assert_eq!(story.change.state(), crate::phase::State::Approved);
    let mut story = Story::opens("devs: a, ops: a", rules("review: peer devs*1; operate: operations ops*1"));
    assert!(story.change.open_stage().is_none(), "one person can't fill both: {:?}", story.change.phase);
    story.approve("a");
    assert_eq!(story.code(), Some("not_open"));
}

#[test]
fn only_open_stages_are_asked_and_added_groups_too() {
    let mut story = Story::opens(PEOPLE, rules("review: peer ops*1; operate: security security*1"));
    assert_eq!(told(&story), ["peer 1: o p"]);
    story.after(3_600);
    assert_eq!(told(&story), ["peer 1: l o p"], "leads were added");
    story.approve("l");
    assert_eq!(told(&story), ["security 1: s"]);
}

#[test]
fn too_few_are_seen() {
    let world_of = |story: &Story| who(&story.change, World { holds: &story.holds, ..World::of(&story.directory) }, story.now);
    let mut story = Story::opens("devs: a b c", rules(TWO));
    assert!(!world_of(&story).unwrap()[0].is_short());
    story.directory = crate::decide::fixtures::directory("devs: a");
    assert!(world_of(&story).unwrap()[0].is_short());
    assert_eq!(world_of(&story).unwrap()[0].can().next().unwrap().person, person("a"));
}

#[test]
fn a_change_that_takes_no_votes_says_why() {
    let mut story = Story::opens(PEOPLE, rules(TWO));
    story.reject("a");
    let refusal = who(&story.change, World::of(&story.directory), story.now).unwrap_err();
    assert_eq!(refusal.code(), "not_open");
}
