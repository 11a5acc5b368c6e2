//! Every kind of fault, each in an otherwise sound policy, with its place, path and suggestion.

use crate::policy::samples::{SPINE, load_text};

/// Stands before the character where the fault is expected.
const HERE: char = '‸';

/// The sample policy after one replacement; the text to replace occurs once.
fn edited(old: &str, new: &str) -> String {
    assert_eq!(SPINE.matches(old).count(), 1, "{old}");
    SPINE.replace(old, new)
}

/// Each row: what is replaced, by what (with the expected place), and the fault.
pub(super) fn check(table: &[(&str, &str, &str)]) {
    for (old, new, expected) in table {
        let marked = edited(old, new);
        let before = marked.split(HERE).next().unwrap();
        let (line, column) = (before.lines().count().max(1), before.lines().last().unwrap_or_default().chars().count() + 1);
        let (line, column) = if before.ends_with('\n') { (line + 1, 1) } else { (line, column) };
        let loaded = load_text(&marked.replace(HERE, ""));
        let faults: Vec<String> = loaded.report.faults().map(ToString::to_string).collect();
        assert_eq!(faults, [format!("policy.yaml:{line}:{column}: {expected}")], "{old} → {new}");
        assert!(loaded.policy.is_none());
    }
}

#[test]
fn the_sample_has_none() {
    let loaded = load_text(SPINE);
    assert_eq!(loaded.report.findings, []);
    assert!(loaded.policy.is_some());
}

#[test]
fn of_the_frame() {
    check(&[
        ("version: 1\n", "version: ‸2\n", "version: this build reads version 1 of the policy language"),
        ("version: 1\n", "version: ‸one\n", "version: this should be a whole number of at least 1"),
        ("version: 1\nname: payments\n", "‸version: 1\n", "“name” is missing"),
        ("name: payments\n", "name: ‸7\n", "name: this should be text in quotes, not a number"),
        ("owners: [platform-owners]\n", "owners: ‸[]\n", "owners: name at least one group that answers for the policy"),
        (
            "owners: [platform-owners]\n",
            "owners: [‸plattform-owners]\n",
            "owners[0]: there is no group “plattform-owners”; did you mean platform-owners?",
        ),
        ("notifications:\n", "‸notificatons:\n", "notificatons: there is no key “notificatons” here; did you mean notifications?"),
        (
            "asking_again: needs_new_facts",
            "asking_again: ‸needs_new_fact",
            "asking_again: “needs_new_fact” is not one of needs_new_facts; did you mean needs_new_facts?",
        ),
        ("a_rejection: is_a_veto", "a_rejection: ‸[x]", "a_rejection: this should be text, not a list"),
    ]);
}

#[test]
fn of_defaults_and_services() {
    check(&[
        (
            "Europe/Berlin",
            "‸Europe/Berlim",
            "defaults.time_zone: “Europe/Berlim” is no IANA time zone, as Europe/Berlin is one; did you mean Europe/Berlin?",
        ),
        ("Europe/Berlin", "‸\"+01:00\"", "defaults.time_zone: “+01:00” is no IANA time zone, as Europe/Berlin is one"),
        ("uncovered_change: block", "uncovered_change: ‸allow", "defaults.uncovered_change: “allow” is not one of block"),
        ("on_timeout: expire", "on_timeout: ‸approve", "defaults.on_timeout: “approve” is not one of expire"),
        (
            "expire_after: 7d",
            "expire_after: ‸7 days",
            "defaults.expire_after: this should be a length of time: a number and one of s, m, h, d, w",
        ),
        ("expire_after: 7d", "expire_after: ‸0h", "defaults.expire_after: a change that expires at once could never be approved"),
        (
            "approve: { required: true, min_length: 15 }",
            "approve: { required: ‸\"yes\" }",
            "defaults.rationale.approve.required: this should be true or false, not text",
        ),
        (
            "approve: { required: true, min_length: 15 }",
            "approve: { min_length: ‸1001 }",
            "defaults.rationale.approve.min_length: a rationale has at most 1000 characters",
        ),
        (
            "criticality: tier-2, owners: [payments-devs] }\n",
            "criticality: tier-2, ‸match: [] }\n",
            "defaults.service.match: there is no key “match” here",
        ),
        (
            "[\"gitlab:payments/statements*\"]",
            "[‸statements]",
            "services.statements.match[0]: this should be an integration’s kind or name and a pattern, as in gitlab:payments/*",
        ),
        ("data_classes: [pci]\n", "data_classes: ‸pci\n", "services.checkout-api.data_classes: this should be a list, not text"),
        ("data_classes: [pci]\n", "data_classes: [pci, ‸pci]\n", "services.checkout-api.data_classes[1]: “pci” stands here twice"),
        (
            "  statements:\n    match: [\"gitlab:payments/statements*\"]\n    ",
            "  statements:\n    ‸",
            "services.statements: “match” is missing",
        ),
    ]);
}

