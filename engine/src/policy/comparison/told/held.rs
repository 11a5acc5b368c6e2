//! What a policy says about when something goes out.

use super::applies;
use crate::calendar::{Comes, Day, Hours, Office, Opening};
use crate::gate::{Needed, Recheck, WaiverRule};
use crate::hold::LetThrough;
use crate::length::duration;
use crate::policy::Policy;
use crate::policy::blocks::freezes::Freeze;
use crate::policy::blocks::gates::Test;
use crate::policy::comparison::parts::Part;
use crate::sentence::{self, any_of, listed};
use crate::stop_the_line::Needs;

/// `Open mon and tue from 09:00 to 17:30 (Europe/Berlin), not on 2026-12-25.`
pub fn calendar(hours: &Hours) -> String {
    let offices: Vec<String> = hours.offices.iter().map(office).collect();
    format!("Open {}.", offices.join("; and "))
}

fn office(office: &Office) -> String {
    let openings: Vec<String> = office.open.iter().map(opening).collect();
    let closed: Vec<String> = office.closed.iter().map(ToString::to_string).collect();
    let closed = if closed.is_empty() { String::new() } else { format!(", not on {}", closed.join(", ")) };
    format!("{} ({}){closed}", openings.join(", "), office.time_zone)
}

fn opening(opening: &Opening) -> String {
    let days: Vec<&str> = opening.days.iter().map(|day| day_word(*day)).collect();
    format!("{} from {} to {}", listed(&days, "and"), minute(opening.from_minute), minute(opening.to_minute))
}

fn day_word(day: Day) -> &'static str {
    match day {
        Day::Mon => "mon",
        Day::Tue => "tue",
        Day::Wed => "wed",
        Day::Thu => "thu",
        Day::Fri => "fri",
        Day::Sat => "sat",
        Day::Sun => "sun",
    }
}

fn minute(of_day: u16) -> String {
    format!("{:02}:{:02}", of_day / 60, of_day % 60)
}

pub fn window(policy: &Policy, name: &str) -> Option<String> {
    policy.windows.get(name).map(sentence::window)
}

/// The expression is said as it stands in the file.
pub fn freeze(policy: &Policy, part: &Part) -> Option<String> {
    let freeze = policy.freezes.iter().find(|freeze| freeze.name == part.name)?;
    let zone = freeze.season.time_zone.name();
    let time = match &freeze.season.comes {
        Comes::Once { from, to } => format!("from {} to {} ({zone})", from.format(WALL), to.format(WALL)),
        Comes::Again { lasts_s, .. } => {
            format!("for {} from each “{}” on ({zone})", duration(*lasts_s), part.value["cron"].as_str().unwrap_or_default())
        }
    };
    let overriding = freeze.overridden_by.as_ref().map(|rule| format!(" {}", sentence::overriding(rule))).unwrap_or_default();
    Some(format!("Nothing goes out {time}{}.{}{overriding}", besides(freeze), applies(freeze.covers.as_ref())))
}

const WALL: &str = "%-d %b %Y, %H:%M";

fn besides(freeze: &Freeze) -> String {
    let through: Vec<&str> = freeze.lets_through.iter().map(|through| LetThrough::class(*through)).collect();
    if through.is_empty() { String::new() } else { format!(", but changes of the class {}", listed(&through, "or")) }
}

pub fn gate(policy: &Policy, name: &str) -> Option<String> {
    let gate = policy.gates.iter().find(|gate| gate.name.as_str() == name)?;
    let Test { fact, pass, max_age_s, recheck, waiver } = gate.test.as_ref()?;
    let age = max_age_s.map(|age| format!(", not older than {}", duration(age))).unwrap_or_default();
    let again = match recheck {
        Recheck::BeforeAsking => "",
        Recheck::AtRelease => ", at the release as well",
    };
    let waiver = waiver.as_ref().map(waived).unwrap_or_default();
    Some(format!("The fact {fact} has to say {}{age}{again}.{waiver}{}", pass.source(), applies(gate.when.as_ref())))
}

fn waived(rule: &WaiverRule) -> String {
    let needs: Vec<&str> = rule.needs.iter().map(|needed| needed_words(*needed)).collect();
    let naming = if needs.is_empty() { String::new() } else { format!(", naming {}", listed(&needs, "and")) };
    format!(" {} may make an exception for {} at most{naming}.", any_of(&rule.by), duration(rule.longest_s))
}

fn needed_words(needed: Needed) -> &'static str {
    match needed {
        Needed::Ticket => "a ticket",
        Needed::Expiry => "an end",
    }
}

pub fn stop_the_line(policy: &Policy, key: &str) -> Option<String> {
    let rules = policy.stop_the_line.as_ref().filter(|_| key == "stop_the_line")?;
    let by: Vec<_> = rules.by.keys().cloned().collect();
    let reason = match rules.needs {
        Needs::Rationale => ", with a reason",
        Needs::Nothing => "",
    };
    let longest = rules.longest_s.map(|longest| format!(", for {} at most", duration(longest))).unwrap_or_default();
    Some(format!("Members of {} may pause releases{reason}{longest}.", any_of(&by)))
}
