//! Gates: what facts do to a change before people are asked, while they vote, and at the release.

use crate::decide::fixtures::{Story, noon, person, rules};
use crate::event::{Actor, BlockReason, What};
use crate::fact::{self, Fact};
use crate::gate::{GateRule, Recheck};
use crate::hold::Hold;
use crate::input::{Act, Supply};
use crate::phase::{Phase, State};
use crate::{Effect, Timestamp, next_wake};
use serde_json::{Value, json};

const GROUPS: &str = "devs: a b, owners: w";
const HOUR_S: u64 = 3_600;

fn gate(name: &str, fact: &str, pass: &str, max_age_h: Option<u64>, recheck: Recheck) -> GateRule {
    let max_age_s = max_age_h.map(|hours| hours * HOUR_S);
    GateRule { name: name.into(), fact: fact.into(), pass: pass.to_owned(), max_age_s, recheck, waiver: None }
}

fn unit(recheck: Recheck) -> GateRule {
    gate("unit", "tests.unit", "fact.total > 0 && fact.failed == 0", Some(2), recheck)
}

fn lint() -> GateRule {
    gate("lint", "lint.code", "fact.errors == 0", None, Recheck::BeforeAsking)
}

fn opens(gates: &[GateRule]) -> Story {
    opens_with(GROUPS, gates)
}

pub(super) fn opens_with(groups: &str, gates: &[GateRule]) -> Story {
    let mut rules = rules("review: peer devs*1");
    rules.escalation.clear();
    rules.gates.rules = gates.to_vec();
    Story::opens(groups, rules)
}

pub(super) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_micros(noon().micros() + minutes * 60_000_000).unwrap()
}

fn measured(name: &str, value: &Value, observed_at: Timestamp, by: &str) -> Fact {
    let (name, fields) = fact::read(name, value).unwrap();
    Fact { name, fields, observed_at, by: person(by) }
}

fn supply(story: &mut Story, fact: Fact) {
    supply_about(story, fact, None);
}

fn supply_about(story: &mut Story, fact: Fact, about: Option<&str>) {
    let act = Act::SupplyFact(Supply { fact, about: about.map(str::to_owned), interaction: "fact-1".into() });
    story.act(Actor::Token { id: "t".to_owned() }, act);
}

fn tests(story: &mut Story, failed: u64, minutes: i64) {
    supply(story, measured("tests.unit", &json!({ "total": 10, "failed": failed }), at(minutes), "w"));
}

pub(super) fn linted(story: &mut Story, errors: u64) {
    supply(story, measured("lint.code", &json!({ "errors": errors }), at(0), "w"));
}

/// A fact that no gate asks about, by this person.
pub(super) fn supply_by(story: &mut Story, by: &str) {
    supply(story, measured("tests.unit", &json!({ "total": 1, "failed": 0 }), at(0), by));
}

pub(super) fn why(story: &Story) -> String {
    let Phase::Blocked { why } = &story.change.phase else { return String::new() };
    why.sentence()
}

