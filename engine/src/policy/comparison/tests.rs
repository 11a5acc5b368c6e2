//! Edits of a policy, what each is said to be, and what it comes to.

use super::ways::WAYS;
use super::*;
use crate::difference::Weight::{Looser, Neither, Stricter};
use crate::policy::editor::FILE;
use crate::policy::samples::SPINE;
use crate::policy::shape::Shape;

fn document(text: &str) -> Document<'_> {
    Document { file: "policy.yaml", text }
}

fn differences_to(text: &str) -> Vec<Difference> {
    compare(document(SPINE), document(text)).unwrap_or_else(|report| panic!("{report:#?}"))
}

/// What the edit comes to, and what undoing it does.
fn edited(old: &str, new: &str) -> (Vec<Difference>, Vec<Difference>) {
    let text = SPINE.replacen(old, new, 1);
    assert_ne!(text, SPINE, "{old}");
    let back = compare(document(&text), document(SPINE)).unwrap();
    (differences_to(&text), back)
}

#[test]
fn nothing_differs_where_only_the_writing_does() {
    let table = [
        ("expire_after: 7d", "expire_after: 1w"),
        ("version: 1\nname: payments\n", "name: payments\nversion: 1\n"),
        ("unknown_author: block\n", "\n"),
        ("a_rejection: is_a_veto\n", "\n"),
        ("[initiator, approver]", "[approver, initiator]"),
        ("from: [security, platform-owners], count: 1", "count: 1, from: [platform-owners, security]"),
        ("from: [payments-devs], count: 1", "from: [payments-devs], count: 1, blind: false"),
        ("# A policy of a small", "# The policy of a small"),
    ];
    for (old, new) in table {
        assert_eq!(edited(old, new), (Vec::new(), Vec::new()), "{old} → {new}");
    }
}

#[test]
fn each_difference_is_weighed_both_ways() {
    let table = [
        ("from: [payments-owners], count: 2", "from: [payments-owners], count: 3", "requirements owners", Stricter, Looser),
        ("from: [security, platform-owners]", "from: [security]", "requirements security", Stricter, Looser),
        ("from: [security, platform-owners]", "from: [payments-devs]", "requirements security", Looser, Looser),
        ("[payments-devs], count: 1 }", "[payments-devs], count: 1, step_up: true }", "requirements peer", Stricter, Looser),
        ("    when: \"change.class == 'major'\"\n    stage", "    stage", "requirements owners", Stricter, Looser),
        ("when: \"change.class == 'major'\"\n", "when: \"change.class != 'normal'\"\n", "requirements owners", Looser, Looser),
        (
            "stage: review\n    approve: { from: [security",
            "stage: release\n    approve: { from: [security",
            "requirements security",
            Neither,
            Neither,
        ),
        (
            "  - name: owners\n",
            "  - { name: more, stage: review, approve: { from: [security], count: 1 } }\n  - name: owners\n",
            "requirements more",
            Stricter,
            Looser,
        ),
        ("    - [merger, approver]\n", "", "separation_of_duties never_same_person", Looser, Stricter),
        (
            "one_person_one_requirement: true",
            "one_person_one_requirement: false",
            "separation_of_duties one_person_one_requirement",
            Looser,
            Stricter,
        ),
        ("unknown_author: block", "unknown_author: initiator_only", "separation_of_duties unknown_author", Looser, Stricter),
        ("is_a_veto", "is_a_vote", "a_rejection", Looser, Stricter),
        ("expire_after: 7d", "expire_after: 1d", "defaults expire_after", Stricter, Looser),
        (
            "approve: { required: true, min_length: 15 }",
            "approve: { required: true, min_length: 20 }",
            "defaults rationale",
            Stricter,
            Looser,
        ),
        ("  service: { criticality: tier-2, owners: [payments-devs] }\n", "", "defaults service", Stricter, Looser),
        ("match: [\"stage-*\", \"review/*\"]", "match: [\"stage-*\"]", "environments staging", Looser, Looser),
        ("    promote_when: [lint]\n", "", "environments staging", Looser, Stricter),
        ("max_age: 24h", "max_age: 12h", "gates lint", Stricter, Looser),
        ("fact.errors == 0", "fact.errors == 1", "gates lint", Looser, Looser),
        ("min_length: 20 }", "min_length: 10 }", "fields summary", Looser, Stricter),
        ("    summary: { type: text, min_length: 20 }\n", "", "fields summary", Looser, Stricter),
        ("file:security", "file:payments-devs", "groups security", Looser, Looser),
        ("notify: false", "notify: true", "groups operations-leads", Neither, Neither),
        ("major: [review, release]", "major: [[review, release]]", "flows major", Looser, Looser),
        ("after: 15m", "after: 20m", "escalations critical", Looser, Looser),
        ("payments-dev: [staging]", "payments-all: [staging]", "notifications channels", Neither, Neither),
        ("longest: 12h", "longest: 13h", "incidents stop_the_line", Looser, Looser),
        ("from: \"09:00\", to: \"17:30\"", "from: \"09:00\", to: \"18:30\"", "calendars vienna", Looser, Looser),
        ("payment_systems: [checkout, ledger]", "payment_systems: [checkout]", "lists payment_systems", Looser, Looser),
        ("owners: [platform-owners]", "owners: [security]", "owners", Looser, Looser),
    ];
    for (old, new, place, there, back) in table {
        let (differences, undone) = edited(old, new);
        let found = |all: &[Difference]| all.iter().map(|one| (one.place(), one.weight)).collect::<Vec<_>>();
        assert_eq!(found(&differences), [(place.to_owned(), there)], "{old} → {new}");
        assert_eq!(found(&undone), [(place.to_owned(), back)], "{new} → {old}");
    }
}

