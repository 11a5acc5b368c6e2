//! The people of a test: some in each group of the policy, and those who are named as voters and authors.

use crate::directory::{Directory, GroupSource, Person};
use crate::ids::{GroupName, PersonId};
use crate::policy::{Asks, Cast, Conditional, Policy, Trial, Votes};
use crate::rules::Group;
use std::collections::{BTreeMap, BTreeSet};

/// Who asks in every test. No policy's file names them.
pub fn requester() -> PersonId {
    PersonId::from("the requester of the test")
}

pub fn directory(policy: &Policy, trial: &Trial) -> Directory {
    let mut groups: BTreeMap<GroupSource, BTreeSet<PersonId>> = BTreeMap::new();
    let each = most_needed(policy) + 1;
    let named = staffed(policy.groups());
    for (name, group) in &named {
        let members = (1..=each).map(|n| PersonId::new(format!("{name}-{n}")));
        groups.entry(group.from.clone()).or_default().extend(members);
    }
    for (person, group) in chairs(policy).chain(voters(policy, trial)) {
        if let Some(group) = named.get(group) {
            groups.entry(group.from.clone()).or_default().insert(person);
        }
    }
    let ids = groups.values().flatten().chain(&trial.given.authors).cloned();
    let people: BTreeSet<PersonId> = ids.chain([requester()]).collect();
    let person = |id: PersonId| Person { name: id.to_string(), id, email: None, accounts: BTreeMap::new() };
    Directory::new(people.into_iter().map(person).collect(), groups)
}

/// A test knows no turns: whoever is in a roster is on duty, and the people of one are a group of their own.
pub fn staffed(groups: &BTreeMap<GroupName, Group>) -> BTreeMap<GroupName, Group> {
    let own = |name: &GroupName| GroupSource { source: "duty".to_owned(), group: name.to_string() };
    let staff = |name: &GroupName, group: &Group| match group.is_roster() {
        true => Group { notify: group.notify, ..Group::of(own(name)) },
        false => group.clone(),
    };
    groups.iter().map(|(name, group)| (name.clone(), staff(name, group))).collect()
}

/// People whom the largest requirement needs.
fn most_needed(policy: &Policy) -> u32 {
    let needed = policy.requirements().iter().map(|requirement| match &requirement.asks {
        Asks::Approve(approve) => approve.count,
        Asks::Quorum(board) => board.turnout,
    });
    needed.max().unwrap_or(1)
}

/// A chair votes only as a member of the board.
fn chairs(policy: &Policy) -> impl Iterator<Item = (PersonId, &GroupName)> {
    policy.requirements().iter().filter_map(|requirement| match &requirement.asks {
        Asks::Quorum(board) => Some((PersonId::new(format!("{}-1", board.must_vote.as_ref()?)), &board.of)),
        Asks::Approve(_) => None,
    })
}

fn voters<'p>(policy: &'p Policy, trial: &Trial) -> Vec<(PersonId, &'p GroupName)> {
    let Votes::Cast(votes) = &trial.given.votes else { return Vec::new() };
    let group = |asked: &'p Conditional| match &asked.asks {
        Asks::Approve(approve) => approve.from.first(),
        Asks::Quorum(board) => Some(&board.of),
    };
    let member = |vote: &Cast| {
        let asked = policy.requirements().iter().find(|asked| asked.name == vote.requirement)?;
        Some((vote.by.clone(), group(asked)?))
    };
    votes.iter().filter_map(member).collect()
}
