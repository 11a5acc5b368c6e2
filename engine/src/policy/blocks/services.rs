//! `services` and `defaults.service`: the catalogue that gives a change its attributes.

use crate::ids::GroupName;
use crate::policy::field::{Field, Keys, Table};
use crate::policy::glob::Glob;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml::Content;
use crate::request::SourceName;

pub const MAX_SERVICES: usize = 5_000;
pub const MAX_PATTERNS: usize = 200;
/// Of data classes and of owners.
pub const MAX_ATTRIBUTES: usize = 100;

const KEYS: Keys = Keys { enforced: &["match", "criticality", "data_classes", "team", "owners"], not_enforced: &[] };
const DEFAULT_KEYS: Keys = Keys { enforced: &["criticality", "data_classes", "team", "owners"], not_enforced: &[] };
/// The key that names catalogue files of another program instead.
const BACKSTAGE: &str = "backstage";

/// A list stands for catalogue files of another program, under one key.
pub const SHAPE: Shape = Shape::Named(&Shape::Either(&[Shape::Table(&SERVICE), Shape::List(&Shape::Text, MAX_PATTERNS)]), MAX_SERVICES);
pub const DEFAULT_SHAPE: Shape =
    Shape::Table(&TableShape { keys: DEFAULT_KEYS, required: &[], shapes: &[CRITICALITY, DATA_CLASSES, TEAM, OWNERS] });
const SERVICE: TableShape = TableShape {
    keys: KEYS,
    required: &["match"],
    shapes: &[
        ("match", Shape::List(&Shape::Text, MAX_PATTERNS), "An integration’s kind or name and a pattern, as in gitlab:payments/*."),
        CRITICALITY,
        DATA_CLASSES,
        TEAM,
        OWNERS,
    ],
};
const CRITICALITY: (&str, Shape, &str) = ("criticality", Shape::Text, "How much depends on it, in your words.");
const DATA_CLASSES: (&str, Shape, &str) = ("data_classes", Shape::List(&Shape::Text, MAX_ATTRIBUTES), "What data it holds, in your words.");
const TEAM: (&str, Shape, &str) = ("team", Shape::Text, "Whose it is.");
const OWNERS: (&str, Shape, &str) = ("owners", Shape::List(&Shape::Text, MAX_ATTRIBUTES), "The groups that own it.");

/// A service as conditions see it. What the catalogue does not say is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    pub name: String,
    pub patterns: Vec<ServicePattern>,
    pub criticality: String,
    pub data_classes: Vec<String>,
    pub team: String,
    pub owners: Vec<GroupName>,
}

/// `gitlab:payments/*`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePattern {
    /// An integration's kind, or its name where two have the same kind.
    pub integration: String,
    pub path: Glob,
}

impl ServicePattern {
    pub fn matches(&self, name: &SourceName) -> bool {
        let same = self.integration == name.kind || self.integration == name.integration.as_str();
        same && self.path.matches(&name.path)
    }
}

/// The catalogue, in the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Service> {
    let mut services = Vec::new();
    for (key, entry) in field.entries(MAX_SERVICES, reading) {
        if key.name == BACKSTAGE && matches!(entry.node.content, Content::List(_)) {
            reading.not_enforced(&entry.place());
            continue;
        }
        let Some(table) = entry.table(KEYS, reading) else { continue };
        let patterns = table.require("match", reading).map(|patterns| read_patterns(&patterns, reading)).unwrap_or_default();
        services.push(Service { name: key.name.clone(), patterns, ..attributes(&table, reading) });
    }
    services
}

/// The attributes of services that the catalogue does not know; the name is still the source's path.
pub fn read_default(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Service> {
    field.table(DEFAULT_KEYS, reading).map(|table| attributes(&table, reading))
}

fn attributes(table: &Table<'_>, reading: &mut Reading<'_>) -> Service {
    let mut text = |key: &str| table.get(key).and_then(|field| field.text(reading)).unwrap_or_default().to_owned();
    let (criticality, team) = (text("criticality"), text("team"));
    let data_classes = table.get("data_classes").map(|field| field.texts(MAX_ATTRIBUTES, reading)).unwrap_or_default();
    let owners = table.get("owners").map(|field| field.texts(MAX_ATTRIBUTES, reading)).unwrap_or_default();
    Service {
        name: String::new(),
        patterns: Vec::new(),
        criticality,
        data_classes: data_classes.into_iter().map(|(class, _)| class.to_owned()).collect(),
        team,
        owners: owners.iter().filter_map(|(_, owner)| reading.group(owner)).collect(),
    }
}

fn read_patterns(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<ServicePattern> {
    let mut patterns = Vec::new();
    for (text, item) in field.texts(MAX_PATTERNS, reading) {
        match text.split_once(':') {
            Some((integration, path)) if !integration.is_empty() && !path.is_empty() => {
                patterns.push(ServicePattern { integration: integration.to_owned(), path: Glob::new(path) });
            }
            Some(_) | None => {
                let message = "this should be an integration’s kind or name and a pattern, as in gitlab:payments/*";
                reading.fault(&item.place(), message);
            }
        }
    }
    patterns
}