#[test]
fn of_groups() {
    check(&[
        ("\"file:security\"", "‸security", "groups.security.from: this should be a directory source and its group, as in file:developers"),
        (
            "\"file:security\"",
            "‸\"file:secrity\"",
            "groups.security.from: the directory has no group “secrity”; did you mean file:security?",
        ),
        ("notify: false", "notify: ‸0", "groups.operations-leads.notify: this should be true or false, not a number"),
        ("{ from: \"file:security\" }", "‸{}", "groups.security: “from” is missing"),
    ]);
}

#[test]
fn of_environments_and_separation() {
    check(&[
        (
            "tier: staging",
            "tier: ‸stagin",
            "environments.staging.tier: “stagin” is not one of production, staging, testing, development, other; did you mean staging?",
        ),
        (
            "superseded: reject",
            "‸superseeded: reject",
            "environments.production.superseeded: there is no key “superseeded” here; did you mean superseded?",
        ),
        ("superseded: reject", "superseded: ‸approve", "environments.production.superseded: “approve” is not one of reject, leave_to_tool"),
        (
            "- [merger, approver]",
            "- [‸mergr, approver]",
            "separation_of_duties.never_same_person[3][0]: there is no role “mergr”; did you mean merger?",
        ),
        (
            "- [merger, approver]",
            "- ‸[merger]",
            "separation_of_duties.never_same_person[3]: this should be a pair of roles, as in [initiator, approver]",
        ),
        (
            "unknown_author: block",
            "unknown_author: ‸ignore",
            "separation_of_duties.unknown_author: “ignore” is not one of block, initiator_only",
        ),
    ]);
}

#[test]
fn of_classes() {
    check(&[
        (
            "{ name: normal, when: \"true\" }",
            "‸{ name: normal, when: \"change.has_migration\" }",
            "classes[2]: the last class must be for every other change: when: \"true\"",
        ),
        (
            "{ name: normal, when: \"true\" }",
            "{ name: normal, when: ‸true }",
            "classes[2].when: this should be text in quotes, not true or false",
        ),
        (
            "service.criticality == 'tier-0' && env",
            "‸service.critcality == 'tier-0' && env",
            "classes[1].when: there is no name service.critcality; did you mean service.criticality?",
        ),
        (
            "\"service.criticality == 'tier-0' && env",
            "‸\"change.class == 'normal' && env",
            "classes[1].when: change.class is not known yet: these conditions find it",
        ),
        (
            "&& environment == 'production'\" }",
            "&& environment == ‸'prodction'\" }",
            "classes[1].when: environment is never “prodction” in this policy; did you mean production?",
        ),
        (
            "{ name: pre-approved, when:",
            "{ ‸wen: a, name: pre-approved, when:",
            "classes[0].wen: there is no key “wen” here; did you mean when?",
        ),
    ]);
    let doubled = load_text(&edited("name: normal, when: \"true\"", "name: major, when: \"true\"")).report;
    assert!(doubled.faults().any(|fault| fault.message == "the class “major” stands here twice"), "{doubled:?}");
}

#[test]
fn of_requirements() {
    check(&[
        (
            "from: [payments-owners], count: 2",
            "from: [payments-owners], count: ‸3",
            "requirements[2].approve.count: 3 are needed, but payments-owners has 2 members",
        ),
        (
            "from: [security, platform-owners], count: 1",
            "from: [security, platform-owners], count: ‸5",
            "requirements[1].approve.count: 5 are needed, but security and platform-owners together have 2 members",
        ),
        (
            "from: [payments-owners], count: 2",
            "from: [‸payment-owners], count: 2",
            "requirements[2].approve.from[0]: there is no group “payment-owners”; did you mean payments-owners?",
        ),
        ("from: [payments-owners], count: 2", "from: ‸[], count: 2", "requirements[2].approve.from: name at least one group"),
        (
            "from: [payments-owners], count: 2",
            "from: [payments-owners], count: ‸0",
            "requirements[2].approve.count: this should be a whole number of at least 1",
        ),
        ("{ from: [payments-owners], count: 2", "‸{ from: [payments-owners]", "requirements[2].approve: “count” is missing"),
        (
            "name: owners\n    when: \"change.class == 'major'\"\n    stage: release\n    approve: { from: [payments-owners], count: 2 }\n",
            "‸name: owners\n    when: \"change.class == 'major'\"\n    stage: release\n",
            "requirements[2]: “approve” is missing",
        ),
        ("name: owners", "‸name: security", "requirements[2]: the requirement “security” stands here twice"),
        (
            "\"change.class in ['normal', 'major']\"",
            "\"change.class in ['normal', ‸'majr']\"",
            "requirements[0].when: change.class is never “majr” in this policy; did you mean major?",
        ),
        (
            "\"change.class in ['normal', 'major']\"",
            "\"change.class in ['normal', 'major'‸\"",
            "requirements[0].when: this is not a condition: mismatched input the end expecting {']', ','}",
        ),
        ("count: 2 }\n", "count: 2, ‸blnd: true }\n", "requirements[2].approve.blnd: there is no key “blnd” here; did you mean blind?"),
    ]);
}

