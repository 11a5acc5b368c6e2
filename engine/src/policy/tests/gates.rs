//! `gates` and `promote_when`: what is wrong with one, and which gates a change gets.

use super::faults::check as check_faults;
use crate::gate::{GateRule, Recheck};
use crate::ids::GateName;
use crate::policy::Severity;
use crate::policy::samples::{SPINE, directory, load_text, noon, policy, request};
use crate::request::{Attributes, Request};

/// The sample's production, which names no gate.
const PRODUCTION: &str = "    match: [\"prod-*\", \"production-*\", \"production/*\"]\n";
/// The sample's own gate.
const GATES: &str = "gates:\n";
const UNIT: &str = "  unit: { fact: tests.unit, pass: \"fact.failed == 0\" }\n";

/// The sample whose production needs these gates.
fn with(gates: &str, promote_when: &str) -> String {
    SPINE.replace(GATES, &format!("{GATES}{gates}")).replace(PRODUCTION, &format!("{PRODUCTION}    promote_when: [{promote_when}]\n"))
}

fn pinned(text: &str, request: &Request) -> Vec<GateRule> {
    policy(text).route(request, &directory(), noon()).rules.unwrap().gates.rules
}

fn names(text: &str, request: &Request) -> Vec<String> {
    pinned(text, request).into_iter().map(|gate| gate.name.to_string()).collect()
}

#[test]
fn the_gates_of_the_environment_are_pinned_in_its_order() {
    let more = format!("{UNIT}  drift: {{ fact: iac.drift, pass: \"fact.changed == 0\", max_age: 1h, recheck: at_release }}\n");
    let gates = pinned(&with(&more, "drift, unit"), &request());
    let expected = GateRule {
        name: GateName::new("drift"),
        fact: "iac.drift".into(),
        pass: "fact.changed == 0".to_owned(),
        max_age_s: Some(3_600),
        recheck: Recheck::AtRelease,
        waiver: None,
    };
    assert_eq!((gates.len(), &gates[0], gates[1].recheck), (2, &expected, Recheck::BeforeAsking));
    let staging = Request { environment: "staging".to_owned(), ..request() };
    assert_eq!(names(&with(&more, "drift, unit"), &staging), ["lint"], "another environment has gates of its own");
}

#[test]
fn only_the_lists_that_gates_name_are_pinned() {
    let builder = "  signed: { fact: supply.attestation, pass: \"fact.verified && fact.builder in builders\" }\n";
    let text = with(builder, "signed").replace("lists:\n", "lists:\n  builders: [\"https://ci.example.com\"]\n");
    let gates = policy(&text).route(&request(), &directory(), noon()).rules.unwrap().gates;
    assert_eq!(gates.lists.into_iter().collect::<Vec<_>>(), [("builders".to_owned(), vec!["https://ci.example.com".to_owned()])]);
}

#[test]
fn a_gate_is_for_the_changes_of_its_condition_and_those_that_nobody_knows() {
    let migrates = Request { attributes: Attributes { has_migration: true, ..Attributes::default() }, ..request() };
    let table = [("change.has_migration", true, false), ("environment == 'staging'", false, false), ("change.size > 10", true, true)];
    for (when, of_migration, of_other) in table {
        let text = with(&UNIT.replace("fact:", &format!("when: \"{when}\", fact:")), "unit");
        assert_eq!((names(&text, &migrates).len() == 1, names(&text, &request()).len() == 1), (of_migration, of_other), "{when}");
    }
}

#[test]
fn what_is_wrong_with_a_gate() {
    let table = [
        ("‸{ pass: \"true\" }", ": name what the gate goes by: one of fact, probe, external"),
        ("{ fact: ‸tests.unti, pass: \"true\" }", FACTS),
        ("‸{ fact: tests.unit }", ": “pass” is missing"),
        ("{ fact: tests.unit, pass: \"‸fact.faild == 0\" }", ".pass: there is no name fact.faild; did you mean fact.failed?"),
        ("{ fact: tests.unit, pass: \"‸fact.errors == 0\" }", ".pass: there is no name fact.errors"),
        ("{ fact: tests.unit, pass: \"‸change.size > 0\" }", ".pass: there is no name change.size"),
        ("{ fact: tests.unit, pass: \"fact.total ‸== 'a'\" }", ".pass: a number and text don’t go together"),
        (
            "{ fact: tests.performance, pass: \"fact.p95_ms < fact.base_p95_ms ‸* 2\" }",
            ".pass: a whole number and a fraction can’t be calculated with each other; write 2.0 for 2, or double(…)",
        ),
        ("{ fact: tests.unit, pass: \"‸fact.total\" }", ".pass: a condition is true or false, this one is a number"),
        ("{ fact: tests.unit, pass: \"true\", max_age: ‸0s }", ".max_age: a fact that is too old at once never passes"),
        ("{ fact: tests.unit, pass: \"true\", recheck: ‸always }", ".recheck: “always” is not one of at_release"),
        ("{ fact: tests.unit, when: \"‸fact.total > 0\", pass: \"true\" }", ".when: there is no name fact.total"),
        ("{ fact: tests.unit, ‸factor: a, pass: \"true\" }", ".factor: there is no key “factor” here; did you mean fact?"),
    ];
    for (gate, expected) in table {
        let marked = format!("{GATES}  broken: {gate}\n");
        let faults = format!("gates.broken{expected}");
        check_faults(&[(GATES, &marked, &faults)]);
    }
    check_faults(&[(
        PRODUCTION,
        &format!("{PRODUCTION}    promote_when: [‸lnt]\n"),
        "environments.production.promote_when[0]: there is no gate “lnt”; did you mean lint?",
    )]);
}

