//! What a test expected beside what came of it.

use super::play::{Played, play};
use crate::evaluation::{Answer, Asker};
use crate::event::BlockReason;
use crate::hold::Because;
use crate::phase::Phase;
use crate::policy::{Expected, Policy, Release, Trial};
use crate::time::Timestamp;

/// One sentence for each difference; with several times, it says which.
pub fn differences(policy: &Policy, trial: &Trial) -> Vec<String> {
    let times: Vec<Option<Timestamp>> = match trial.given.at.as_slice() {
        [] => vec![None],
        times => times.iter().copied().map(Some).collect(),
    };
    let mut found = Vec::new();
    for (index, at) in times.iter().enumerate() {
        let at_once = match play(policy, trial, *at) {
            Ok(played) => of_one(policy, &trial.expected, &played, index),
            Err(why) => vec![format!("nothing could be opened: {why}")],
        };
        let prefix = if times.len() > 1 { format!("at time {}: ", index + 1) } else { String::new() };
        found.extend(at_once.into_iter().map(|difference| format!("{prefix}{difference}")));
    }
    found
}

fn of_one(policy: &Policy, expected: &Expected, played: &Played, index: usize) -> Vec<String> {
    let blocked = if let Phase::Blocked { why } = &played.change.phase { Some(why) } else { None };
    let rules = played.routed.rules.as_ref().ok();
    let requirements = rules.map(|rules| rules.requirements.iter().map(|requirement| requirement.name.to_string()).collect());
    let refused = played.refused.iter().map(|(person, _)| person.to_string()).collect();
    let holds = expected.holds.as_ref().and_then(|holds| holds.get(index));
    let release = if played.is_released { Release::Granted } else { Release::Refused };
    let found = [
        differs("class", expected.class.as_deref(), rules.map(|rules| rules.class.as_str())),
        lists_differ("requirements", expected.requirements.as_ref(), requirements),
        differs("flow", expected.flow.as_deref(), flow(policy, played)),
        lists_differ("refused", expected.refused.as_ref(), Some(refused)),
        because(expected.because.as_deref(), &reasons(played, blocked)),
        differs("state", expected.state.map(|state| state.word()), Some(played.change.state().word())),
        lists_differ("holds", holds, Some(frozen(played))),
        differs("release", expected.release.map(Release::word), Some(release.word())),
    ];
    let mut found: Vec<String> = found.into_iter().flatten().collect();
    if let (false, Some(why)) = (found.is_empty(), blocked) {
        found.push(format!("it was blocked: {}", why.sentence()));
    }
    found
}

fn differs(what: &str, expected: Option<&str>, found: Option<&str>) -> Option<String> {
    let expected = expected?;
    (found != Some(expected)).then(|| format!("{what} should be {expected}, and is {}", found.unwrap_or("none")))
}

fn lists_differ(what: &str, expected: Option<&Vec<String>>, found: Option<Vec<String>>) -> Option<String> {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let (expected, found) = (sorted(expected?.clone()), sorted(found.unwrap_or_default()));
    (expected != found).then(|| format!("{what} should be [{}], and is [{}]", expected.join(", "), found.join(", ")))
}

fn because(expected: Option<&str>, reasons: &[String]) -> Option<String> {
    let expected = expected?;
    let is_so = reasons.iter().any(|reason| reason == expected);
    (!is_so).then(|| {
        format!("because should be {expected}, and is {}", if reasons.is_empty() { "nothing".to_owned() } else { reasons.join(", ") })
    })
}

/// The codes of what was refused, and why nobody is asked.
fn reasons(played: &Played, blocked: Option<&BlockReason>) -> Vec<String> {
    let refused = played.refused.iter().map(|(_, code)| (*code).to_owned());
    let blocked = blocked.map(|why| match why {
        BlockReason::UnknownCondition { .. } => "unknown",
        BlockReason::NoClass | BlockReason::NoRequirement { .. } | BlockReason::NoFlow { .. } => "uncovered_change",
        BlockReason::EmptyGroup { .. } | BlockReason::NobodyCanApprove { .. } | BlockReason::BoardTooLarge { .. } => "unsatisfiable",
        BlockReason::UnknownEnvironment { .. } => "unknown_environment",
        BlockReason::UnknownService { .. } => "unknown_service",
        BlockReason::UnknownAuthor { .. } | BlockReason::UnknownInitiator { .. } | BlockReason::AuthorsNotLookedUp { .. } => {
            "unknown_author"
        }
        BlockReason::AlreadyRejected { .. } => "already_rejected",
        BlockReason::Gates { .. } => "gates",
    });
    refused.chain(blocked.map(str::to_owned)).collect()
}

/// The flow that was chosen; without `flow_choice` it has the class's name.
fn flow<'a>(policy: &Policy, played: &'a Played) -> Option<&'a str> {
    if !policy.chooses_flows() {
        return played.routed.rules.as_ref().ok().map(|rules| rules.class.as_str());
    }
    let mut asked = played.routed.evaluation.questions.iter();
    asked.find_map(
        |question| if let (Asker::Flow(flow), Answer::True) = (&question.of, &question.answer) { Some(flow.as_str()) } else { None },
    )
}

fn frozen(played: &Played) -> Vec<String> {
    let holds = played.change.holds.iter();
    holds.filter_map(|hold| if let Because::Frozen(frozen) = &hold.because { Some(frozen.freeze.clone()) } else { None }).collect()
}
