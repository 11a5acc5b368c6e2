//! Requirements that together need more people than there are, found when the policy is loaded.

use super::faults::check;
use crate::policy::samples::{SPINE, load_text};

const OWNERS: &str = "    when: \"change.class == 'major'\"\n    stage: release\n    approve: { from: [payments-owners], count: 2 }\n";

/// The sample with a further requirement after the one of two owners, of whom there are two.
fn with(requirement: &str) -> String {
    format!("{OWNERS}  {requirement}\n")
}

#[test]
fn one_person_cannot_be_for_two() {
    let second = "- ‸{ name: second, when: \"change.class == 'major'\", stage: release, approve: { from: [payments-owners], count: 1 } }";
    let fault =
        "requirements[3]: owners and second together need 3 people, because one person is for one requirement, and their groups have 2";
    check(&[(OWNERS, &with(second), fault)]);
    let board =
        "- ‸{ name: board, when: \"change.class == 'major'\", stage: release, quorum: { of: payments-owners, majority: all, turnout: 1 } }";
    let fault =
        "requirements[3]: owners and board together need 4 people, because one person is for one requirement, and their groups have 2";
    check(&[(OWNERS, &with(board), fault)]);
}

#[test]
fn what_need_not_come_together_is_no_fault() {
    let table = [
        "- { name: second, when: \"change.class == 'normal'\", stage: release, approve: { from: [payments-owners], count: 1 } }",
        "- { name: second, when: \"change.class == 'major'\", stage: release, approve: { from: [payments-owners, security], count: 1 } }",
        "- { name: second, when: \"change.class == 'major'\", stage: release, approve: { from: [payments-devs], count: 3 } }",
    ];
    for requirement in table {
        let loaded = load_text(&SPINE.replace(OWNERS, &with(requirement)));
        assert!(loaded.policy.is_some(), "{requirement}: {:?}", loaded.report);
    }
    let shared = SPINE.replace("one_person_one_requirement: true", "one_person_one_requirement: false");
    let twice = "- { name: second, when: \"change.class == 'major'\", stage: release, approve: { from: [payments-owners], count: 2 } }";
    assert!(load_text(&shared.replace(OWNERS, &with(twice))).policy.is_some(), "one person may be for both");
}

#[test]
fn what_always_applies_comes_with_everything() {
    let always = "- ‸{ name: second, stage: release, approve: { from: [payments-owners], count: 1 } }";
    let fault =
        "requirements[3]: owners and second together need 3 people, because one person is for one requirement, and their groups have 2";
    check(&[(OWNERS, &with(always), fault)]);
}

#[test]
fn of_many_the_first_are_named() {
    let further = |n: usize| {
        format!(
            "  - {{ name: r{n}, when: \"change.class == 'major'\", stage: release, approve: {{ from: [payments-owners], count: 1 }} }}\n"
        )
    };
    let text = SPINE.replace(OWNERS, &format!("{OWNERS}{}", (0..20).map(further).collect::<String>()));
    let loaded = load_text(&text);
    let fault = loaded.report.faults().next().expect("a fault");
    let said = "owners, r0, r1, r2, r3, r4, r5, r6, r7, r8 and 11 more together need 22 people";
    assert!(fault.message.starts_with(said), "{}", fault.message);
}
