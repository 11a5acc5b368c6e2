//! One plain sentence for each rule, made from the compiled rules that votes are judged by, so that the two can't
//! drift apart.

use crate::calendar::Clock;
use crate::freeze::OverrideRule;
use crate::ids::GroupName;
use crate::length::{UNITS, in_units};
use crate::lock::Lock;
use crate::promotion::Promotion;
use crate::quorum::{Abstain, Majority, Quorum, Rejection};
use crate::rules::{Group, Part, Requirement, Rules, Separation, Step, StepAct};
use crate::window::Window;
use std::collections::BTreeMap;

pub use crate::length::duration;

/// What a requirement is said with: who is kept apart, and which of its groups are rosters.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// `None`: who is kept apart is said elsewhere.
    pub separation: Option<&'a Separation>,
    pub groups: &'a BTreeMap<GroupName, Group>,
}

impl<'a> Setting<'a> {
    fn of(rules: &'a Rules) -> Self {
        Self { separation: Some(&rules.separation), groups: &rules.groups }
    }
}

/// `1 person from payments-owners, other than the requester and the authors.`
pub fn requirement(rules: &Rules, requirement: &Requirement) -> String {
    asked(Setting::of(rules), requirement)
}

/// As `requirement`, before a change has rules.
pub fn asked(setting: Setting<'_>, requirement: &Requirement) -> String {
    match &requirement.quorum {
        Some(quorum) => board(setting, requirement, quorum),
        None => ended(people(setting, requirement, requirement.count), rejection(requirement).into_iter().chain(signed(requirement))),
    }
}

/// As `requirement`, for as many people as are still missing.
pub fn missing(rules: &Rules, requirement: &Requirement, missing: u32) -> String {
    let setting = Setting::of(rules);
    let chair = requirement.quorum.as_ref().and_then(|quorum| quorum.chair.as_ref());
    let chair = chair.map(|chair| format!("somebody of {} has to vote", chair.group));
    match (missing, &requirement.quorum) {
        (0, _) => "Nobody more.".to_owned(),
        (_, None) => ended(people(setting, requirement, missing), signed(requirement)),
        (_, Some(_)) => ended(format!("{missing} more in favour from {}{}", grouped(setting, requirement), besides(setting)), chair),
    }
}

/// `After 1 hour: operations-leads are asked too.` or `After 4 working hours (berlin): …`
pub fn step(step: &Step, clock: &Clock) -> String {
    let what = act(&step.act);
    let again = step.back_off_percent.map(again).unwrap_or_default();
    match (step.after_s, clock) {
        (0, _) => format!("At once{again}: {what}."),
        (after, Clock::Wall) => format!("After {}{again}: {what}.", duration(after)),
        (after, Clock::Open(hours)) => format!("After {} ({}){again}: {what}.", working(after), hours.name),
    }
}

/// `, then again with each pause 2 times the last`
fn again(percent: u32) -> String {
    match (percent / 100, percent % 100) {
        (1, 0) => ", then again and again after as long".to_owned(),
        (times, 0) => format!(", then again with each pause {times} times the last"),
        (times, rest) => format!(", then again with each pause {times}.{} times the last", format!("{rest:02}").trim_end_matches('0')),
    }
}

/// `operations-leads are asked too`
pub fn act(act: &StepAct) -> String {
    match act {
        StepAct::RemindWaitingOn => "everybody who can still approve is reminded".to_owned(),
        StepAct::Remind(group) => format!("{group} are reminded"),
        StepAct::Add(group) => format!("{group} are asked too"),
        StepAct::Reassign(group) => format!("{group} are asked, and nobody else is reminded"),
        StepAct::Tell(group) => format!("{group} are told"),
    }
}

/// `2 people from operations-leads can override it, each with a reason.`
pub fn overriding(rule: &OverrideRule) -> String {
    let OverrideRule { by, count, by_roster, .. } = rule;
    let by = if *by_roster { on_duty(by) } else { by.to_string() };
    match count {
        1 => format!("1 person from {by} can override it, with a reason."),
        count => format!("{count} people from {by} can override it, each with a reason."),
    }
}

