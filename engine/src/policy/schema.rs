//! What conditions may ask about: each name, its kind, its meaning, and where its value comes from.
//!
//! The only table of these names: the check of conditions, their evaluation and the documentation read it.

use super::attributes::Attribute;
use super::blocks::services::Service;
use super::deferred::{answers, of_incident};
pub use super::kind::Kind;
use super::supposed::Supposed;
use crate::fact::{FactField, FactKind};
use crate::fields::FieldValue;
use crate::ids::{ClassName, EnvironmentName};
use crate::incident::Incident;
use crate::request::{Attributes, Request};
use crate::spelling;
use std::collections::{BTreeMap, BTreeSet};

/// A value that a condition may read.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Flag(bool),
    Whole(i64),
    Fraction(f64),
    Text(String),
    Texts(Vec<String>),
}

impl From<&FieldValue> for Fact {
    fn from(value: &FieldValue) -> Self {
        match value {
            FieldValue::Text(text) => Self::Text(text.clone()),
            FieldValue::List(items) => Self::Texts(items.clone()),
        }
    }
}

/// The change that a condition is asked about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub request: &'a Request,
    pub service: &'a Service,
    pub environment: &'a EnvironmentName,
    /// `None` while the class itself is being found.
    pub class: Option<&'a ClassName>,
    /// What the policy declares.
    pub attributes: &'a [Attribute],
    /// `None`: a real change.
    pub supposed: Option<&'a Supposed>,
    /// The incident that a condition is asked about; `None`: none is known.
    pub incident: Option<&'a Incident>,
}

impl About<'_> {
    /// Every name with what it says of this change; those that are not known are left out.
    pub fn known(&self) -> impl Iterator<Item = (String, Fact)> {
        let built_in = NAMES.iter().filter_map(|row| Some((row.name.to_owned(), self.built_in(row)?)));
        let declared = self.attributes.iter().filter_map(|attribute| Some((attribute.full_name(), self.declared(attribute)?)));
        built_in.chain(declared).chain(answers(&self.request.subject.fields))
    }

    /// What one name says of this change, if it is known.
    pub fn value(&self, name: &str) -> Option<Fact> {
        match NAMES.iter().find(|row| row.name == name) {
            Some(row) => self.built_in(row),
            None if name.starts_with(FIELDS) => {
                answers(&self.request.subject.fields).find(|(answered, _)| answered == name).map(|(_, value)| value)
            }
            None => self.declared(self.attributes.iter().find(|attribute| attribute.full_name() == name)?),
        }
    }

    fn built_in(&self, row: &Name) -> Option<Fact> {
        let known = (row.read)(self);
        match self.supposed {
            // While it is being found, the class has no value to suppose.
            Some(supposed) if row.name != CLASS => supposed.value(row.name, row.kind, known),
            Some(_) | None => known,
        }
    }

    fn declared(&self, attribute: &Attribute) -> Option<Fact> {
        let known = attribute.value(&self.request.attributes.extra);
        match self.supposed {
            Some(supposed) => supposed.value(&attribute.full_name(), attribute.kind.kind(), known),
            None => known,
        }
    }
}

/// One name; `read` answers `None` for what is not known.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    pub name: &'static str,
    pub kind: Kind,
    pub meaning: &'static str,
    pub read: fn(&About<'_>) -> Option<Fact>,
}

/// The name that tells the classes apart; unknown while the class is being found.
pub const CLASS: &str = "change.class";
/// The name of the environment, as the policy calls it.
pub const ENVIRONMENT: &str = "environment";
/// What a requester answers: `fields.criterion`.
pub const FIELDS: &str = "fields";

/// What the names of an incident begin with.
pub const INCIDENT: &str = "incident.";

/// What the condition of a gate calls its fact.
pub const FACT: &str = "fact";

