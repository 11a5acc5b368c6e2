//! Exceptions for gates: who may make one, what it needs, what it does, and how it ends.

use super::gates::{at, held, linted, opens_with, why};
use crate::decide::fixtures::{GOOD_REASON, Story, author, on_call, person, rules};
use crate::event::{Actor, What};
use crate::gate::{GateRule, Needed, Recheck, WaiverRule};
use crate::input::{Act, WaiverWish};
use crate::phase::State;
use crate::request::{Author, Authors};
use crate::rules::Part;
use crate::{Effect, Timestamp, next_wake};

const GROUPS: &str = "devs: a b, security: s requester-1 author-1 f, owners: w f";
const HOUR_S: u64 = 3_600;

fn lint(needs: &[Needed]) -> GateRule {
    let waiver = WaiverRule { by: vec!["security".into()], needs: needs.iter().copied().collect(), longest_s: 4 * HOUR_S };
    GateRule {
        name: "lint".into(),
        fact: "lint.code".into(),
        pass: "fact.errors == 0".to_owned(),
        max_age_s: None,
        recheck: Recheck::BeforeAsking,
        waiver: Some(waiver),
    }
}

fn opens() -> Story {
    opens_with(GROUPS, &[lint(&[Needed::Ticket, Needed::Expiry])])
}

struct Wish<'a> {
    by: &'a str,
    gate: &'a str,
    why: &'a str,
    ticket: &'a str,
    until: Option<Timestamp>,
}

fn wish(by: &str) -> Wish<'_> {
    Wish { by, gate: "lint", why: GOOD_REASON, ticket: "SEC-12", until: Some(at(120)) }
}

fn waive(story: &mut Story, wish: Wish<'_>) {
    let deed = story.deed(wish.by);
    let actor = Actor::Person { id: person(wish.by), via: "console".to_owned() };
    let (gate, rationale, ticket) = (wish.gate.into(), wish.why.to_owned(), wish.ticket.to_owned());
    story.act(actor, Act::WaiveGate(WaiverWish { deed, gate, rationale, ticket, until: wish.until }));
}

