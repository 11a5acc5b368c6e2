//! What a policy calls a group: the members of a group of the directory, or whoever is on duty in a roster.

use crate::directory::{Directory, GroupSource};
use crate::ids::{GroupName, PersonId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub from: GroupSource,
    /// `false` keeps the group out of mentions and reminders unless a step names it.
    pub notify: bool,
    /// Levels of the roster `from`, counted from 1: in it is whoever is on duty there. Empty: `from` is no roster.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub on_duty: BTreeSet<u32>,
}

/// Who is on duty, as a change's log has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDuty {
    /// Of every roster that the rules name.
    pub people: BTreeMap<GroupName, BTreeSet<PersonId>>,
    /// When this may be another; `None`: not by itself.
    pub until: Option<Timestamp>,
}

impl Group {
    pub fn of(from: GroupSource) -> Self {
        Self { from, notify: true, on_duty: BTreeSet::new() }
    }

    pub fn is_roster(&self) -> bool {
        !self.on_duty.is_empty()
    }

    /// Whether the directory has what its people come from.
    pub fn is_known(&self, directory: &Directory) -> bool {
        match self.is_roster() {
            true => directory.roster(&self.from).is_some(),
            false => directory.has_group(&self.from),
        }
    }

    /// Whether this person is in it at the instant of the directory.
    pub fn has(&self, person: &PersonId, directory: &Directory) -> bool {
        match self.is_roster() {
            true => directory.person(person).is_some() && self.people(directory).any(|member| member == person),
            false => directory.is_member(&self.from, person),
        }
    }

    /// Who is in it at the instant of the directory. One person may be on duty at two levels.
    pub fn people<'a>(&'a self, directory: &'a Directory) -> impl Iterator<Item = &'a PersonId> {
        let levels = (1..).zip(directory.shifts(&self.from)).filter(|(level, _)| self.on_duty.contains(level));
        let on_duty = levels.filter_map(|(_, shift)| shift.person.as_ref());
        let members = directory.members(&self.from).filter(|_| !self.is_roster());
        members.chain(on_duty)
    }

    /// Who is in it at some time: of a roster whoever has a turn.
    pub fn everybody<'a>(&'a self, directory: &'a Directory) -> impl Iterator<Item = &'a PersonId> {
        let roster = directory.roster(&self.from).filter(|_| self.is_roster());
        let members = directory.members(&self.from).filter(|_| !self.is_roster());
        members.chain(roster.into_iter().flat_map(|roster| roster.everybody(&self.on_duty)))
    }

    /// When somebody else may be on duty.
    pub fn changes_at(&self, directory: &Directory) -> Option<Timestamp> {
        let levels = (1..).zip(directory.shifts(&self.from)).filter(|(level, _)| self.on_duty.contains(level));
        levels.filter_map(|(_, shift)| shift.until).min()
    }
}