fn answers(story: &Story) -> bool {
    story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

pub(super) fn held(story: &Story) -> Vec<String> {
    story.change.holds.iter().filter_map(Hold::gate).map(crate::gate::Trouble::sentence).collect()
}

fn fold_is_the_state(story: &Story) {
    assert_eq!(crate::Change::fold(&story.log).unwrap(), story.change);
    let written = serde_json::to_string(&story.log).unwrap();
    assert_eq!(serde_json::from_str::<Vec<crate::Event>>(&written).unwrap(), story.log);
}

#[test]
fn nobody_is_asked_before_every_gate_passes() {
    let mut story = opens(&[unit(Recheck::BeforeAsking), lint()]);
    assert_eq!((story.change.state(), story.last.effects.contains(&Effect::ShowCards)), (State::Gating, true));
    story.approve("a");
    assert_eq!(story.code(), Some("not_open"));
    tests(&mut story, 0, 0);
    assert_eq!(story.change.state(), State::Gating);
    linted(&mut story, 0);
    assert_eq!(story.change.state(), State::Pending);
    story.approve("a");
    assert!(answers(&story));
    fold_is_the_state(&story);
}

#[test]
fn a_gate_that_fails_blocks_and_says_on_which_values() {
    let mut story = opens(&[unit(Recheck::BeforeAsking), lint()]);
    story.now = at(5);
    tests(&mut story, 3, 0);
    assert_eq!(story.change.state(), State::Blocked);
    assert_eq!(
        why(&story),
        "The gate unit fails: tests.unit says failed 3, total 10, and it needs fact.total > 0 && fact.failed == 0. \
         The gate lint waits for the fact lint.code. Mend what fails, measure again and supply the new fact."
    );
    assert!(!story.last.effects.iter().any(|effect| matches!(effect, Effect::TellOwners { .. })), "the policy is not to blame");
    tests(&mut story, 0, 1);
    assert_eq!(story.change.state(), State::Gating, "what is left only waits");
    linted(&mut story, 0);
    assert_eq!(story.change.state(), State::Pending);
    fold_is_the_state(&story);
}

#[test]
fn unknown_never_passes() {
    let base = gate("coverage", "tests.coverage", "fact.line_percent >= fact.base_percent", None, Recheck::BeforeAsking);
    let mut story = opens(&[base]);
    supply(&mut story, measured("tests.coverage", &json!({ "line_percent": 90 }), at(0), "w"));
    assert!(why(&story).starts_with("The gate coverage can’t be judged: fact.base_percent is not known."), "{}", why(&story));
    let mut story = opens(&[gate("lint", "lint.code", "1 / fact.errors > 0", None, Recheck::BeforeAsking)]);
    linted(&mut story, 0);
    assert_eq!(story.change.state(), State::Blocked);
    let mut story = opens(&[gate("odd", "no.such.fact", "fact.a == 1", None, Recheck::BeforeAsking)]);
    linted(&mut story, 0);
    assert_eq!(story.change.state(), State::Gating, "another fact says nothing about it");
}

#[test]
fn a_fact_may_be_too_old_from_the_start_or_grow_so() {
    let mut story = opens(&[unit(Recheck::BeforeAsking), lint()]);
    tests(&mut story, 0, -121);
    assert!(
        why(&story).contains("waits for a newer tests.unit: this one is of 23 Nov 2026, 10:29 UTC and counts for 2 hours."),
        "{}",
        why(&story)
    );
    tests(&mut story, 0, -60);
    assert_eq!((story.change.state(), next_wake(&story.change)), (State::Gating, Some(at(60))));
    story.after(HOUR_S);
    assert_eq!((story.change.state(), next_wake(&story.change)), (State::Blocked, Some(story.change.expires_at)));
    linted(&mut story, 0);
    assert_eq!(story.change.state(), State::Blocked);
    tests(&mut story, 0, 59);
    assert_eq!(story.change.state(), State::Pending);
    fold_is_the_state(&story);
}

#[test]
fn once_people_are_asked_only_gates_that_are_rechecked_grow_old() {
    for (recheck, holds) in [(Recheck::BeforeAsking, 0), (Recheck::AtRelease, 1)] {
        let mut story = opens(&[unit(recheck)]);
        tests(&mut story, 0, 0);
        let wakes = if holds == 1 { at(120) } else { story.change.expires_at };
        assert_eq!(next_wake(&story.change), Some(wakes));
        story.now = at(120);
        story.approve("a");
        assert_eq!((story.change.state(), held(&story).len(), answers(&story)), (State::Approved, holds, holds == 0), "{recheck:?}");
        fold_is_the_state(&story);
    }
}

#[test]
fn a_newer_fact_lets_go_what_an_old_one_held() {
    let mut story = opens(&[unit(Recheck::AtRelease)]);
    tests(&mut story, 0, 0);
    story.after(2 * HOUR_S);
    assert_eq!(held(&story), ["The gate unit waits for a newer tests.unit: this one is of 23 Nov 2026, 12:30 UTC and counts for 2 hours."]);
    story.approve("a");
    assert!(!answers(&story));
    tests(&mut story, 0, 119);
    assert_eq!((held(&story), answers(&story)), (vec![], true));
    fold_is_the_state(&story);
}

#[test]
fn a_fact_that_fails_holds_whoever_has_voted() {
    for recheck in [Recheck::BeforeAsking, Recheck::AtRelease] {
        let mut story = opens(&[unit(recheck)]);
        tests(&mut story, 0, 0);
        story.now = at(5);
        tests(&mut story, 1, 1);
        assert_eq!((story.change.state(), held(&story).len()), (State::Pending, 1), "votes go on");
        story.approve("a");
        assert_eq!((story.change.state(), answers(&story)), (State::Approved, false));
        tests(&mut story, 0, 2);
        assert!(answers(&story));
    }
}

#[test]
fn the_newest_measurement_counts_however_facts_come() {
    let mut story = opens(&[unit(Recheck::BeforeAsking)]);
    story.now = at(5);
    tests(&mut story, 1, 0);
    let seq = story.change.last_seq;
    tests(&mut story, 0, -5);
    tests(&mut story, 1, 0);
    assert_eq!((story.change.state(), story.change.last_seq), (State::Blocked, seq), "an older one, and the same once more, say nothing");
    tests(&mut story, 0, 1);
    tests(&mut story, 1, 0);
    assert_eq!((story.change.state(), held(&story).len()), (State::Pending, 0));
}

#[test]
fn a_new_commit_leaves_its_facts_behind() {
    let mut story = opens(&[unit(Recheck::BeforeAsking)]);
    tests(&mut story, 0, 0);
    story.approve("a");
    let mut subject = story.change.request.subject.clone();
    subject.commit = Some("b2b2b2b2b2b2".to_owned());
    let Act::Retarget(again) = super::again("901", "requester-1") else { unreachable!() };
    story.system(Act::Retarget(crate::request::Again { subject: Some(subject), authors: story.change.authors.clone(), ..again }));
    assert_eq!((story.change.state(), story.change.evidence.facts().count()), (State::Gating, 0));
    fold_is_the_state(&story);
}

#[test]
fn a_class_that_asks_nobody_waits_for_its_gates_all_the_same() {
    let mut nobody = rules("");
    nobody.gates.rules = vec![lint()];
    let mut story = Story::opens(GROUPS, nobody);
    assert_eq!((story.change.state(), answers(&story)), (State::Gating, false));
    linted(&mut story, 1);
    assert_eq!(story.change.state(), State::Blocked);
    story.now = at(1);
    supply(&mut story, measured("lint.code", &json!({ "errors": 0 }), at(1), "w"));
    assert_eq!((story.change.state(), answers(&story)), (State::Approved, true));
}

#[test]
fn what_is_wrong_with_a_fact_is_refused() {
    let fact = |minutes, by| measured("tests.unit", &json!({ "total": 1, "failed": 0 }), at(minutes), by);
    let mut story = opens(&[lint()]);
    linted(&mut story, 0);
    story.approve("a");
    let table = [(fact(0, "a"), None, "no_gates_left"), (fact(0, "w"), None, "no_gates_left")];
    story.system(super::answered(1));
    for (fact, about, code) in table {
        supply_about(&mut story, fact, about);
        assert_eq!(story.code(), Some(code));
    }
    let mut rules = rules("review: peer devs*2");
    rules.gates.rules = vec![lint()];
    let mut story = Story::opens("devs: a b c, owners: w", rules);
    linted(&mut story, 0);
    story.approve("a");
    let table = [
        (fact(0, "a"), None, Some("voted_on_it")),
        (fact(2, "w"), None, Some("fact_of_the_future")),
        (fact(0, "w"), Some("a1b2c3"), Some("fact_of_another_subject")),
        (fact(0, "w"), Some("b1b2c3d"), Some("fact_of_another_subject")),
        (fact(0, "w"), Some("A1B2C3D"), None),
        (fact(1, "w"), None, None),
    ];
    for (fact, about, code) in table {
        supply_about(&mut story, fact, about);
        assert_eq!(story.code(), code, "{about:?}");
    }
    let observed: Vec<Timestamp> = story.change.evidence.facts().map(|fact| fact.observed_at).collect();
    assert!(observed.iter().all(|at| *at <= story.now), "a clock that is ahead makes no fact younger");
}

#[test]
fn nobody_decides_by_their_own_facts() {
    let mut story = opens(&[lint()]);
    supply(&mut story, measured("lint.code", &json!({ "errors": 0 }), at(0), "a"));
    story.approve("a");
    assert_eq!(story.code(), Some("separation_of_duties"));
    story.approve("b");
    assert_eq!(story.change.state(), State::Approved);
    let mut alone = opens(&[lint()]);
    supply(&mut alone, measured("lint.code", &json!({ "errors": 0 }), at(0), "a"));
    supply(&mut alone, measured("tests.unit", &json!({ "total": 1, "failed": 0 }), at(0), "b"));
    assert!(matches!(&alone.change.phase, Phase::Blocked { why: BlockReason::NobodyCanApprove { .. } }), "{:?}", alone.change.phase);
}

#[test]
fn authors_who_are_not_known_yet_are_asked_for_while_gates_wait() {
    let mut request = crate::decide::fixtures::request();
    request.authors = None;
    let mut rules = rules("review: peer devs*1");
    rules.gates.rules = vec![lint()];
    let mut story = Story::opens_as(GROUPS, Ok(rules), request, None);
    assert!(story.last.effects.contains(&Effect::LookUpAuthors));
    let authors = crate::decide::fixtures::author("author-1");
    let commit = story.change.request.subject.commit.clone();
    story.system(Act::AuthorsKnown { commit, authors });
    assert_eq!(story.change.state(), State::Gating);
    linted(&mut story, 0);
    assert_eq!(story.change.state(), State::Pending);
    assert!(story.log.iter().any(|event| matches!(event.what, What::AuthorsKnown { .. })));
}