#[test]
fn of_flows() {
    check(&[
        ("use: major }", "use: ‸majr }", "flow_choice[1].use: there is no flow “majr”; did you mean major?"),
        ("normal: [review]\n", "normal: [review, ‸review]\n", "flows.normal[1]: the stage “review” stands here twice"),
        ("major: [review, release]", "major: [[review, ‸review], release]", "flows.major[0][1]: the stage “review” stands here twice"),
        ("major: [review, release]", "major: [[review, release], ‸review]", "flows.major[1]: the stage “review” stands here twice"),
        ("major: [review, release]", "major: [[review], ‸[], release]", "flows.major[1]: name the stages that are open side by side"),
        ("major: [review, release]", "major: [[review, ‸[release]]]", "flows.major[0][1]: this should be text, not a list"),
        ("normal: [review]\n", "normal: [‸reveiw]\n", "flows.normal[0]: there is no stage “reveiw”; did you mean review?"),
        (
            "{ when: \"change.class == 'pre-approved'\", use",
            "‸{ when: \"change.has_migration\", use",
            "flow_choice[0]: the flow “pre-approved” asks nobody, so its condition has to ask for change.class",
        ),
    ]);
}

#[test]
fn of_escalations_and_notifications() {
    check(&[
        (
            "do: add, who",
            "do: ‸ad, who",
            "escalations.critical.steps[1].do: “ad” is not one of remind, add, reassign, tell; did you mean add?",
        ),
        (
            "do: add, who: operations-leads",
            "do: add, who: ‸operation-leads",
            "escalations.critical.steps[1].who: there is no group “operation-leads”; did you mean operations-leads?",
        ),
        (
            "do: add, who: operations-leads",
            "do: add, who: ‸waiting_on",
            "escalations.critical.steps[1].who: waiting_on can only be reminded; name a group",
        ),
        (
            "after: 1h",
            "after: ‸1 hour",
            "escalations.critical.steps[1].after: this should be a length of time: a number and one of s, m, h, d, w",
        ),
        ("clock: wall", "clock: ‸office", "escalations.critical.clock: there is no calendar “office”"),
        (
            "do: tell, who",
            "back_off: ‸2.0, do: tell, who",
            "escalations.critical.steps[3].back_off: only what is a reminder comes again; “do” says another thing",
        ),
        (
            "{ after: 15m, do: remind",
            "{ after: 15m, back_off: ‸0.5, do: remind",
            "escalations.critical.steps[0].back_off: this should be a number from 1.0 to 100.0",
        ),
        (
            "{ after: 15m, do: remind",
            "{ after: 15m, back_off: ‸twice, do: remind",
            "escalations.critical.steps[0].back_off: this should be a number from 1.0 to 100.0",
        ),
        (
            "{ after: 15m, do: remind",
            "{ after: 0m, back_off: ‸2, do: remind",
            "escalations.critical.steps[0].back_off: a reminder at once has no pause that could grow; say after how long it comes",
        ),
        (
            "{ after: 15m, do: remind",
            "{ after: 15m, back_off: ‸1.0, do: remind",
            "escalations.critical.steps[0].back_off: this reminds more than 50 times within 7 days, after which a change expires; let it begin later or grow faster",
        ),
        (
            "who: platform-owners, via: [chat_dm]",
            "who: platform-owners, via: [‸mail]",
            "escalations.critical.steps[3].via[0]: “mail” is not one of chat_dm, chat_thread, page",
        ),
        (
            "payments-dev: [staging]",
            "payments-dev: [‸stagging]",
            "notifications.channels.slack.payments-dev[0]: there is no environment “stagging”; did you mean staging?",
        ),
        (
            "released, failed]",
            "released, ‸faild]",
            "notifications.tell_requester[4]: “faild” is not one of approved, rejected, expired, held, released, failed; did you mean failed?",
        ),
        ("    slack: {", "    ‸slak: {", "notifications.channels.slak: there is no key “slak” here; did you mean slack?"),
        (
            "mention: only_people_still_needed",
            "mention: ‸everybody",
            "notifications.mention: “everybody” is not one of only_people_still_needed",
        ),
    ]);
}

#[test]
fn all_of_them_are_told_at_once_in_the_order_of_the_file() {
    let broken = SPINE.replace("Europe/Berlin", "Mars/Phobos").replace("tier: staging", "tier: x").replace("clock: wall", "clock: x");
    let lines: Vec<u32> = load_text(&broken).report.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [7, 39, 92]);
}
