//! What a policy says about who is asked, in which order and what of them.

use super::applies;
use crate::fields::label;
use crate::ids::StageName;
use crate::length::duration;
use crate::policy::Policy;
use crate::policy::blocks::fields::Of;
use crate::policy::blocks::flows::Choice;
use crate::policy::blocks::requirements::{Approve, Asks};
use crate::quorum::{Chair, Quorum, Rejection};
use crate::rules::{RationaleRule, Requirement, UnknownAuthor};
use crate::sentence::{self, Setting, listed};
use std::collections::BTreeSet;

pub fn requirement(policy: &Policy, name: &str) -> Option<String> {
    let conditional = policy.requirements.iter().find(|requirement| requirement.name.as_str() == name)?;
    let named = conditional.name.clone();
    let asked = match &conditional.asks {
        Asks::Approve(Approve { from, count, blind, step_up }) => {
            Requirement { blind: *blind, step_up: *step_up, ..Requirement::of(named, from.clone(), *count) }
        }
        Asks::Quorum(board) => {
            let chair = board.must_vote.clone().map(|group| Chair { group, people: BTreeSet::new() });
            let quorum = Quorum { electorate: BTreeSet::new(), majority: board.majority, abstain: board.abstain, chair };
            let a_rejection = board.a_rejection.unwrap_or(policy.a_rejection);
            Requirement { quorum: Some(quorum), a_rejection, ..Requirement::of(named, vec![board.of.clone()], board.turnout) }
        }
    };
    let setting = Setting { separation: None, groups: &policy.groups };
    Some(format!("{}{}", sentence::asked(setting, &asked), applies(conditional.when.as_ref())))
}

pub fn class(policy: &Policy, name: &str) -> Option<String> {
    let class = policy.classes.iter().find(|class| class.name.as_str() == name)?;
    Some(match class.when.is_always_true() {
        true => "Every change that no class before is for.".to_owned(),
        false => format!("Changes where {}.", class.when.source()),
    })
}

pub fn flow(policy: &Policy, name: &str) -> Option<String> {
    let flow = policy.flows.iter().find(|flow| flow.name == name)?;
    if flow.steps.is_empty() {
        return Some("Nobody is asked.".to_owned());
    }
    let step = |together: &Vec<StageName>| listed(&together.iter().map(StageName::as_str).collect::<Vec<_>>(), "and");
    let steps: Vec<String> = flow.steps.iter().map(step).collect();
    Some(format!("The stages are {}.", steps.join(", then ")))
}

pub fn choices(policy: &Policy) -> Option<String> {
    let choice = |choice: &Choice| format!("{} where {}", choice.flow, choice.when.source());
    let choices: Vec<String> = policy.choices.as_ref()?.iter().map(choice).collect();
    Some(format!("A change takes the flow {}.", choices.join(", else ")))
}

pub fn escalation(policy: &Policy, name: &str) -> Option<String> {
    let escalation = policy.escalations.iter().find(|escalation| escalation.name == name)?;
    let steps: Vec<String> = escalation.steps.iter().map(|step| sentence::step(step, &escalation.clock)).collect();
    Some(format!("{}{}", steps.join(" "), applies(escalation.when.as_ref())))
}

pub fn separation(policy: &Policy, key: &str) -> Option<String> {
    let separation = &policy.separation;
    let said = match (key, separation.one_person_one_requirement, separation.unknown_author) {
        ("never_same_person", ..) => return Some(sentence::kept_apart(separation)),
        ("one_person_one_requirement", true, _) => "A person counts for one requirement.",
        ("one_person_one_requirement", false, _) => "A person may count for several requirements.",
        ("unknown_author", _, UnknownAuthor::Block) => "A change is blocked while somebody who wrote it is not known.",
        ("unknown_author", _, UnknownAuthor::InitiatorOnly) => "Where nobody knows who wrote a change, only its requester is kept apart.",
        _ => return None,
    };
    Some(said.to_owned())
}

pub fn rejection(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::IsAVeto => "One rejection ends a change.",
        Rejection::IsAVote => "A rejection is one vote.",
    }
}

pub fn default(policy: &Policy, key: &str) -> Option<String> {
    let defaults = &policy.defaults;
    match key {
        "expire_after" => Some(format!("A change that nobody decided ends after {}.", duration(defaults.expire_after_s))),
        "time_zone" => Some(format!("Wall times are those of {}.", defaults.time_zone.name())),
        "rationale" => {
            let (approve, reject) = (reason(defaults.rationale.approve), reason(defaults.rationale.reject));
            Some(format!("An approval needs {approve}, a rejection {reject}."))
        }
        _ => None,
    }
}

fn reason(rule: RationaleRule) -> String {
    match (rule.required, rule.min_length) {
        (false, _) => "no reason".to_owned(),
        (true, 0 | 1) => "a reason".to_owned(),
        (true, length) => format!("a reason of at least {length} characters"),
    }
}

pub fn field(policy: &Policy, name: &str) -> Option<String> {
    let field = policy.fields.iter().find(|field| field.name == name)?;
    let of = match field.of {
        Of::All => "",
        Of::Emergencies => " of an emergency",
    };
    let needed = field.required_when.as_ref().map(|when| format!(" Needed where {}.", when.source())).unwrap_or_default();
    Some(format!("The requester{of} writes “{}”. {}{needed}", label(name), field.kind.hint()))
}
