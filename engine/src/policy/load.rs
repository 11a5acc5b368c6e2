//! From the text of a policy to the policy: the first fault of its syntax, or all faults of its meaning.

use super::Policy;
use super::blocks::{
    attributes, calendars, classes, defaults, duty, environments, escalations, fields, flows, freezes, gates, groups, incidents, lists,
    notifications, quorums, requirements, separation, services, together, trials, windows,
};
use super::field::{Field, Keys, Place, Table};
use super::names::Names;
use super::reading::Reading;
use super::report::Report;
use super::stack;
use super::trial::Trial;
use super::yaml::{self, Node, Position};
use crate::canonical;
use crate::directory::Directory;
use crate::ids::GroupName;
use crate::quorum::Rejection;
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
        "attributes",
        "lists",
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
        "windows",
        "escalations",
        "incidents",
        "freezes",
        "gates",
        "notifications",
        "a_rejection",
        "asking_again",
        "tests",
    ],
    not_enforced: &[
        "directory",
        "delegation",
        "fallback",
        "emergency",
        "verdict",
        "rollback",
        "itsm",
        "records",
        "access_reviews",
        "adaptive",
        "synthetics",
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
    /// The tests of the file, which are not run here.
    pub trials: Vec<Trial>,
}

/// Reads, checks and compiles a policy. Without a directory, people are not checked.
pub fn load(document: Document<'_>, directory: Option<&Directory>) -> Loaded {
    let loaded = stack::with_room(|| load_here(document, directory));
    loaded.unwrap_or_else(|| {
        let mut reading = Reading::new(document.file, document.text, directory);
        let place = Place { path: String::new(), at: Position::START };
        reading.fault(&place, "the file could not be read: there is no memory for it, or the reader failed on it");
        Loaded { policy: None, report: reading.report(), trials: Vec::new() }
    })
}

fn load_here(document: Document<'_>, directory: Option<&Directory>) -> Loaded {
    let mut reading = Reading::new(document.file, document.text, directory);
    let read = match yaml::parse(document.text) {
        Ok(root) => read(&root, document, &mut reading),
        Err(fault) => {
            reading.fault(&Place { path: String::new(), at: fault.at }, fault.message);
            None
        }
    };
    let (policy, trials) = read.unzip();
    let policy = policy.filter(|_| !reading.has_faults());
    Loaded { policy, report: reading.report(), trials: trials.unwrap_or_default() }
}

/// Reads every block, whatever is wrong with the others.
fn read(root: &Node, document: Document<'_>, reading: &mut Reading<'_>) -> Option<(Policy, Vec<Trial>)> {
    let table = Field::root(root).table(BLOCKS, reading)?;
    reading.names = Names::gather(root);
    if let Some(field) = table.require("groups", reading) {
        groups::read(&field, reading);
    }
    if let Some(field) = table.get("duty") {
        duty::read(&field, reading);
    }
    let defaults = table.get("defaults").map(|field| defaults::read(&field, reading)).unwrap_or_default();
    if let Some(field) = table.get("lists") {
        lists::check(&field, reading);
    }
    if let Some(field) = table.get("calendars") {
        calendars::read(&field, reading);
    }
    if let Some(field) = table.get("windows") {
        windows::read(&field, reading);
    }
    let version = read_version(&table, reading);
    let name = table.require("name", reading).and_then(|name| name.text(reading)).map(str::to_owned);
    let owners = table.require("owners", reading).map(|owners| read_owners(&owners, reading));
    let environments = table.require("environments", reading).map(|field| environments::read(&field, reading));
    let classes = table.require("classes", reading).map(|field| classes::read(&field, reading));
    let requirements = table.require("requirements", reading).map(|field| requirements::read(&field, reading));
    let separation = match table.get("separation_of_duties") {
        Some(field) => separation::read(&field, reading),
        None => separation::default_rules(),
    };
    if let Some(requirements) = requirements.as_ref().filter(|_| separation.one_person_one_requirement) {
        together::judge(requirements, reading);
    }
    let (flows, choices) = read_flows(&table, reading);
    let escalations = table.get("escalations").map(|field| escalations::read(&field, defaults.expire_after_s, reading));
    let freezes = table.get("freezes").map(|field| freezes::read(&field, defaults.expire_after_s, reading));
    let gates = table.get("gates").map(|field| gates::read(&field, environments.as_deref().unwrap_or_default(), reading));
    let a_rejection = match table.get("a_rejection") {
        Some(field) => quorums::read_rejection(&field, reading),
        None => Some(Rejection::IsAVeto),
    };
    check_fixed(&table, reading);
    let trials = table.get("tests").map(|field| trials::read(&field, reading)).unwrap_or_default();
    let services = table.get("services").map(|field| services::read(&field, reading)).unwrap_or_default();
    let policy = Policy {
        defaults,
        catalogue: services.iter().map(|service| service.name.clone()).collect(),
        services,
        separation,
        escalations: escalations.unwrap_or_default(),
        notifications: table.get("notifications").map(|field| notifications::read(&field, reading)).unwrap_or_default(),
        fields: table.get("fields").map(|field| fields::read(&field, reading)).unwrap_or_default(),
        freezes: freezes.unwrap_or_default(),
        gates: gates.unwrap_or_default(),
        lists: reading.names.schema.lists.clone(),
        a_rejection: a_rejection?,
        attributes: table.get("attributes").map(|field| attributes::read(&field, reading)).unwrap_or_default(),
        stop_the_line: table.get("incidents").and_then(|field| incidents::read(&field, reading)),
        reference: PolicyRef { name: name?, version: version?, digest: canonical::digest_of_bytes(document.text.as_bytes()) },
        owners: owners?,
        groups: std::mem::take(&mut reading.groups),
        calendars: std::mem::take(&mut reading.calendars),
        windows: std::mem::take(&mut reading.windows),
        environments: environments?,
        classes: classes?,
        requirements: requirements?,
        flows,
        choices,
    };
    Some((policy, trials))
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

/// The key that has one answer: any other would ask again what was rejected, as it is.
fn check_fixed(table: &Table<'_>, reading: &mut Reading<'_>) {
    if let Some(field) = table.get("asking_again") {
        field.word(&["needs_new_facts"], reading);
    }
}
