//! What is at hand while a policy is read: its names, the people, and everything found so far.

use super::condition::{Condition, Flaw};
use super::field::{Field, Place};
use super::names::{Names, What};
use super::report::{Finding, Report, Severity};
use super::schema::Schema;
use crate::calendar::Hours;
use crate::directory::Directory;
use crate::ids::{EnvironmentName, GroupName};
use crate::rules::Group;
use crate::spelling;
use crate::window::Window;
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// Searching for what was meant takes time; a file with more slips than this gets no more suggestions.
const MAX_SUGGESTIONS: usize = 100;

/// What every part of the loader reads from and reports to.
pub struct Reading<'a> {
    file: &'a str,
    lines: Vec<&'a str>,
    /// `None`: people are not checked.
    pub directory: Option<&'a Directory>,
    pub names: Names,
    /// Filled by the blocks `groups` and `duty`, which are read first.
    pub groups: BTreeMap<GroupName, Group>,
    /// Filled by the block `calendars`, which is read before what counts by them.
    pub calendars: BTreeMap<String, Hours>,
    /// Filled by the block `windows`, which is read before the environments.
    pub windows: BTreeMap<String, Window>,
    /// The zone of wall times that name none; filled by the block `defaults`.
    pub time_zone: Option<Tz>,
    findings: Vec<Finding>,
    suggestions: usize,
}

impl<'a> Reading<'a> {
    pub fn new(file: &'a str, text: &'a str, directory: Option<&'a Directory>) -> Self {
        Self {
            file,
            lines: text.lines().collect(),
            directory,
            names: Names::default(),
            groups: BTreeMap::new(),
            calendars: BTreeMap::new(),
            windows: BTreeMap::new(),
            time_zone: None,
            findings: Vec::new(),
            suggestions: 0,
        }
    }

    /// Everything that was found, by line.
    pub fn report(mut self) -> Report {
        self.findings.sort_by(|one, other| (one.line, one.column, &one.path).cmp(&(other.line, other.column, &other.path)));
        Report { findings: self.findings }
    }

    pub fn has_faults(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Fault)
    }

    pub fn fault(&mut self, place: &Place, message: impl Into<String>) {
        self.add(place, Severity::Fault, message.into());
    }

    pub fn warn(&mut self, place: &Place, message: impl Into<String>) {
        self.add(place, Severity::Warning, message.into());
    }

    /// Right in the language, but more than this build does.
    pub fn not_enforced(&mut self, place: &Place) {
        self.not_enforced_because(place, "valid, not enforced by this build");
    }

    pub fn not_enforced_because(&mut self, place: &Place, message: impl Into<String>) {
        self.add(place, Severity::NotEnforced, message.into());
    }

    /// A fault, with the known word that may have been meant.
    pub fn fault_like(&mut self, place: &Place, message: impl Into<String>, suggestion: Option<String>) {
        self.fault(place, message);
        if let Some(newest) = self.findings.last_mut() {
            newest.suggestion = suggestion;
        }
    }

    /// The known word nearest to this one; `None` as well when too much was searched for already.
    pub fn nearest<'k>(&mut self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
        self.suggestions += 1;
        if self.suggestions > MAX_SUGGESTIONS { None } else { spelling::nearest(word, known) }
    }

    /// `reference` is not among the `what`s that the policy names.
    pub fn unknown(&mut self, field: &Field<'_>, what: What, reference: &str) {
        self.suggestions += 1;
        let searched = self.suggestions <= MAX_SUGGESTIONS;
        let known = self.names.of(what).iter().map(String::as_str);
        let suggestion = if searched { spelling::nearest(reference, known) } else { None };
        self.fault_like(&field.place(), format!("there is no {} “{reference}”", what.word()), suggestion);
    }

    fn add(&mut self, place: &Place, severity: Severity, message: String) {
        self.findings.push(Finding {
            file: self.file.to_owned(),
            line: place.at.line,
            column: place.at.column,
            path: place.path.clone(),
            message,
            suggestion: None,
            severity,
        });
    }

    /// The name of a group of the policy, or of an on-call roster. Nobody is in one that this build does not ask.
    pub fn group(&mut self, field: &Field<'_>) -> Option<GroupName> {
        let name = field.text(self)?;
        if self.names.has(What::Roster, name) {
            if !self.groups.contains_key(&GroupName::new(name)) {
                self.not_enforced_because(&field.place(), format!("{name} is a roster of duty that this build does not ask"));
            }
        } else if !self.names.has(What::Group, name) {
            self.unknown(field, What::Group, name);
            return None;
        }
        Some(GroupName::new(name))
    }

    pub fn environment(&mut self, field: &Field<'_>) -> Option<EnvironmentName> {
        let name = field.text(self)?;
        if self.names.has(What::Environment, name) {
            return Some(EnvironmentName::new(name));
        }
        self.unknown(field, What::Environment, name);
        None
    }

    /// The zone of wall times at a place that names none.
    pub fn zone_of_defaults(&mut self, place: &Place) -> Option<Tz> {
        if self.time_zone.is_none() {
            self.fault(place, "“time_zone” is missing here, and defaults name none");
        }
        self.time_zone
    }

    /// A compiled condition; every flaw of it is a fault at its own column.
    pub fn condition(&mut self, field: &Field<'_>) -> Option<Condition> {
        let compiled = Condition::compile(field.text(self)?, &self.names.schema);
        self.sound(field, compiled)
    }

    /// As `condition`, about other names than those of a change.
    pub fn condition_over(&mut self, field: &Field<'_>, schema: &Schema) -> Option<Condition> {
        let compiled = Condition::compile(field.text(self)?, schema);
        self.sound(field, compiled)
    }

    fn sound(&mut self, field: &Field<'_>, compiled: Result<Condition, Vec<Flaw>>) -> Option<Condition> {
        let source = field.text(self)?;
        let flaws = match compiled {
            Ok(condition) => return Some(condition),
            Err(flaws) => flaws,
        };
        for Flaw { offset, message, suggestion } in flaws {
            let place = self.within(field.place(), source, offset);
            self.fault_like(&place, message, suggestion);
        }
        None
    }

    /// The place of a character within a text, if the file has the text on one line and unescaped; else of the text.
    fn within(&self, place: Place, text: &str, offset: usize) -> Place {
        let line = self.lines.get(place.at.line as usize - 1).copied().unwrap_or_default();
        let written = line.chars().skip(place.at.column as usize - 1);
        let quote = usize::from(written.clone().next().is_some_and(|first| matches!(first, '\'' | '"')));
        if !written.skip(quote).take(offset).eq(text.chars().take(offset)) {
            return place;
        }
        let mut moved = place;
        moved.at.column = u32::try_from(moved.at.column as usize + quote + offset).unwrap_or(u32::MAX);
        moved
    }
}
