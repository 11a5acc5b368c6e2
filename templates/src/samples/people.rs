//! The samples' directory and the rules that their policy compiles to.

use engine::calendar::Clock;
use engine::directory::{Directory, GroupSource, Person};
use engine::gate::Gates;
use engine::ids::{Digest, GroupName, PersonId};
use engine::lock::Lock;
use engine::quorum::{Abstain, Majority, Quorum, Rejection};
use engine::rules::{
    Channel, Group, Part, PolicyRef, RationaleRule, RationaleRules, Requirement, Route, Rules, Separation, Stage, Step, StepAct,
    Superseded, Tell, UnknownAuthor, WhenNewerArrives,
};
use std::collections::{BTreeMap, BTreeSet};

/// Id, name, Slack user and Discord user of everybody.
const PEOPLE: [(&str, &str, &str, &str); 5] = [
    ("requester-1", "Requester One", "U000000001", "1401"),
    ("approver-1", "Approver One", "U000000002", "1402"),
    ("approver-2", "Approver Two", "U000000003", "1403"),
    ("approver-3", "Approver Three", "U000000004", "1404"),
    ("lead-1", "Lead One", "U000000005", "1405"),
];
const GROUPS: [(&str, &[&str]); 4] = [
    ("operations", &["approver-1", "approver-2"]),
    ("business-owners", &["approver-3"]),
    ("operations-leads", &["lead-1"]),
    ("change-board", &["approver-1", "approver-2", "approver-3", "lead-1"]),
];

pub fn directory() -> Directory {
    let person = |(id, name, slack, discord): (&str, &str, &str, &str)| Person {
        id: PersonId::from(id),
        name: name.to_owned(),
        email: None,
        accounts: BTreeMap::from([("slack".to_owned(), format!("T000000001/{slack}")), ("discord".to_owned(), discord.to_owned())]),
    };
    let members = |people: &[&str]| people.iter().map(|id| PersonId::from(*id)).collect::<BTreeSet<_>>();
    let groups = GROUPS.iter().map(|(group, people)| (source(group), members(people)));
    Directory::new(PEOPLE.into_iter().map(person).collect(), groups.collect())
}

fn source(group: &str) -> GroupSource {
    GroupSource { source: "file".to_owned(), group: group.to_owned() }
}

/// Two people of operations and then one business owner; leads are asked after an hour.
pub fn rules() -> Rules {
    let group = |name: &str| (GroupName::from(name), Group { notify: name != "operations-leads", ..Group::of(source(name)) });
    Rules {
        policy: PolicyRef { name: "prod-standard".to_owned(), version: 7, digest: Digest::from("sha256:aa") },
        owners: vec!["operations-leads".into()],
        environment: "production".into(),
        class: "normal".into(),
        stages: vec![stage("technical", "operations"), stage("business", "business")],
        requirements: vec![requirement("operations", "operations", 2), requirement("business", "business-owners", 1)],
        groups: GROUPS.iter().map(|(name, _)| group(name)).collect(),
        rationale: RationaleRules { approve: rationale(15), reject: rationale(15) },
        separation: Separation {
            excluded: BTreeSet::from([Part::Initiator, Part::CommitAuthor]),
            unknown_author: UnknownAuthor::Block,
            one_person_one_requirement: true,
        },
        expire_after_s: 14 * 86_400,
        escalation: escalation(),
        clock: Clock::Wall,
        when_newer_arrives: WhenNewerArrives::Supersede,
        superseded: Superseded::LeaveToTool,
        channels: vec![Channel { platform: "slack".to_owned(), channel: "C000000001".to_owned() }],
        tell_requester: BTreeSet::from([Tell::Rejected]),
        fields: Vec::new(),
        freezes: Vec::new(),
        window: None,
        promotion: None,
        lock: Lock::Free,
        gates: Gates::default(),
    }
}

/// The same with both of operations signing blind.
pub fn blind() -> Rules {
    let mut rules = rules();
    rules.requirements[0].blind = true;
    rules
}

/// The same with a board of four instead of operations.
pub fn board() -> Rules {
    let mut rules = rules();
    let electorate = GROUPS.iter().filter(|(name, _)| *name == "change-board").flat_map(|(_, people)| *people);
    let quorum = Quorum {
        electorate: electorate.map(|id| PersonId::from(*id)).collect(),
        majority: Majority::MoreThanHalf,
        abstain: Abstain::CountsForTurnout,
        chair: None,
    };
    let asked = requirement("operations", "change-board", 3);
    rules.requirements[0] = Requirement { quorum: Some(quorum), a_rejection: Rejection::IsAVote, ..asked };
    rules
}

fn stage(name: &str, requirement: &str) -> Stage {
    Stage { name: name.into(), requirements: vec![requirement.into()] }
}

fn requirement(name: &str, group: &str, count: u32) -> Requirement {
    Requirement::of(name.into(), vec![group.into()], count)
}

fn rationale(min_length: u32) -> RationaleRule {
    RationaleRule { required: true, min_length }
}

fn escalation() -> Vec<Step> {
    let leads = || GroupName::from("operations-leads");
    vec![
        Step { after_s: 1_800, back_off_percent: None, act: StepAct::RemindWaitingOn, via: BTreeSet::from([Route::ChatDm]) },
        Step { after_s: 3_600, back_off_percent: None, act: StepAct::Add(leads()), via: BTreeSet::from([Route::ChatThread]) },
        Step { after_s: 14_400, back_off_percent: None, act: StepAct::Reassign(leads()), via: BTreeSet::from([Route::ChatDm]) },
    ]
}
