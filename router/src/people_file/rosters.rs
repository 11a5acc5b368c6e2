//! The rosters of `people.yaml`: who is on duty by turns, and who stands in for whom.

use super::Faults;
use engine::calendar::{Cron, MAX_HANDOVERS_A_YEAR, Wall, handovers_a_year};
use engine::directory::Person;
use engine::ids::PersonId;
use engine::roster::{Level, MAX_LEVELS, MAX_MEMBERS, MAX_OVERRIDES, Override, Roster};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};

const MAX_ROSTERS: usize = 200;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RosterEntry {
    time_zone: Spanned<String>,
    levels: Spanned<Vec<LevelEntry>>,
    #[serde(default)]
    overrides: Vec<OverrideEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelEntry {
    since: Spanned<String>,
    handover: Spanned<String>,
    members: Spanned<Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideEntry {
    #[serde(default = "first_level")]
    level: u32,
    who: Spanned<String>,
    from: Spanned<String>,
    to: Spanned<String>,
}

fn first_level() -> u32 {
    1
}

pub(super) fn read(
    entries: BTreeMap<String, Spanned<RosterEntry>>,
    people: &[Person],
    faults: &mut Faults<'_>,
) -> BTreeMap<String, Roster> {
    let known: BTreeSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let mut rosters = BTreeMap::new();
    for (n, (name, entry)) in entries.into_iter().enumerate() {
        if n == MAX_ROSTERS {
            faults.at(&entry, &format!("there are more than {MAX_ROSTERS} rosters"));
        }
        let mut reader = Reader { roster: &name, known: &known, faults: &mut *faults };
        let roster = reader.roster(&entry.value);
        rosters.extend(roster.map(|roster| (name.clone(), roster)));
    }
    rosters
}

/// Reads one roster and says what is wrong with it.
struct Reader<'r, 'f> {
    roster: &'r str,
    known: &'r BTreeSet<&'r str>,
    faults: &'r mut Faults<'f>,
}

impl Reader<'_, '_> {
    fn roster(&mut self, entry: &RosterEntry) -> Option<Roster> {
        if entry.time_zone.value.parse::<chrono_tz::Tz>().is_err() {
            self.fault(&entry.time_zone, "this is no IANA time zone, as Europe/Berlin is one");
        }
        if entry.levels.value.is_empty() || entry.levels.value.len() > MAX_LEVELS {
            self.fault(&entry.levels, &format!("a roster has 1 to {MAX_LEVELS} levels"));
        }
        let levels: Vec<Option<Level>> = entry.levels.value.iter().map(|level| self.level(level)).collect();
        let levels: Option<Vec<Level>> = levels.into_iter().collect();
        let overrides = self.overrides(entry);
        Some(Roster { time_zone: entry.time_zone.value.clone(), levels: levels?, overrides })
    }

    fn level(&mut self, entry: &LevelEntry) -> Option<Level> {
        let since = self.wall(&entry.since);
        self.handover(&entry.handover);
        let members = &entry.members.value;
        if members.is_empty() || members.len() > MAX_MEMBERS {
            self.fault(&entry.members, &format!("a level has 1 to {MAX_MEMBERS} members"));
        }
        let members = members.iter().map(|member| self.person(member)).collect();
        Some(Level { since: since?, handover: entry.handover.value.clone(), members })
    }

    fn handover(&mut self, field: &Spanned<String>) {
        match Cron::parse(&field.value).map(|cron| handovers_a_year(&cron)) {
            Err(error) => self.fault(field, &error.to_string()),
            Ok(0) => self.fault(field, "this time never comes, so nobody would ever be relieved"),
            Ok(count) if count > MAX_HANDOVERS_A_YEAR => {
                self.fault(field, &format!("this hands over more than {MAX_HANDOVERS_A_YEAR} times a year; three times a day will do"));
            }
            Ok(_) => {}
        }
    }

    fn overrides(&mut self, entry: &RosterEntry) -> Vec<Override> {
        let mut read: Vec<Override> = Vec::new();
        for (n, relief) in entry.overrides.iter().enumerate() {
            if n == MAX_OVERRIDES {
                self.fault(&relief.who, &format!("a roster has at most {MAX_OVERRIDES} overrides"));
            }
            let Some(found) = self.relief(relief, entry.levels.value.len()) else { continue };
            let meets = |other: &&Override| other.level == found.level && other.from < found.to && found.from < other.to;
            if let Some(other) = read.iter().find(meets) {
                let message = format!("{} stands in at that time already; one person at a time", other.who);
                self.fault(&relief.from, &message);
            }
            read.push(found);
        }
        read
    }

    fn relief(&mut self, entry: &OverrideEntry, levels: usize) -> Option<Override> {
        if entry.level == 0 || entry.level as usize > levels {
            self.fault(&entry.who, &format!("there is no level {}; levels are counted from 1", entry.level));
        }
        let who = self.person(&entry.who);
        let (from, to) = (self.wall(&entry.from)?, self.wall(&entry.to)?);
        if to <= from {
            self.fault(&entry.to, "this should be later than “from”");
        }
        Some(Override { level: entry.level, who, from, to })
    }

    fn person(&mut self, field: &Spanned<String>) -> PersonId {
        if !self.known.contains(field.value.as_str()) {
            self.fault(field, &format!("nobody has the id {}; add them under people", field.value));
        }
        PersonId::new(field.value.clone())
    }

    fn wall(&mut self, field: &Spanned<String>) -> Option<chrono::NaiveDateTime> {
        let local = field.value.parse::<Wall>().ok().and_then(|wall| wall.local());
        if local.is_none() {
            self.fault(field, "this should be a wall time, as in 2026-12-18T18:00");
        }
        local
    }

    fn fault<T>(&mut self, place: &Spanned<T>, what: &str) {
        self.faults.at(place, &format!("rosters.{}: {what}", self.roster));
    }
}

#[cfg(test)]
mod tests {
    use crate::people_file::parse;
    use engine::directory::GroupSource;
    use engine::ids::PersonId;

    const PEOPLE: &str = "people:\n  - { id: a, name: A }\n  - { id: b, name: B }\nrosters:\n";
    const OPS: &str = "  ops:\n    time_zone: Europe/Berlin\n    levels:\n      - { since: 2026-11-02T09:00, handover: \"0 9 * * MON\", members: [a, b] }\n    overrides:\n      - { who: b, from: 2026-11-04T12:00, to: 2026-11-04T18:00 }\n";

    #[test]
    fn a_roster_is_read() {
        let directory = parse("people.yaml", &format!("{PEOPLE}{OPS}")).unwrap().directory();
        let ops = GroupSource { source: "file".to_owned(), group: "ops".to_owned() };
        let on_duty = |at: &str| {
            let now = engine::Timestamp::from_utc(at.parse().unwrap());
            directory.at(now).shifts(&ops)[0].person.as_ref().map(PersonId::to_string)
        };
        let table =
            [("2026-11-03T12:00:00Z", "a"), ("2026-11-04T12:00:00Z", "b"), ("2026-11-04T17:00:00Z", "a"), ("2026-11-09T08:00:00Z", "b")];
        for (now, person) in table {
            assert_eq!(on_duty(now).as_deref(), Some(person), "{now}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_roster_has_its_place() {
        let table = [
            ("Europe/Berlin", "+01:00", "p.yaml:6:16: rosters.ops: this is no IANA time zone, as Europe/Berlin is one"),
            ("2026-11-02T09:00", "Monday", "p.yaml:8:18: rosters.ops: this should be a wall time, as in 2026-12-18T18:00"),
            ("0 9 * * MON", "0 0 30 2 *", "p.yaml:8:46: rosters.ops: this time never comes, so nobody would ever be relieved"),
            (
                "0 9 * * MON",
                "* * * * *",
                "p.yaml:8:46: rosters.ops: this hands over more than 1100 times a year; three times a day will do",
            ),
            ("[a, b]", "[]", "p.yaml:8:70: rosters.ops: a level has 1 to 200 members"),
            ("[a, b]", "[a, ghost]", "p.yaml:8:74: rosters.ops: nobody has the id ghost; add them under people"),
            ("who: b", "level: 2, who: b", "p.yaml:10:26: rosters.ops: there is no level 2; levels are counted from 1"),
            ("to: 2026-11-04T18:00", "to: 2026-11-04T11:00", "p.yaml:10:47: rosters.ops: this should be later than “from”"),
            (
                "18:00 }\n",
                "18:00 }\n      - { who: a, from: 2026-11-04T17:00, to: 2026-11-05T18:00 }\n",
                "p.yaml:11:25: rosters.ops: b stands in at that time already; one person at a time",
            ),
        ];
        for (old, new, expected) in table {
            let text = format!("{PEOPLE}{OPS}").replacen(old, new, 1);
            assert_eq!(parse("p.yaml", &text).unwrap_err(), [expected], "{old} → {new}");
        }
    }
}
