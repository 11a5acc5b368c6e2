//! `people.yaml`: people, their accounts, groups and on-call rosters, in a file.

mod rosters;

use engine::directory::{Directory, GroupSource, Person};
use engine::ids::PersonId;
use engine::roster::Roster;
use rosters::RosterEntry;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The directory source's name: groups are `file:<group>` in a policy.
pub const SOURCE: &str = "file";
/// Characters of an id; it stands in URLs, events and logs.
const ID_MAX: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    people: Vec<Entry>,
    #[serde(default)]
    groups: BTreeMap<String, Vec<Spanned<String>>>,
    #[serde(default)]
    rosters: BTreeMap<String, Spanned<RosterEntry>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Spanned<String>,
    name: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    accounts: BTreeMap<String, Spanned<String>>,
}

/// Everybody in the file, by the file's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    pub people: Vec<Person>,
    pub groups: BTreeMap<String, BTreeSet<PersonId>>,
    pub rosters: BTreeMap<String, Roster>,
}

impl People {
    pub fn directory(&self) -> Directory {
        let source = |group: &String| GroupSource { source: SOURCE.to_owned(), group: group.clone() };
        let groups = self.groups.iter().map(|(group, members)| (source(group), members.clone()));
        let rosters = self.rosters.iter().map(|(name, roster)| (source(name), roster.clone()));
        Directory::with_rosters(self.people.clone(), groups.collect(), rosters.collect())
    }
}

/// Reads a file; every fault of it as a line `file:line:column: what is wrong`.
pub fn read(path: &Path) -> Result<People, Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|error| vec![format!("{}: {error}", path.display())])?;
    parse(&path.display().to_string(), &text)
}

pub fn parse(file: &str, text: &str) -> Result<People, Vec<String>> {
    let parsed: File = serde_saphyr::from_str(text).map_err(|error| vec![syntax(file, &error)])?;
    let mut faults = Faults { file, lines: Vec::new() };
    let people = read_people(parsed.people, &mut faults);
    let groups = read_groups(parsed.groups, &people, &mut faults);
    let rosters = rosters::read(parsed.rosters, &people, &mut faults);
    if faults.lines.is_empty() { Ok(People { people, groups, rosters }) } else { Err(faults.lines) }
}

fn syntax(file: &str, error: &serde_saphyr::Error) -> String {
    let error = error.without_snippet();
    let place = error.location().map_or_else(|| "1:1".to_owned(), |at| format!("{}:{}", at.line(), at.column()));
    let message = error.to_string();
    format!("{file}:{place}: {}", message.lines().next().unwrap_or_default())
}

struct Faults<'a> {
    file: &'a str,
    lines: Vec<String>,
}

impl Faults<'_> {
    fn at<T>(&mut self, place: &Spanned<T>, what: &str) {
        let at = place.referenced;
        self.lines.push(format!("{}:{}:{}: {what}", self.file, at.line(), at.column()));
    }
}

fn read_people(entries: Vec<Entry>, faults: &mut Faults<'_>) -> Vec<Person> {
    let mut ids = BTreeSet::new();
    let mut owners: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut people = Vec::new();
    for entry in entries {
        let id = entry.id.value.clone();
        if id.trim().is_empty() || id.chars().count() > ID_MAX || id.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            faults.at(&entry.id, &format!("an id has 1 to {ID_MAX} characters and no white space"));
        }
        if !ids.insert(id.clone()) {
            faults.at(&entry.id, &format!("{id} stands twice; ids are unique"));
        }
        for (kind, account) in &entry.accounts {
            if let Some(owner) = owners.insert((kind.clone(), account.value.clone()), id.clone()) {
                faults.at(account, &format!("the {kind} account {} belongs to {owner} already; an account is one person's", account.value));
            }
        }
        let accounts = entry.accounts.into_iter().map(|(kind, account)| (kind, account.value)).collect();
        people.push(Person { id: PersonId::new(id), name: entry.name, email: entry.email, accounts });
    }
    people
}

fn read_groups(
    groups: BTreeMap<String, Vec<Spanned<String>>>,
    people: &[Person],
    faults: &mut Faults<'_>,
) -> BTreeMap<String, BTreeSet<PersonId>> {
    let known: BTreeSet<&str> = people.iter().map(|person| person.id.as_str()).collect();
    let mut read = BTreeMap::new();
    for (group, members) in groups {
        for member in members.iter().filter(|member| !known.contains(member.value.as_str())) {
            faults.at(member, &format!("groups.{group}: nobody has the id {}; add them under people", member.value));
        }
        read.insert(group, members.into_iter().map(|member| PersonId::new(member.value)).collect());
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_accounts_and_groups_are_read() {
        let text = "people:\n  - { id: approver-1, name: Approver One, email: approver-1@example.com, accounts: { slack: T1/U1, gitlab: \"17\" } }\ngroups: { devs: [approver-1] }\n";
        let people = parse("people.yaml", text).unwrap();
        let directory = people.directory();
        assert_eq!(directory.by_account("gitlab", "17"), Some(&PersonId::from("approver-1")));
        assert!(directory.is_member(&GroupSource { source: "file".to_owned(), group: "devs".to_owned() }, &"approver-1".into()));
    }

    #[test]
    fn every_fault_has_its_place() {
        let text = "people:\n  - { id: a, name: A, accounts: { slack: T/U } }\n  - { id: a, name: B, accounts: { slack: T/U } }\ngroups:\n  devs: [a, ghost]\n";
        let faults = parse("p.yaml", text).unwrap_err();
        assert_eq!(faults.len(), 3, "{faults:#?}");
        assert!(faults[0].starts_with("p.yaml:3:") && faults[0].contains("stands twice"), "{faults:#?}");
        assert!(faults[1].starts_with("p.yaml:3:") && faults[1].contains("belongs to a"), "{faults:#?}");
        assert!(faults[2].starts_with("p.yaml:5:") && faults[2].contains("ghost"), "{faults:#?}");
        let fault = parse("p.yaml", "people:\n  - { id: a, nam: A }\n").unwrap_err();
        assert!(fault[0].starts_with("p.yaml:2:") && fault[0].contains("nam"), "{fault:#?}");
    }
}
