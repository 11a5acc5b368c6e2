//! What tests of a file may say, and what they find out.

use super::{Tried, load};
use crate::policy::Document;

const POLICY: &str = r#"
version: 1
name: tried
owners: [leads]
defaults: { service: {}, time_zone: Europe/Berlin, rationale: { approve: { required: true, min_length: 90 } } }
groups:
  leads: { from: "file:leads" }
  developers: { from: "file:developers" }
  operations: { from: "file:operations" }
  cab: { from: "file:cab" }
  cab-chair: { from: "file:chairs" }
environments: { production: {}, staging: { promote_when: [unit] } }
gates: { unit: { fact: tests.unit, pass: "fact.failed == 0" } }
fields: { all: { plan: { type: text, min_length: 20 } } }
attributes: { enterprise: { type: bool, default: false } }
classes:
  - { name: automatic, when: "change.template == 'scale-out' && risk.score < 20" }
  - { name: major, when: "change.data_classes.exists(c, c == 'pci')" }
  - { name: normal, when: "true" }
requirements:
  - { name: peer, stage: review, when: "change.class != 'automatic'", approve: { from: [developers], count: 2 } }
  - { name: operations, stage: operate, when: "change.class == 'major'", approve: { from: [operations], count: 1, step_up: true } }
  - name: board
    when: "change.enterprise"
    stage: board
    quorum: { of: cab, electorate: eligible_at_opening, majority: more_than_half, turnout: 3, must_vote: cab-chair }
flows: { automatic: [], normal: [review], major: [review, operate, board] }
freezes:
  - { name: year-end, where: "environment == 'production'", from: 2026-12-18T18:00, to: 2027-01-04T08:00 }
tests:
"#;

fn tried(test: &str) -> Tried {
    load(Document { file: "policy.yaml", text: &format!("{POLICY}  - {{ name: it, {test} }}\n") }, None)
}

/// As `environment: …` beside `given`, and what is expected.
fn differences(given: &str, expected: &str) -> Vec<String> {
    let tried = tried(&format!("given: {{ environment: production{given} }}, expect: {{ {expected} }}"));
    let [outcome] = tried.outcomes.as_slice() else { panic!("not one test was run: {:#?}", tried.report) };
    assert_eq!(outcome.differences.is_empty(), tried.policy.is_some(), "a file whose tests fail does not load");
    outcome.differences.clone()
}

#[test]
fn whoever_a_test_puts_into_a_roster_is_on_duty() {
    let policy = POLICY.replace("fields:", "duty: { ops-on-call: { provider: file, schedule: operations } }\nfields:");
    let policy = policy.replace("{ from: [operations], count: 1, step_up: true }", "{ from: [ops-on-call], count: 2 }");
    let outcome = |test: &str| {
        let text = format!("{policy}  - {{ name: it, given: {{ environment: production, change: {{ data_classes: [pci] }}, {test} }}\n");
        let tried = load(Document { file: "policy.yaml", text: &text }, None);
        tried.outcomes.iter().map(|outcome| outcome.differences.clone()).collect::<Vec<_>>()
    };
    assert_eq!(outcome("votes: all_needed }, expect: { state: approved, release: granted }"), [Vec::<String>::new()]);
    let voter = "votes: [{ by: ops-1, as: operations, choice: approve }, { by: operations-1, as: peer, choice: approve }] }";
    assert_eq!(outcome(&format!("{voter}, expect: {{ state: pending, refused: [ops-1], because: not_eligible }}")), [Vec::<String>::new()]);
}

