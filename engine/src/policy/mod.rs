//! The policy: loaded, checked and compiled once; asked once for each change that opens.
//!
//! `load` reads a file into a `Policy` and says everything that is wrong with it; `Policy::route` says what the
//! policy asks of one change. Neither reads a file, a clock or a database.

mod attributes;
mod blocks;
mod comparison;
mod condition;
mod deferred;
mod duration;
mod editor;
mod field;
mod foresight;
mod glob;
mod identifier;
mod inquiry;
mod judgement;
mod kind;
mod load;
mod names;
mod reading;
mod report;
mod route;
#[cfg(test)]
pub(crate) mod samples;
mod schema;
mod shape;
mod stack;
mod supposed;
#[cfg(test)]
mod tests;
mod trial;
mod yaml;

pub use attributes::AttributeFault;
pub use comparison::compare;
pub use deferred::{ask_again, unneeded};
pub use editor::editor_schema;
pub use foresight::Foreseen;
pub use judgement::judge;
pub use load::{Document, Loaded, load};
pub use report::{Finding, Report, Severity};
pub use schema::{Kind, NAMES, Name};
pub use yaml::MAX_FILE_BYTES;

pub(crate) use blocks::requirements::{Asks, Conditional};
pub(crate) use route::Asked;
pub use trial::{Cast, Expected, Given, Release, Trial, Votes};

use crate::calendar::Hours;
use crate::directory::Directory;
use crate::ids::{EnvironmentName, GroupName, PersonId};
use crate::quorum::Rejection;
use crate::rules::{Group, PolicyRef, Separation};
use crate::stop_the_line::StopTheLine;
use crate::window::Window;
use attributes::Attribute;
use blocks::classes::Class;
use blocks::defaults::Defaults;
use blocks::environments::Environment;
use blocks::escalations::Escalation;
use blocks::fields::AskedField;
use blocks::flows::{Choice, Flow};
use blocks::freezes::Freeze;
use blocks::gates::Gate;
use blocks::notifications::Notifications;
use blocks::services::Service;
use std::collections::{BTreeMap, BTreeSet};

/// A policy without a fault, compiled.
#[derive(Debug)]
pub struct Policy {
    reference: PolicyRef,
    owners: Vec<GroupName>,
    defaults: Defaults,
    services: Vec<Service>,
    groups: BTreeMap<GroupName, Group>,
    environments: Vec<Environment>,
    separation: Separation,
    classes: Vec<Class>,
    requirements: Vec<Conditional>,
    /// Empty: one stage after another, in the order in which the requirements name them.
    flows: Vec<Flow>,
    /// `None`: a change takes the flow that has its class's name.
    choices: Option<Vec<Choice>>,
    escalations: Vec<Escalation>,
    notifications: Notifications,
    fields: Vec<AskedField>,
    /// The names of the services.
    catalogue: Vec<String>,
    freezes: Vec<Freeze>,
    gates: Vec<Gate>,
    calendars: BTreeMap<String, Hours>,
    windows: BTreeMap<String, Window>,
    lists: BTreeMap<String, Vec<String>>,
    attributes: Vec<Attribute>,
    stop_the_line: Option<StopTheLine>,
    /// What one rejection comes to, where a board does not say otherwise.
    a_rejection: Rejection,
}

impl Policy {
    /// Who may pause releases by hand; `None`: nobody.
    pub fn stop_the_line(&self) -> Option<&StopTheLine> {
        self.stop_the_line.as_ref()
    }

    pub fn reference(&self) -> &PolicyRef {
        &self.reference
    }

    /// The groups that answer for the policy.
    pub fn owners(&self) -> &[GroupName] {
        &self.owners
    }

    /// The people of the owners' groups.
    pub fn owner_people(&self, directory: &Directory) -> BTreeSet<PersonId> {
        let sources = self.owners.iter().filter_map(|owner| self.groups.get(owner));
        sources.flat_map(|group| group.people(directory)).cloned().collect()
    }

    /// The zone that its wall times are meant in.
    pub fn time_zone(&self) -> chrono_tz::Tz {
        self.defaults.time_zone
    }

    /// In the order of the file.
    pub fn environments(&self) -> impl Iterator<Item = &EnvironmentName> {
        self.environments.iter().map(|environment| &environment.name)
    }

    /// The catalogue's names, in the order of the file.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.catalogue.iter().map(String::as_str)
    }

    pub fn catalogue(&self) -> &[String] {
        &self.catalogue
    }

    /// What is wrong with the attributes that a change brings.
    pub fn attribute_faults(&self, said: &BTreeMap<String, serde_json::Value>) -> Vec<AttributeFault> {
        attributes::faults(&self.attributes, said)
    }

    pub(crate) fn requirements(&self) -> &[Conditional] {
        &self.requirements
    }

    /// Whether conditions say which flow a change takes.
    pub(crate) fn chooses_flows(&self) -> bool {
        self.choices.is_some()
    }

    pub fn groups(&self) -> &BTreeMap<GroupName, Group> {
        &self.groups
    }
}