/// Every name. Those that answer `None` always are part of the language, but no part of this build knows them yet.
pub const NAMES: &[Name] = &[
    Name { name: CLASS, kind: Kind::Text, meaning: "The class that was found for the change.", read: |about| about.class.map(text) },
    Name {
        name: "change.declared",
        kind: Kind::Text,
        meaning: "The class that the requester declared; empty if none.",
        read: |about| attributes(about, |its| &its.declared),
    },
    Name {
        name: "change.kind",
        kind: Kind::Text,
        meaning: "What is asked for: deployment.",
        read: |_| Some(Fact::Text("deployment".to_owned())),
    },
    Name {
        name: "change.paths",
        kind: Kind::TEXTS,
        meaning: "The files that the change touches.",
        read: |about| texts(&about.request.attributes.paths),
    },
    Name {
        name: "change.services",
        kind: Kind::TEXTS,
        meaning: "The services that the change concerns; its own if the source names none.",
        read: services,
    },
    Name {
        name: "change.data_classes",
        kind: Kind::TEXTS,
        meaning: "The data classes of the service and of the change together.",
        read: data_classes,
    },
    Name {
        name: "change.affected_systems",
        kind: Kind::TEXTS,
        meaning: "The systems that the requester says are affected.",
        read: |about| texts(&about.request.attributes.affected_systems),
    },
    Name {
        name: "change.size",
        kind: Kind::Whole,
        meaning: "How many lines changed.",
        read: |about| about.request.attributes.size.map(Fact::Whole),
    },
    Name {
        name: "change.has_migration",
        kind: Kind::Flag,
        meaning: "Whether the change migrates a database.",
        read: |about| Some(Fact::Flag(about.request.attributes.has_migration)),
    },
    Name {
        name: "change.fixes_incident",
        kind: Kind::Mention,
        meaning: "The incident that the change is to end; empty if none.",
        read: |about| attributes(about, |its| &its.fixes_incident),
    },
    Name { name: "change.authors", kind: Kind::TEXTS, meaning: "The people who wrote the change, by id.", read: authors },
    Name {
        name: "change.template",
        kind: Kind::Text,
        meaning: "The template that the change was made from; empty if none.",
        read: |about| attributes(about, |its| &its.template),
    },
    Name {
        name: "change.ref",
        kind: Kind::Text,
        meaning: "The branch or tag.",
        read: |about| about.request.git_ref.clone().map(Fact::Text),
    },
    Name {
        name: "change.version",
        kind: Kind::Text,
        meaning: "The version, as the source calls it.",
        read: |about| about.request.version.clone().map(Fact::Text),
    },
    Name {
        name: "service.name",
        kind: Kind::Text,
        meaning: "The service, as the catalogue calls it.",
        read: |about| Some(text(&about.service.name)),
    },
    Name {
        name: "service.criticality",
        kind: Kind::Text,
        meaning: "The service's criticality; empty if the catalogue does not say.",
        read: |about| Some(text(&about.service.criticality)),
    },
    Name {
        name: "service.data_classes",
        kind: Kind::TEXTS,
        meaning: "The data classes of the service.",
        read: |about| texts(&about.service.data_classes),
    },
    Name {
        name: "service.team",
        kind: Kind::Text,
        meaning: "The service's team; empty if the catalogue does not say.",
        read: |about| Some(text(&about.service.team)),
    },
    Name {
        name: "service.owners",
        kind: Kind::TEXTS,
        meaning: "The groups that own the service.",
        read: |about| Some(Fact::Texts(about.service.owners.iter().map(ToString::to_string).collect())),
    },
    Name {
        name: "service.change_failure_rate_90d",
        kind: Kind::Fraction,
        meaning: "The share of the service's changes of 90 days that failed.",
        read: |_| None,
    },
    Name {
        name: ENVIRONMENT,
        kind: Kind::Text,
        meaning: "The environment, as the policy calls it.",
        read: |about| Some(text(about.environment)),
    },
    Name { name: "risk.score", kind: Kind::Fraction, meaning: "The risk of the change, 0 to 100.", read: |_| None },
    Name {
        name: "incident.id",
        kind: Kind::Text,
        meaning: "The incident, as whoever reports it calls it.",
        read: |about| of_incident("incident.id", about.incident),
    },
    Name {
        name: "incident.severity",
        kind: Kind::Text,
        meaning: "The incident's severity, in the words of whoever reports it.",
        read: |about| of_incident("incident.severity", about.incident),
    },
    Name {
        name: "incident.services",
        kind: Kind::TEXTS,
        meaning: "The services that the incident concerns.",
        read: |about| of_incident("incident.services", about.incident),
    },
    Name {
        name: "incident.open",
        kind: Kind::Flag,
        meaning: "Whether the incident is still open; false where none is known.",
        read: |about| of_incident("incident.open", about.incident),
    },
    Name { name: "incident.opened", kind: Kind::Flag, meaning: "Whether the incident opened just now.", read: |_| None },
    Name {
        name: "incident.caused_by_service",
        kind: Kind::Text,
        meaning: "The service that caused the incident; not known where nobody said so.",
        read: |about| of_incident("incident.caused_by_service", about.incident),
    },
];

