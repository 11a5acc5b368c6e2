//! What is said of a policy that can be used: warnings, and what this build does not enforce.

use crate::policy::samples::{SPINE, directory, load_text};
use crate::policy::{Document, Report, Severity, load};

fn told(report: &Report) -> Vec<(Severity, &str, &str)> {
    report.findings.iter().map(|finding| (finding.severity, finding.path.as_str(), finding.message.as_str())).collect()
}

/// Each row: what is replaced, by what, and the one finding; the policy still loads.
fn check(severity: Severity, table: &[(&str, &str, &str, &str)]) {
    for (old, new, path, message) in table {
        assert_eq!(SPINE.matches(old).count(), 1, "{old}");
        let loaded = load_text(&SPINE.replace(old, new));
        assert_eq!(told(&loaded.report), [(severity, *path, *message)], "{old} → {new}");
        assert!(loaded.policy.is_some());
    }
}

#[test]
fn what_is_not_enforced_is_said_once_for_each_key() {
    const PLAIN: &str = "valid, not enforced by this build";
    const NO_ICAL: &str = "this build reads no calendar files; list the closed days";
    let blocks = [
        "directory",
        "delegation",
        "fallback",
        "emergency",
        "verdict",
        "rollback",
        "itsm",
        "records",
        "access_reviews",
        "adaptive",
        "synthetics",
    ];
    for block in blocks {
        let loaded = load_text(&format!("{SPINE}{block}: {{ anything: [1, true] }}\n"));
        assert_eq!(told(&loaded.report), [(Severity::NotEnforced, block, PLAIN)]);
    }
    check(
        Severity::NotEnforced,
        &[
            ("    approve: { required: true", "    chips: [other]\n    approve: { required: true", "defaults.rationale.chips", PLAIN),
            ("services:\n", "services:\n  backstage: [\"catalog/*.yaml\"]\n", "services.backstage", PLAIN),
            ("notify: false", "notify: false, review_every: quarter", "groups.operations-leads.review_every", PLAIN),
            ("superseded: reject", "targets: []", "environments.production.targets", PLAIN),
            ("- [merger, approver]", "- [deployer, approver]", "separation_of_duties.never_same_person[3]", PLAIN),
            ("- [merger, approver]", "- [approver, policy_editor_last_7d]", "separation_of_duties.never_same_person[3]", PLAIN),
            ("- [merger, approver]", "- [merger, deployer]", "separation_of_duties.never_same_person[3]", PLAIN),
            ("unknown_author: block", "service_account_counts_as: its_owner", "separation_of_duties.service_account_counts_as", PLAIN),
            (
                "do: add, who: operations-leads, via: [chat_dm]",
                "do: add, who: operations-leads, via: [page]",
                "escalations.critical.steps[1].via[0]",
                PLAIN,
            ),
            ("closed: [2026-11-26]", "closed: { ical: us.ics }", "calendars.new-york.closed.ical", NO_ICAL),
            (
                "type: list, of: text, min_items: 1",
                "type: ticket, system: servicenow, create_if_missing: true",
                "fields.all.affected_systems",
                "a field of type ticket: valid, not enforced by this build",
            ),
            ("incidents:\n", "incidents:\n  sources: [pagerduty]\n", "incidents.sources", PLAIN),
            ("incidents:\n", "incidents:\n  pause_when: \"incident.open\"\n", "incidents.pause_when", PLAIN),
            ("incidents:\n", "incidents:\n  resume: { after_resolved_for: 15m }\n", "incidents.resume", PLAIN),
            ("one_card_per_change: true", "one_card_per_change: false", "notifications.one_card_per_change", PLAIN),
            (
                "\"file:operations-leads\"",
                "\"okta:leads\"",
                "groups.operations-leads.from",
                "its people were not checked: this build has no directory source “okta”",
            ),
        ],
    );
}

#[test]
fn no_count_is_judged_against_people_that_were_not_checked() {
    let text = SPINE.replace("\"file:payments-owners\"", "\"okta:owners\"").replace("count: 2", "count: 9");
    let loaded = load_text(&text);
    assert!(loaded.policy.is_some(), "{:?}", loaded.report);
    assert_eq!(loaded.report.not_enforced().count(), 1);
}

#[test]
fn without_a_directory_people_are_not_checked() {
    let text = SPINE.replace("count: 2", "count: 9").replace("file:security", "file:nobody");
    let loaded = load(Document { file: "p", text: &text }, None);
    assert!(loaded.policy.is_some());
    assert_eq!(told(&loaded.report), [(Severity::Warning, "groups", "its people were not checked: no directory was given")]);
    assert!(load(Document { file: "p", text: &text }, Some(&directory())).policy.is_none());
}

#[test]
fn what_is_allowed_but_odd_is_a_warning() {
    check(
        Severity::Warning,
        &[
            (
                "    - [initiator, approver]\n",
                "",
                "separation_of_duties.never_same_person",
                "[initiator, approver] is not listed, so these people may approve their own change",
            ),
            ("  normal: [review]\n", "  normal: [review]\n  spare: [review]\n", "flows.spare", "no change takes this flow"),
            (
                "  - { when: \"true\", use: normal }\n",
                "  - { when: \"true\", use: normal }\n  - { when: \"true\", use: major }\n",
                "flow_choice[3]",
                "no change gets here: the choice before always matches",
            ),
            (
                "    when: \"service.criticality == 'tier-0'\"\n    clock",
                "    clock",
                "escalations.standard",
                "no change gets here: the escalation before always matches",
            ),
        ],
    );
}

#[test]
fn a_stage_outside_every_flow_is_a_warning() {
    let text = SPINE.replace("stage: release", "stage: signing").replace("major: [review, release]", "major: [review]");
    let message = "the stage “signing” is in no flow, so it comes after all others";
    assert_eq!(told(&load_text(&text).report), [(Severity::Warning, "requirements[2].stage", message)]);
}

#[test]
fn without_a_choice_flows_go_by_the_names_of_classes() {
    let start = SPINE.find("flow_choice:").unwrap();
    let end = SPINE.find("a_rejection:").unwrap();
    let text = format!("{}{}", &SPINE[..start], &SPINE[end..]).replace("  normal: [review]\n", "  ordinary: [review]\n");
    assert_eq!(
        told(&load_text(&text).report),
        [
            (Severity::Warning, "flows", "the class “normal” has no flow, so its changes are blocked"),
            (Severity::Warning, "flows.ordinary", "no change takes this flow"),
        ]
    );
}