#[test]
fn what_comes_as_expected_loads() {
    let cases = [
        ("", "class: normal, flow: normal, requirements: [peer], state: pending, release: refused, holds: []"),
        (", service: { data_classes: [pci] }", "class: major, requirements: [operations, peer]"),
        (", change: { data_classes: [pci], enterprise: true }", "requirements: [peer, operations, board]"),
        (", change: { data_classes: [pci], enterprise: true }, votes: all_needed", "state: approved, release: granted"),
        (", votes: all_needed", "state: approved, release: granted, holds: []"),
        (", change: { template: scale-out }", "class: automatic, requirements: [], state: approved, release: granted"),
        (", change: { template: scale-out }, risk: { score: 40 }", "class: normal"),
        (", change: { template: scale-out }, unknown: [risk.score]", "state: blocked, because: unknown"),
        (
            ", change: { authors: [dev-1] }, votes: [{ by: dev-1, as: peer, choice: approve }]",
            "refused: [dev-1], because: separation_of_duties",
        ),
        (", votes: [{ by: dev-1, as: peer, choice: approve }, { by: dev-2, as: peer, choice: reject }]", "refused: [], state: rejected"),
        (", at: 2026-12-22T11:00, votes: all_needed", "state: approved, holds: [year-end], release: refused"),
        (", at: [2026-12-18T17:59, 2026-12-18T18:00]", "holds: [[], [year-end]]"),
    ];
    for (given, expected) in cases {
        assert_eq!(differences(given, expected), Vec::<String>::new(), "{given} → {expected}");
    }
    let gated = tried("given: { environment: staging, votes: all_needed }, expect: { state: approved, release: granted }");
    assert!(gated.policy.is_some(), "gates pass and fields are filled in: {:?}", gated.outcomes);
}

#[test]
fn what_does_not_is_said() {
    let cases = [
        ("", "class: major", "class should be major, and is normal"),
        ("", "flow: major", "flow should be major, and is normal"),
        ("", "requirements: [peer, operations]", "requirements should be [operations, peer], and is [peer]"),
        ("", "state: approved", "state should be approved, and is pending"),
        (", votes: all_needed", "release: refused", "release should be refused, and is granted"),
        ("", "because: unknown", "because should be unknown, and is nothing"),
        (", votes: [{ by: a, as: peer, choice: approve }]", "refused: [a]", "refused should be [a], and is []"),
        (", at: [2026-12-18T17:59, 2026-12-19T18:00]", "holds: [[], []]", "at time 2: holds should be [], and is [year-end]"),
    ];
    for (given, expected, said) in cases {
        assert_eq!(differences(given, expected), [said], "{given} → {expected}");
    }
    let blocked = differences(", change: { template: scale-out }, unknown: [risk.score]", "class: normal");
    assert!(blocked[1].starts_with("it was blocked: The condition of class automatic could not be evaluated"), "{blocked:?}");
}

#[test]
fn a_test_that_can_not_be_read_has_a_place() {
    let cases = [
        ("given: {}, expect: {}", "environment"),
        ("given: { environment: production, change: { data_clases: [pci] } }, expect: {}", "no condition can ask about change.data_clases"),
        ("given: { environment: production, change: { has_migration: maybe } }, expect: {}", "change.has_migration is true or false"),
        ("given: { environment: production, change: { class: major } }, expect: {}", "no condition can ask about change.class"),
        ("given: { environment: production, unknown: [risk.scare] }, expect: {}", "no condition can ask about risk.scare"),
        ("given: { environment: production, at: tomorrow }, expect: {}", "this should be a wall time"),
        ("given: { environment: production, votes: some }, expect: {}", "all_needed"),
        ("given: { environment: production, votes: [{ by: a, as: pear, choice: approve }] }, expect: {}", "there is no requirement “pear”"),
        ("given: { environment: production }, expect: { state: done }", "done"),
        ("given: { environment: production, at: [2026-12-18T17:59, 2026-12-19T18:00] }, expect: { holds: [[]] }", "the test has 2 times"),
        ("given: { environment: production }, expect: { klass: major }", "klass"),
    ];
    for (test, said) in cases {
        let tried = tried(test);
        assert!(tried.policy.is_none() && tried.outcomes.is_empty(), "{test}");
        let faults: Vec<String> = tried.report.faults().map(ToString::to_string).collect();
        assert!(faults.iter().any(|fault| fault.starts_with("policy.yaml:31:") && fault.contains(said)), "{test}: {faults:#?}");
    }
}
