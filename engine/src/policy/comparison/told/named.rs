//! What the names of a policy stand for: places and people.

use crate::ids::{GateName, GroupName};
use crate::policy::Policy;
use crate::policy::blocks::environments::Environment;
use crate::rules::{Superseded, WhenNewerArrives};
use crate::sentence::{self, any_of, listed};

pub fn environment(policy: &Policy, name: &str) -> Option<String> {
    let environment = policy.environments.iter().find(|environment| environment.name.as_str() == name)?;
    let gates: Vec<&str> = environment.promote_when.iter().map(GateName::as_str).collect();
    let gates = (!gates.is_empty()).then(|| format!("It needs the gates {}.", listed(&gates, "and")));
    let before = environment.promotion.as_ref().map(sentence::promotion);
    let window = environment.window.as_ref().map(sentence::window);
    let sentences = [Some(meant(environment)), gates, before, window, Some(newer(environment).to_owned())];
    Some(sentences.into_iter().flatten().collect::<Vec<String>>().join(" "))
}

fn meant(environment: &Environment) -> String {
    let patterns: Vec<&str> = environment.patterns.iter().map(|pattern| pattern.source()).collect();
    let patterns = if patterns.is_empty() { String::new() } else { format!(" and {}", patterns.join(", ")) };
    let tier = environment.tier.as_ref().map(|tier| format!(", else the tier {tier}")).unwrap_or_default();
    format!("It is meant by its own name{patterns}{tier}.")
}

fn newer(environment: &Environment) -> &'static str {
    match (environment.when_newer_arrives, environment.superseded) {
        (WhenNewerArrives::Supersede, Superseded::LeaveToTool) => "A newer change replaces an older one.",
        (WhenNewerArrives::Supersede, Superseded::Reject) => "A newer change replaces an older one, whose tool hears no.",
        (WhenNewerArrives::Queue, _) => "A newer change waits for the older one.",
        (WhenNewerArrives::Ask, _) => "A person says whether a newer change replaces an older one.",
    }
}

pub fn group(policy: &Policy, name: &str) -> Option<String> {
    let group = policy.groups.get(&GroupName::new(name))?;
    let from = format!("{}:{}", group.from.source, group.from.group);
    let levels: Vec<String> = group.on_duty.iter().map(ToString::to_string).collect();
    let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
    Some(match (levels.as_slice(), group.notify) {
        ([], true) => format!("The people of {from}."),
        ([], false) => format!("The people of {from}, reminded only where a step names them."),
        (levels, _) => format!("Whoever is on duty in {from} at level {}.", listed(levels, "or")),
    })
}

pub fn owners(policy: &Policy) -> String {
    format!("Members of {} answer for the policy.", any_of(&policy.owners))
}