/// `It goes out while office is open, but not in its last 45 minutes, and 1 hour after its approval at the earliest.`
pub fn window(window: &Window) -> String {
    let Window { hours, earliest_after_approval_s: after, not_in_last_s: last, .. } = window;
    let last = if *last == 0 { String::new() } else { format!(", but not in its last {}", duration(*last)) };
    let after = if *after == 0 { String::new() } else { format!(", and {} after its approval at the earliest", duration(*after)) };
    format!("It goes out while {} is open{last}{after}.", hours.name)
}

/// `It goes out after it has succeeded in staging, and 2 hours later at the earliest.`
pub fn promotion(promotion: &Promotion) -> String {
    let Promotion { after, soak_s } = promotion;
    let soak = if *soak_s == 0 { String::new() } else { format!(", and {} later at the earliest", duration(*soak_s)) };
    format!("It goes out after it has succeeded in {after}{soak}.")
}

/// `Of its service only one change is out there at a time.`; `None`: any number.
pub fn lock(lock: Lock) -> Option<&'static str> {
    match lock {
        Lock::Free => None,
        Lock::OneAtATime => Some("Of its service only one change is out there at a time."),
    }
}

/// `payments-devs, operations or leads`: any of them will do.
pub fn any_of(groups: &[GroupName]) -> String {
    let groups: Vec<&str> = groups.iter().map(GroupName::as_str).collect();
    if groups.is_empty() { "its groups".to_owned() } else { listed(&groups, "or") }
}

/// `4 working hours`. A day of open hours is not what people call a working day, so days are left out.
fn working(seconds: u64) -> String {
    let words = in_units(seconds, &UNITS[1..]);
    words.split_once(' ').map_or_else(|| words.clone(), |(number, rest)| format!("{number} working {rest}"))
}

/// `More than half of the 9 people who were in cab at opening and don’t abstain, other than the requester; at least 5 have
/// to vote, abstentions included, somebody of cab-chair among them; a rejection is one vote.`
fn board(setting: Setting<'_>, requirement: &Requirement, quorum: &Quorum) -> String {
    let majority = match quorum.majority {
        Majority::MoreThanHalf => "More than half",
        Majority::TwoThirds => "Two thirds",
        Majority::All => "All",
    };
    let people = match quorum.electorate.len() {
        // Nobody is in it before a change opens.
        0 => "people who are".to_owned(),
        1 => "1 person who was".to_owned(),
        people => format!("{people} people who were"),
    };
    let who = format!("{majority} of the {people} in {} at opening and don’t abstain{}", grouped(setting, requirement), besides(setting));
    let abstentions = match quorum.abstain {
        Abstain::CountsForTurnout => "abstentions included",
        Abstain::DoesNotCount => "abstentions not counted",
    };
    let chair = quorum.chair.as_ref().map(|chair| format!(", somebody of {} among them", chair.group)).unwrap_or_default();
    let have = if requirement.count == 1 { "has" } else { "have" };
    let turnout = format!("at least {} {have} to vote, {abstentions}{chair}", requirement.count);
    let rejection = rejection(requirement).unwrap_or_else(|| "one rejection ends it".to_owned());
    format!("{who}; {turnout}; {rejection}.")
}

/// `None`: it is a veto, as is usual.
fn rejection(requirement: &Requirement) -> Option<String> {
    match requirement.a_rejection {
        Rejection::IsAVeto => None,
        Rejection::IsAVote => Some("a rejection is one vote".to_owned()),
    }
}

/// How it is signed, where that is not as usual.
fn signed(requirement: &Requirement) -> Option<String> {
    match (requirement.blind, requirement.step_up) {
        (false, false) => None,
        (true, false) => Some("signed blind".to_owned()),
        (false, true) => Some("signed on the web, signed in".to_owned()),
        (true, true) => Some("signed blind, on the web, signed in".to_owned()),
    }
}