fn ended(story: &Story) -> Vec<String> {
    let why = |what: &What| if let What::WaiverEnded { why, .. } = what { Some(why.clone()) } else { None };
    story.log.iter().filter_map(|event| why(&event.what)).collect()
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

#[test]
fn whoever_is_on_duty_makes_an_exception_that_outlasts_the_handover() {
    let mut gate = lint(&[]);
    gate.waiver.as_mut().unwrap().by = vec!["on-call".into()];
    let mut rules = on_call(rules("review: peer devs*1"));
    rules.gates.rules = vec![gate];
    let mut story = Story::opens("devs: a, owners: w, @on-call: o p", rules);
    linted(&mut story, 2);
    waive(&mut story, wish("p"));
    assert_eq!((story.code(), story.change.state()), (Some("may_not_waive"), State::Blocked));
    waive(&mut story, wish("o"));
    story.after(HOUR_S);
    assert_eq!((ended(&story), held(&story).len(), story.change.state()), (Vec::new(), 0, State::Pending));
    waive(&mut story, wish("o"));
    assert_eq!(story.code(), Some("may_not_waive"), "the turn has passed to p");
}

#[test]
fn an_exception_lets_people_be_asked_and_ends_by_itself() {
    let mut story = opens();
    linted(&mut story, 2);
    assert_eq!(story.change.state(), State::Blocked);
    waive(&mut story, wish("s"));
    assert_eq!((story.change.state(), next_wake(&story.change)), (State::Pending, Some(at(120))));
    story.after(2 * HOUR_S - 1);
    assert_eq!(held(&story).len(), 0);
    story.after(1);
    assert_eq!((ended(&story), held(&story).len()), (vec!["its time is over".to_owned()], 1));
    story.approve("a");
    assert!(!answers(&story), "what is agreed waits for the gate again");
    waive(&mut story, Wish { until: Some(at(200)), ..wish("s") });
    assert!(answers(&story));
    assert_eq!(crate::Change::fold(&story.log).unwrap(), story.change);
}

#[test]
fn an_exception_holds_whatever_the_fact_says_or_that_it_is_missing() {
    let mut story = opens();
    waive(&mut story, wish("s"));
    assert_eq!(story.change.state(), State::Pending);
    linted(&mut story, 3);
    story.approve("a");
    assert!(answers(&story));
    let mut before = opens();
    waive(&mut before, wish("s"));
    before.after(2 * HOUR_S);
    assert_eq!((before.change.state(), held(&before)), (State::Pending, vec!["The gate lint waits for the fact lint.code.".to_owned()]));
}

#[test]
fn one_that_ends_before_anybody_was_asked_blocks_again() {
    let mut other = lint(&[]);
    (other.name, other.fact, other.pass) = ("unit".into(), "tests.unit".into(), "fact.failed == 0".to_owned());
    let mut story = opens_with(GROUPS, &[lint(&[]), other]);
    linted(&mut story, 1);
    waive(&mut story, wish("s"));
    assert_eq!((story.change.state(), why(&story)), (State::Gating, String::new()));
    // No timer has run, and something else comes first.
    story.now = at(121);
    story.system(Act::DirectoryChanged);
    assert_eq!((story.change.state(), ended(&story).len()), (State::Blocked, 1));
}

#[test]
fn what_is_wrong_with_an_exception() {
    let table: [(Wish<'_>, &str); 12] = [
        (Wish { gate: "unit", ..wish("s") }, "no_such_gate"),
        (wish("a"), "may_not_waive"),
        (wish("requester-1"), "separation_of_duties"),
        (wish("author-1"), "separation_of_duties"),
        (wish("nobody"), "not_in_directory"),
        (Wish { why: "ok", ..wish("s") }, "rationale_too_short"),
        (Wish { ticket: " ", ..wish("s") }, "waiver_without_ticket"),
        (Wish { until: None, ..wish("s") }, "waiver_without_end"),
        (Wish { until: Some(at(0)), ..wish("s") }, "waiver_in_the_past"),
        (Wish { until: Some(at(241)), ..wish("s") }, "waiver_too_long"),
        (Wish { until: Some(at(-5)), ..wish("s") }, "waiver_in_the_past"),
        (Wish { gate: "Lint", ..wish("s") }, "no_such_gate"),
    ];
    for (wish, code) in table {
        let mut story = opens();
        waive(&mut story, wish);
        assert_eq!((story.code(), story.change.evidence.waivers().count()), (Some(code), 0));
        assert!(story.last.events.iter().all(|event| matches!(event.what, What::Refused(_))));
    }
    let mut plain = lint(&[]);
    plain.waiver = None;
    let mut story = opens_with(GROUPS, &[plain]);
    waive(&mut story, wish("s"));
    assert_eq!(story.code(), Some("nobody_may_waive"));
    let mut story = opens();
    linted(&mut story, 0);
    story.approve("a").system(super::answered(1));
    waive(&mut story, wish("s"));
    assert_eq!(story.code(), Some("no_gates_left"));
}

#[test]
fn what_is_not_needed_may_be_left_out() {
    let mut story = opens_with(GROUPS, &[lint(&[])]);
    waive(&mut story, Wish { ticket: "", until: None, ..wish("s") });
    let waiver = story.change.evidence.waivers().next().unwrap();
    assert_eq!((&waiver.ticket, waiver.until), (&None, at(240)));
}

#[test]
fn the_same_form_sent_twice_is_one_exception() {
    let mut story = opens();
    let deed = story.deed("s");
    let wish = WaiverWish { deed, gate: "lint".into(), rationale: GOOD_REASON.to_owned(), ticket: "SEC-1".to_owned(), until: Some(at(60)) };
    let actor = Actor::Person { id: person("s"), via: "console".to_owned() };
    story.act(actor.clone(), Act::WaiveGate(wish.clone())).act(actor, Act::WaiveGate(wish));
    assert_eq!((story.code(), story.last.events.len()), (Some("repeated"), 0));
}

#[test]
fn nobody_who_had_a_part_makes_one_however_late_that_is_known() {
    let mut story = opens();
    super::gates::supply_by(&mut story, "f");
    waive(&mut story, wish("f"));
    assert_eq!(story.code(), Some("separation_of_duties"), "their facts are what it is about");
    let mut early = crate::decide::fixtures::request();
    early.authors = None;
    let mut asks = rules("review: peer devs*1");
    asks.gates.rules = vec![lint(&[])];
    let mut story = Story::opens_as(GROUPS, Ok(asks), early, None);
    waive(&mut story, wish("s"));
    assert_eq!(story.code(), Some("authors_unknown"));
    let mut story = opens();
    waive(&mut story, wish("s"));
    let joined = Author { person: person("s"), part: Part::CommitCoAuthor, commit: None };
    let commit = story.change.request.subject.commit.clone();
    story.system(Act::AuthorsJoined { commit, authors: Authors { known: vec![joined], unknown: Vec::new() } });
    assert_eq!((ended(&story).len(), held(&story).len()), (1, 1));
}

#[test]
fn a_new_commit_leaves_its_exceptions_behind() {
    let mut story = opens();
    waive(&mut story, wish("s"));
    let mut subject = story.change.request.subject.clone();
    subject.commit = Some("b2b2b2b2b2b2".to_owned());
    let Act::Retarget(again) = super::again("901", "requester-1") else { unreachable!() };
    story.system(Act::Retarget(crate::request::Again { subject: Some(subject), authors: Some(author("author-1")), ..again }));
    assert_eq!((story.change.state(), story.change.evidence.waivers().count()), (State::Gating, 0));
}