#[test]
fn differences_are_said_in_the_sentences_of_cards() {
    let table = [
        (
            "from: [payments-owners], count: 2",
            "from: [payments-owners], count: 3",
            "requirements owners is now: 3 people from payments-owners. It applies where change.class == 'major'. \
             It was: 2 people from payments-owners. It applies where change.class == 'major'.",
        ),
        (
            "    - [merger, approver]\n",
            "",
            "separation_of_duties never_same_person is now: The approvers are others than the requester and the authors. \
             It was: The approvers are others than the requester, the authors and whoever merged it.",
        ),
        (
            "stage: review\n    approve: { from: [security",
            "stage: release\n    approve: { from: [security",
            "stage release. It was: 1 person from security",
        ),
        ("expire_after: 7d", "expire_after: 1d", "defaults expire_after is now: A change that nobody decided ends after 1 day. It was"),
        ("major: [review, release]", "major: [[review, release]]", "flows major is now: The stages are review and release. It was"),
        (
            "    summary: { type: text, min_length: 20 }\n",
            "",
            "fields summary is gone: The requester writes “Summary”. At least 20 characters.",
        ),
        ("to: \"17:30\"", "to: \"18:30\"", "Open mon, tue, wed, thu and fri from 09:00 to 18:30 (Europe/Vienna)"),
        ("max_age: 24h", "max_age: 12h", "gates lint is now: The fact lint.code has to say fact.errors == 0, not older than 12 hours."),
        ("after: 15m", "after: 20m", "After 20 minutes: everybody who can still approve is reminded."),
    ];
    for (old, new, expected) in table {
        let (differences, _) = edited(old, new);
        assert!(differences[0].sentence().contains(expected), "{}", differences[0].sentence());
    }
}

#[test]
fn another_order_counts_where_the_first_one_is_taken() {
    let (major, preapproved) = (
        "  - { name: major, when: \"service.criticality == 'tier-0' && environment == 'production'\" }\n",
        "  - { name: pre-approved, when: \"change.template in ['feature-flag-off', 'scale-out'] && environment == 'staging'\" }\n",
    );
    let (differences, _) = edited(&format!("{preapproved}{major}"), &format!("{major}{preapproved}"));
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0].weight, Looser);
    assert_eq!(differences[0].sentence(), "The order of classes is now major, pre-approved, normal. It was pre-approved, major, normal.");
}