fn ended(start: String, ends: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = std::iter::once(start).chain(ends).collect();
    format!("{}.", parts.join("; "))
}

fn people(setting: Setting<'_>, requirement: &Requirement, count: u32) -> String {
    let noun = if count == 1 { "person" } else { "people" };
    format!("{count} {noun} from {}{}", grouped(setting, requirement), besides(setting))
}

fn grouped(setting: Setting<'_>, requirement: &Requirement) -> String {
    let groups: Vec<String> = requirement.from.iter().map(|group| group_words(setting, group)).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    listed(&groups, "or")
}

/// `, other than the requester`; empty where nobody is excluded.
fn besides(setting: Setting<'_>) -> String {
    let besides = setting.separation.map(|separation| listed(&excluded(separation), "and")).unwrap_or_default();
    if besides.is_empty() { besides } else { format!(", other than {besides}") }
}

/// `operations`, or `ops-on-call (on duty)`
fn group_words(setting: Setting<'_>, group: &GroupName) -> String {
    let is_roster = setting.groups.get(group).is_some_and(Group::is_roster);
    if is_roster { on_duty(group) } else { group.to_string() }
}

fn on_duty(roster: &GroupName) -> String {
    format!("{roster} (on duty)")
}

/// `The approvers are others than the requester and the authors.`
pub fn kept_apart(separation: &Separation) -> String {
    match listed(&excluded(separation), "and").as_str() {
        "" => "Whoever asked for a change or wrote it may approve it.".to_owned(),
        apart => format!("The approvers are others than {apart}."),
    }
}

/// Who may not approve. To people, co-authors are authors.
fn excluded(separation: &Separation) -> Vec<&'static str> {
    let excluded = &separation.excluded;
    let mut words: Vec<&str> = excluded
        .iter()
        .map(|part| match part {
            Part::Initiator => "the requester",
            Part::CommitAuthor => "the authors",
            Part::CommitCoAuthor if excluded.contains(&Part::CommitAuthor) => "the authors",
            Part::CommitCoAuthor => "the co-authors",
            Part::Merger => "whoever merged it",
            Part::FactSupplier => "whoever supplied its facts",
        })
        .collect();
    words.dedup();
    words
}

