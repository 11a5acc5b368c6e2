//! On-call rosters in a policy: what is wrong with one, where it may stand, and what is said of it.

use super::faults::check as check_faults;
use crate::policy::Severity;
use crate::policy::samples::{SPINE, directory, load_text, noon, policy, request};
use crate::sentence;
use crate::stop_the_line::may_stop;

const ROSTER: &str = "duty:\n  on-call: { provider: file, schedule: ops, levels: [1], when_empty: skip }\n";

#[test]
fn what_is_wrong_with_a_roster() {
    let roster = |entry: &str| format!("duty:\n  on-call: {entry}\n\nescalations:\n");
    let rows = [
        ("‸{ schedule: ops }", "duty.on-call: “provider” is missing"),
        ("‸{ provider: file }", "duty.on-call: “schedule” is missing"),
        (
            "{ provider: ‸pagerdtuy, schedule: ops }",
            "duty.on-call.provider: “pagerdtuy” is not one of file, pagerduty, opsgenie; did you mean pagerduty?",
        ),
        ("{ provider: file, schedule: ‸opps }", "duty.on-call.schedule: the directory has no roster “opps”; did you mean ops?"),
        ("{ provider: file, schedule: ‸ops, levels: [1, 3] }", "duty.on-call.schedule: the roster “ops” has no level 3; its last one is 2"),
        ("{ provider: file, schedule: ops, levels: ‸[] }", "duty.on-call.levels: name at least one level"),
        ("{ provider: file, schedule: ops, when_empty: ‸wait }", "duty.on-call.when_empty: “wait” is not one of skip"),
    ];
    for (entry, expected) in rows {
        check_faults(&[("escalations:\n", &roster(entry), expected)]);
    }
    let taken = "duty:\n  security: ‸{ provider: file, schedule: ops }\n\nescalations:\n";
    check_faults(&[("escalations:\n", taken, "duty.security: “security” is a group already; a roster needs a name of its own")]);
}

#[test]
fn a_count_is_judged_by_everybody_who_has_a_turn() {
    let asked = |count: u32| {
        let text =
            SPINE.replace("approve: { from: [payments-owners], count: 2 }", &format!("approve: {{ from: [on-call], count: {count} }}"));
        load_text(&format!("{text}{ROSTER}")).report.faults().map(|fault| fault.message.clone()).collect::<Vec<_>>()
    };
    assert!(asked(2).is_empty());
    assert_eq!(asked(3), ["3 are needed, but on-call has 2 members"]);
}

#[test]
fn a_roster_stands_wherever_a_group_may() {
    let text = SPINE
        .replace("[security, platform-owners]", "[on-call, security]")
        .replace("do: tell, who: platform-owners", "do: tell, who: on-call")
        .replace("by: [operations-leads, platform-owners]", "by: [on-call]");
    let policy = policy(&format!("{text}{ROSTER}"));
    let rules = policy.route(&request(), &directory(), noon()).rules.unwrap();
    let security = rules.requirement(&"security".into()).unwrap();
    let said = sentence::requirement(&rules, security);
    assert!(said.starts_with("1 person from on-call (on duty) or security, other than"), "{said}");
    let now = directory().at(noon());
    assert_eq!(rules.members(&["on-call".into()], &now), ["dev-2".into()].into());
    for (person, may) in [("dev-2", true), ("dev-1", false), ("lead-1", false)] {
        assert_eq!(may_stop(policy.stop_the_line(), &now, &person.into()).is_ok(), may, "{person}");
    }
}

#[test]
fn a_board_has_no_roster() {
    let board = |keys: &str| {
        let text =
            SPINE.replace("approve: { from: [payments-owners], count: 2 }", &format!("quorum: {{ majority: all, turnout: 1, {keys} }}"));
        let report = load_text(&format!("{text}{ROSTER}")).report;
        report.faults().map(|fault| format!("{}: {}", fault.path, fault.message)).collect::<Vec<_>>()
    };
    let why = "on-call is a roster of duty, and a board needs people who stay; name a group";
    assert_eq!(board("of: on-call"), [format!("requirements[2].quorum.of: {why}")]);
    assert_eq!(board("of: payments-owners, must_vote: on-call"), [format!("requirements[2].quorum.must_vote: {why}")]);
}

#[test]
fn those_on_duty_lift_a_freeze_and_waive_a_gate() {
    let freeze = "freezes: [{ name: always, cron: \"0 0 * * *\", duration: 2d, override: { by: on-call } }]\n";
    let text = SPINE.replace("max_age: 24h }", "max_age: 24h, waiver: { by: on-call, longest: 1d } }");
    let text = text.replace("    tier: production\n", "    tier: production\n    promote_when: [lint]\n");
    let policy = policy(&format!("{text}{ROSTER}{freeze}"));
    let rules = policy.route(&request(), &directory(), noon()).rules.unwrap();
    assert!(rules.groups[&"on-call".into()].is_roster() && rules.gates.rules[0].waiver.as_ref().unwrap().by == ["on-call".into()]);
    let rule = rules.freezes[0].overridden_by.as_ref().unwrap();
    assert_eq!(sentence::overriding(rule), "1 person from on-call (on duty) can override it, with a reason.");
}

#[test]
fn rosters_of_other_providers_are_valid_and_not_asked() {
    for provider in ["pagerduty", "opsgenie"] {
        let roster = format!("duty:\n  on-call: {{ provider: {provider}, schedule: P4YM3NT, levels: [1, 2], when_empty: skip }}\n");
        let text = SPINE.replace("[security, platform-owners]", "[on-call, security]");
        let report = load_text(&format!("{text}{roster}")).report;
        let told: Vec<_> = report.findings.iter().map(|finding| (finding.severity, finding.path.as_str())).collect();
        let expected = [(Severity::NotEnforced, "requirements[1].approve.from[0]"), (Severity::NotEnforced, "duty.on-call.provider")];
        assert_eq!(told, expected);
    }
}
