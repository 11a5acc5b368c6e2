//! From the text of a policy to the policy: the first fault of its syntax, or all faults of its meaning.

use super::Policy;
use super::blocks::{
    calendars, classes, defaults, duty, environments, escalations, fields, flows, freezes, groups, incidents, notifications, requirements,
    separation, services,
};
use super::field::{Field, Keys, Place, Table};
use super::names::Names;
use super::reading::Reading;
use super::report::{Report, Severity};
use super::stack;
use super::yaml::{self, Node, Position};
use crate::canonical;
use crate::directory::Directory;
use crate::ids::GroupName;
use crate::rules::PolicyRef;

/// The version of the language that this build reads.
pub const LANGUAGE_VERSION: u32 = 1;
pub const MAX_OWNERS: usize = 50;

pub(super) const BLOCKS: Keys = Keys {
    enforced: &[
        "version",
        "name",
        "owners",
        "defaults",
        "services",
        "groups",
        "duty",
        "environments",
        "separation_of_duties",
        "classes",
        "fields",
        "requirements",
        "flows",
        "flow_choice",
        "calendars",
        "escalations",
        "incidents",
        "freezes",
        "notifications",
        "a_rejection",
        "asking_again",
    ],
    not_enforced: &[
        "attributes",
        "lists",
        "directory",
        "delegation",
        "windows",
        "gates",
        "fallback",
        "emergency",
        "verdict",
        "rollback",
        "itsm",
        "records",
        "access_reviews",
        "adaptive",
        "synthetics",
        "tests",
    ],
};

/// The text of a policy and the name to report it under.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// What came of reading a document.
#[derive(Debug)]
pub struct Loaded {
    /// `None` if there is a fault.
    pub policy: Option<Policy>,
    pub report: Report,
}

/// Reads, checks and compiles a policy. Without a directory, people are not checked.
pub fn load(document: Document<'_>, directory: Option<&Directory>) -> Loaded {
    let loaded = stack::with_room(|| load_here(document, directory));
    loaded.unwrap_or_else(|| {
        let mut reading = Reading::new(document.file, document.text, directory);
        let place = Place { path: String::new(), at: Position::START };
        reading.fault(&place, "the file could not be read: there is no memory for it, or the reader failed on it");
        Loaded { policy: None, report: reading.report() }
    })
}

fn load_here(document: Document<'_>, directory: Option<&Directory>) -> Loaded {
    let mut reading = Reading::new(document.file, document.text, directory);
    let policy = match yaml::parse(document.text) {
        Ok(root) => read(&root, document, &mut reading),
        Err(fault) => {
            reading.fault(&Place { path: String::new(), at: fault.at }, fault.message);
            None
        }
    };
    let report = reading.report();
    let sound = report.findings.iter().all(|finding| finding.severity != Severity::Fault);
    Loaded { policy: policy.filter(|_| sound), report }
}

/// Reads every block, whatever is wrong with the others.
fn read(root: &Node, document: Document<'_>, reading: &mut Reading<'_>) -> Option<Policy> {
    let table = Field::root(root).table(BLOCKS, reading)?;
    reading.names = Names::gather(root);
    if let Some(field) = table.require("groups", reading) {
        groups::read(&field, reading);
    }
    if let Some(field) = table.get("duty") {
        duty::read(&field, reading);
    }
    let defaults = table.get("defaults").map(|field| defaults::read(&field, reading)).unwrap_or_default();
    if let Some(field) = table.get("calendars") {
        calendars::read(&field, reading);
    }
    let version = read_version(&table, reading);
    let name = table.require("name", reading).and_then(|name| name.text(reading)).map(str::to_owned);
    let owners = table.require("owners", reading).map(|owners| read_owners(&owners, reading));
    let environments = table.require("environments", reading).map(|field| environments::read(&field, reading));
    let classes = table.require("classes", reading).map(|field| classes::read(&field, reading));
    let requirements = table.require("requirements", reading).map(|field| requirements::read(&field, reading));
    let (flows, choices) = read_flows(&table, reading);
    let escalations = table.get("escalations").map(|field| escalations::read(&field, defaults.expire_after_s, reading));
    let freezes = table.get("freezes").map(|field| freezes::read(&field, defaults.expire_after_s, reading));
    check_fixed(&table, reading);
    Some(Policy {
        defaults,
        services: table.get("services").map(|field| services::read(&field, reading)).unwrap_or_default(),
        separation: table.get("separation_of_duties").map_or_else(separation::default_rules, |field| separation::read(&field, reading)),
        escalations: escalations.unwrap_or_default(),
        notifications: table.get("notifications").map(|field| notifications::read(&field, reading)).unwrap_or_default(),
        fields: table.get("fields").map(|field| fields::read(&field, reading)).unwrap_or_default(),
        freezes: freezes.unwrap_or_default(),
        stop_the_line: table.get("incidents").and_then(|field| incidents::read(&field, reading)),
        reference: PolicyRef { name: name?, version: version?, digest: canonical::digest_of_bytes(document.text.as_bytes()) },
        owners: owners?,
        groups: std::mem::take(&mut reading.groups),
        environments: environments?,
        classes: classes?,
        requirements: requirements?,
        flows,
        choices,
    })
}

fn read_version(table: &Table<'_>, reading: &mut Reading<'_>) -> Option<u32> {
    let field = table.require("version", reading)?;
    let version = field.whole(1, reading)?;
    if version != LANGUAGE_VERSION {
        reading.fault(&field.place(), format!("this build reads version {LANGUAGE_VERSION} of the policy language"));
    }
    Some(version)
}

fn read_owners(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<GroupName> {
    let named = field.texts(MAX_OWNERS, reading);
    if named.is_empty() {
        reading.fault(&field.place(), "name at least one group that answers for the policy");
    }
    named.iter().filter_map(|(_, owner)| reading.group(owner)).collect()
}

fn read_flows(table: &Table<'_>, reading: &mut Reading<'_>) -> (Vec<flows::Flow>, Option<Vec<flows::Choice>>) {
    let field = table.get("flows");
    let read = field.as_ref().map(|field| flows::read(field, reading)).unwrap_or_default();
    let choices = table.get("flow_choice").map(|field| flows::read_choice(&field, &read, reading));
    if let Some(field) = field {
        flows::warn_of_gaps(&field, choices.as_deref(), reading);
    }
    (read, choices)
}

/// What this build does in one way only.
fn check_fixed(table: &Table<'_>, reading: &mut Reading<'_>) {
    for (key, only) in [("a_rejection", "is_a_veto"), ("asking_again", "needs_new_facts")] {
        if let Some(field) = table.get(key)
            && field.text(reading).is_some_and(|word| word != only)
        {
            reading.not_enforced(&field.place());
        }
    }
}