/// What comes and goes with a freeze, and what lifts it.
#[test]
fn a_freeze_is_stricter_and_its_exceptions_are_looser() {
    let freeze = |rest: &str| format!("{SPINE}\nfreezes:\n  - {{ name: year-end, from: 2026-12-18T18:00, to: 2027-01-04T08:00{rest} }}\n");
    let table = [
        ("", ", lets_through: [emergency]", Looser),
        ("", ", override: { by: operations-leads, count: 2 }", Looser),
        (", override: { by: operations-leads, count: 2 }", ", override: { by: operations-leads }", Looser),
        (", override: { by: operations-leads }", ", override: { by: operations-leads, rationale: { min_length: 40 } }", Stricter),
        (", where: \"environment == 'production'\"", "", Stricter),
    ];
    for (before, after, expected) in table {
        let found = compare(document(&freeze(before)), document(&freeze(after))).unwrap();
        assert_eq!(found.iter().map(|one| one.weight).collect::<Vec<_>>(), [expected], "{before} → {after}");
    }
    let later = freeze("").replace("2027-01-04", "2027-01-05");
    assert_eq!(compare(document(&freeze("")), document(&later)).unwrap()[0].weight, Stricter);
    let added = differences_to(&freeze(", override: { by: operations-leads, count: 2 }"));
    assert_eq!(
        added[0].sentence(),
        "freezes year-end is new: Nothing goes out from 18 Dec 2026, 18:00 to 4 Jan 2027, 08:00 (Europe/Berlin). \
         2 people from operations-leads can override it, each with a reason."
    );
}

#[test]
fn what_this_build_does_not_enforce_is_compared_too() {
    let table = [("records: { keep: 1y }\n", "records: { keep: 2y }\n"), ("", "synthetics: { every: 10m }\n")];
    for (before, after) in table {
        let text = |rest: &str| format!("{SPINE}\n{rest}");
        let found = compare(document(&text(before)), document(&text(after))).unwrap();
        assert_eq!(found.iter().map(|one| one.weight).collect::<Vec<_>>(), [Looser], "{before} → {after}");
    }
}

#[test]
fn a_file_with_faults_is_not_compared() {
    let faulty = SPINE.replacen("count: 2", "count: 0", 1);
    assert!(compare(document(SPINE), document(&faulty)).is_err_and(|report| report.faults().count() == 1));
    assert!(compare(document("]"), document(SPINE)).is_err());
}

/// A row about a key that the language does not have would never be used.
#[test]
fn every_row_is_about_a_key() {
    fn leads_somewhere(shape: Shape, path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else { return true };
        match shape {
            Shape::Table(table) => {
                // A table that names nothing has its keys for parts.
                let own = table.shapes.iter().filter(|(name, ..)| *first == "*" || name == first);
                own.into_iter().any(|(_, shape, _)| leads_somewhere(*shape, rest))
            }
            Shape::Named(inner, _) | Shape::List(inner, _) => *first == "*" && leads_somewhere(*inner, rest),
            Shape::Either(shapes) => shapes.iter().any(|shape| leads_somewhere(*shape, path)),
            Shape::Flag
            | Shape::Text
            | Shape::AnyText
            | Shape::Number
            | Shape::Whole(_)
            | Shape::NumberWithin(..)
            | Shape::Length
            | Shape::WallTime
            | Shape::Date
            | Shape::Condition
            | Shape::Nothing
            | Shape::Words(_) => false,
        }
    }
    for (pattern, _) in WAYS {
        assert!(leads_somewhere(Shape::Table(&FILE), &pattern.split('.').collect::<Vec<_>>()), "{pattern}");
    }
}