/// `a`, `a or b`, `a, b or c`
pub fn listed(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Hours;
    use crate::policy::samples;
    use crate::rules::Route;
    use std::collections::BTreeSet;

    fn asked(count: u32, from: &[&str]) -> Requirement {
        Requirement::of("peer".into(), from.iter().map(|group| GroupName::from(*group)).collect(), count)
    }

    #[test]
    fn says_who_is_needed_and_who_does_not_count() {
        let mut rules = samples::rules();
        let table: [(&[Part], u32, &[&str], &str); 6] = [
            (&[], 1, &["owners"], "1 person from owners."),
            (&[Part::Initiator], 2, &["owners"], "2 people from owners, other than the requester."),
            (
                &[Part::Initiator, Part::CommitAuthor, Part::CommitCoAuthor],
                1,
                &["a", "b"],
                "1 person from a or b, other than the requester and the authors.",
            ),
            (&[Part::CommitCoAuthor], 1, &["a", "b", "c"], "1 person from a, b or c, other than the co-authors."),
            (&[Part::CommitAuthor, Part::Merger], 1, &["a"], "1 person from a, other than the authors and whoever merged it."),
            (
                &[Part::Initiator, Part::CommitAuthor, Part::Merger],
                3,
                &["a"],
                "3 people from a, other than the requester, the authors and whoever merged it.",
            ),
        ];
        for (excluded, count, from, expected) in table {
            rules.separation.excluded = excluded.iter().copied().collect();
            assert_eq!(requirement(&rules, &asked(count, from)), expected);
        }
    }

    #[test]
    fn says_how_it_is_signed() {
        let mut rules = samples::rules();
        rules.separation.excluded = BTreeSet::from([Part::Initiator]);
        let table = [
            (true, false, "; signed blind."),
            (false, true, "; signed on the web, signed in."),
            (true, true, "; signed blind, on the web, signed in."),
        ];
        for (blind, step_up, end) in table {
            let asked = Requirement { blind, step_up, ..asked(1, &["a"]) };
            let expected = format!("1 person from a, other than the requester{end}");
            assert_eq!([requirement(&rules, &asked), missing(&rules, &asked, 1)], [expected.clone(), expected]);
        }
    }

    #[test]
    fn says_what_is_left() {
        let mut rules = samples::rules();
        rules.separation.excluded = BTreeSet::from([Part::Initiator]);
        let needed = asked(3, &["owners"]);
        assert_eq!(missing(&rules, &needed, 3), "3 people from owners, other than the requester.");
        assert_eq!(missing(&rules, &needed, 1), "1 person from owners, other than the requester.");
        assert_eq!(missing(&rules, &needed, 0), "Nobody more.");
    }

    #[test]
    fn says_what_a_step_does() {
        let step_after =
            |after_s, act| step(&Step { after_s, back_off_percent: None, act, via: BTreeSet::from([Route::ChatDm]) }, &Clock::Wall);
        let leads = || GroupName::from("operations-leads");
        assert_eq!(step_after(3_600, StepAct::Add(leads())), "After 1 hour: operations-leads are asked too.");
        assert_eq!(step_after(900, StepAct::RemindWaitingOn), "After 15 minutes: everybody who can still approve is reminded.");
        assert_eq!(step_after(5_400, StepAct::Remind(leads())), "After 1 hour 30 minutes: operations-leads are reminded.");
        assert_eq!(
            step_after(14_400, StepAct::Reassign(leads())),
            "After 4 hours: operations-leads are asked, and nobody else is reminded."
        );
        assert_eq!(step_after(0, StepAct::Tell(leads())), "At once: operations-leads are told.");
    }

    #[test]
    fn says_whose_hours_a_step_counts() {
        let clock = Clock::Open(Hours { name: "either-office".to_owned(), offices: Vec::new() });
        let table = [
            (14_400, "After 4 working hours (either-office): everybody who can still approve is reminded."),
            (5_400, "After 1 working hour 30 minutes (either-office): everybody who can still approve is reminded."),
            (172_800, "After 48 working hours (either-office): everybody who can still approve is reminded."),
            (900, "After 15 working minutes (either-office): everybody who can still approve is reminded."),
            (0, "At once: everybody who can still approve is reminded."),
        ];
        for (after_s, expected) in table {
            let reminder = Step { after_s, back_off_percent: None, act: StepAct::RemindWaitingOn, via: BTreeSet::from([Route::ChatDm]) };
            assert_eq!(step(&reminder, &clock), expected);
        }
    }

    #[test]
    fn says_how_a_reminder_comes_again() {
        let table = [
            (100, "After 1 hour, then again and again after as long: leads are reminded."),
            (200, "After 1 hour, then again with each pause 2 times the last: leads are reminded."),
            (150, "After 1 hour, then again with each pause 1.5 times the last: leads are reminded."),
            (305, "After 1 hour, then again with each pause 3.05 times the last: leads are reminded."),
        ];
        for (percent, expected) in table {
            let act = StepAct::Remind("leads".into());
            let reminder = Step { after_s: 3_600, back_off_percent: Some(percent), act, via: BTreeSet::from([Route::ChatDm]) };
            assert_eq!(step(&reminder, &Clock::Wall), expected);
        }
    }

    #[test]
    fn says_how_long() {
        let table = [
            (0, "0 seconds"),
            (1, "1 second"),
            (900, "15 minutes"),
            (5_400, "1 hour 30 minutes"),
            (172_800, "2 days"),
            (90_061, "1 day 1 hour"),
            (86_401, "1 day 1 second"),
        ];
        for (seconds, expected) in table {
            assert_eq!(duration(seconds), expected);
        }
    }
}