fn text(value: &(impl ToString + ?Sized)) -> Fact {
    Fact::Text(value.to_string())
}

fn texts(values: &[String]) -> Option<Fact> {
    Some(Fact::Texts(values.to_vec()))
}

fn attributes(about: &About<'_>, attribute: fn(&Attributes) -> &String) -> Option<Fact> {
    Some(text(attribute(&about.request.attributes)))
}

fn services(about: &About<'_>) -> Option<Fact> {
    let named = &about.request.attributes.services;
    if named.is_empty() { Some(Fact::Texts(vec![about.service.name.clone()])) } else { texts(named) }
}

fn data_classes(about: &About<'_>) -> Option<Fact> {
    let both: BTreeSet<&String> = about.service.data_classes.iter().chain(&about.request.attributes.data_classes).collect();
    Some(Fact::Texts(both.into_iter().cloned().collect()))
}

/// Not known before the forge was asked, nor when it left somebody out.
fn authors(about: &About<'_>) -> Option<Fact> {
    let authors = about.request.authors.as_ref().filter(|authors| authors.unknown.is_empty())?;
    Some(Fact::Texts(authors.known.iter().map(|author| author.person.to_string()).collect()))
}

/// The names that the conditions of one policy may use.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Names that every policy has.
    pub built_in: &'static [Name],
    /// Names besides: attributes that the policy declares.
    pub declared: BTreeMap<String, Kind>,
    /// What a name may be compared with, where the policy lists all its values.
    pub values: BTreeMap<String, Vec<String>>,
    /// Named constants: a condition that names one means its entries.
    pub lists: BTreeMap<String, Vec<String>>,
}

impl Default for Schema {
    fn default() -> Self {
        Self { built_in: NAMES, declared: BTreeMap::new(), values: BTreeMap::new(), lists: BTreeMap::new() }
    }
}

impl Schema {
    /// What the condition of a gate may use: the fields of its fact, and the lists of the policy.
    pub fn of_fact(kind: &FactKind, lists: &BTreeMap<String, Vec<String>>) -> Self {
        let field = |field: &FactField| (format!("{FACT}.{}", field.name), Kind::from(field.kind));
        let declared = kind.fields.iter().map(field).collect();
        Self { built_in: &[], declared, values: BTreeMap::new(), lists: lists.clone() }
    }

    /// The kind of a full name such as `change.size`.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        let built_in = self.built_in.iter().find(|row| row.name == name).map(|row| row.kind);
        let declared = || self.declared.get(name).copied();
        built_in.or_else(declared).or_else(|| self.lists.contains_key(name).then_some(Kind::TEXTS))
    }

    /// Whether there are names that begin with this one and a dot.
    pub fn is_prefix(&self, name: &str) -> bool {
        self.names().any(|known| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }

    /// The known name that is nearest to an unknown one.
    pub fn nearest(&self, name: &str) -> Option<String> {
        spelling::nearest(name, self.names())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let declared = self.declared.keys().chain(self.lists.keys()).map(String::as_str);
        self.built_in.iter().map(|row| row.name).chain(declared)
    }
}