const FACTS: &str = ".fact: “tests.unti” is not one of tests.unit, tests.integration, tests.coverage, tests.performance, lint.code, iac.lint, iac.drift, scan.sast, scan.dast, tracker.defects, db.migration, supply.attestation; did you mean tests.unit?";

#[test]
fn what_is_wrong_with_a_waiver() {
    let table = [
        ("‸{ by: security }", ": “longest” is missing"),
        ("‸{ longest: 1d }", ": “by” is missing"),
        ("{ by: ‸securty, longest: 1d }", ".by: there is no group “securty”; did you mean security?"),
        ("{ by: [security, ‸securty], longest: 1d }", ".by[1]: there is no group “securty”; did you mean security?"),
        ("{ by: ‸[], longest: 1d }", ".by: name at least one group that may waive the gate"),
        ("{ by: security, longest: ‸0h }", ".longest: an exception that ends at once waives nothing"),
        ("{ by: security, longest: 1d, needs: [ticket, ‸end] }", ".needs[1]: “end” is not one of ticket, expiry"),
    ];
    for (waiver, expected) in table {
        let marked = format!("{GATES}  broken: {{ fact: lint.code, pass: \"true\", waiver: {waiver} }}\n");
        check_faults(&[(GATES, &marked, &format!("gates.broken.waiver{expected}"))]);
    }
}

#[test]
fn who_may_waive_a_gate_is_pinned_with_the_gate() {
    let table = [
        ("by: security, longest: 1d", 2, 1),
        ("by: [security, payments-owners], needs: [ticket], longest: 1d", 1, 2),
        ("by: security, needs: [], longest: 1d", 0, 1),
    ];
    for (waiver, needs, by) in table {
        let text = with(&UNIT.replace(" }", &format!(", waiver: {{ {waiver} }} }}")), "unit");
        let rules = policy(&text).route(&request(), &directory(), noon()).rules.unwrap();
        let waiver = rules.gates.rules[0].waiver.clone().unwrap();
        assert_eq!((waiver.needs.len(), waiver.by.len(), waiver.longest_s), (needs, by, 86_400));
        assert!(waiver.by.iter().all(|group| rules.groups.contains_key(group)));
    }
}

#[test]
fn what_is_said_of_a_gate_that_can_be_used() {
    const PLAIN: &str = "valid, not enforced by this build";
    let probe = "  canary: { probe: { prometheus: p, query: q }, pass: \"value < 0.01\" }\n";
    let external = "  model: { external: { url: \"https://opa.internal\", timeout: 5s }, pass: \"reply.decision == 'allow'\" }\n";
    let table = [
        (probe, "canary", Severity::NotEnforced, "gates.canary.probe", PLAIN),
        (external, "model", Severity::NotEnforced, "gates.model.external", PLAIN),
        (UNIT, "lint", Severity::Warning, "gates.unit", "no environment names this gate in its promote_when, so no change needs it"),
    ];
    for (gate, promote_when, severity, path, message) in table {
        let loaded = load_text(&with(gate, promote_when));
        let told: Vec<_> = loaded.report.findings.iter().map(|one| (one.severity, one.path.as_str(), one.message.as_str())).collect();
        assert_eq!(told, [(severity, path, message)]);
        assert!(loaded.policy.is_some());
    }
}

#[test]
fn a_change_that_needs_a_gate_of_another_kind_is_blocked() {
    let probe = "  canary: { probe: { prometheus: p, query: q }, pass: \"value < 0.01\" }\n";
    let blocked = policy(&with(probe, "canary")).route(&request(), &directory(), noon()).rules.unwrap_err();
    assert!(blocked.sentence().contains("gate canary"), "{}", blocked.sentence());
}
