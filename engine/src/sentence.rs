//! One plain sentence for each rule, made from the compiled rules that votes are judged by, so that the two can't
//! drift apart.

use crate::calendar::Clock;
use crate::ids::GroupName;
use crate::rules::{Group, Part, Requirement, Rules, Step, StepAct};

/// Seconds in a unit, largest first.
const UNITS: [(u64, &str); 4] = [(24 * 60 * 60, "day"), (60 * 60, "hour"), (60, "minute"), (1, "second")];

/// `1 person from payments-owners, other than the requester and the authors.`
pub fn requirement(rules: &Rules, requirement: &Requirement) -> String {
    people(rules, requirement, requirement.count)
}

/// As `requirement`, for as many people as are still missing.
pub fn missing(rules: &Rules, requirement: &Requirement, missing: u32) -> String {
    if missing == 0 { "Nobody more.".to_owned() } else { people(rules, requirement, missing) }
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

/// The two largest units: `15 minutes`, `1 hour 30 minutes`, `2 days`.
pub fn duration(seconds: u64) -> String {
    in_units(seconds, &UNITS)
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

fn in_units(seconds: u64, units: &[(u64, &str)]) -> String {
    let mut left = seconds;
    let mut words = Vec::new();
    for (length, unit) in units {
        let number = left / length;
        left %= length;
        if number > 0 {
            words.push(format!("{number} {unit}{}", if number == 1 { "" } else { "s" }));
        }
    }
    words.truncate(2);
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

fn people(rules: &Rules, requirement: &Requirement, count: u32) -> String {
    let noun = if count == 1 { "person" } else { "people" };
    let groups: Vec<String> = requirement.from.iter().map(|group| group_words(rules, group)).collect();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let besides = listed(&excluded(rules), "and");
    let besides = if besides.is_empty() { besides } else { format!(", other than {besides}") };
    format!("{count} {noun} from {}{besides}.", listed(&groups, "or"))
}

/// `operations`, or `ops-on-call (on duty)`
fn group_words(rules: &Rules, group: &GroupName) -> String {
    let is_roster = rules.groups.get(group).is_some_and(Group::is_roster);
    if is_roster { format!("{group} (on duty)") } else { group.to_string() }
}

/// Who may not approve. To people, co-authors are authors.
fn excluded(rules: &Rules) -> Vec<&'static str> {
    let excluded = &rules.separation.excluded;
    let mut words: Vec<&str> = excluded
        .iter()
        .map(|part| match part {
            Part::Initiator => "the requester",
            Part::CommitAuthor => "the authors",
            Part::CommitCoAuthor if excluded.contains(&Part::CommitAuthor) => "the authors",
            Part::CommitCoAuthor => "the co-authors",
            Part::Merger => "whoever merged it",
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
        Requirement { name: "peer".into(), from: from.iter().map(|group| GroupName::from(*group)).collect(), count }
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
