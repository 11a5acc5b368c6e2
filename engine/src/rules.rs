//! What a policy asks of one change, compiled: pinned in its `opened` event, and the only thing a vote is judged by.
//!
//! No conditions here: they were evaluated once, when the change opened.

use crate::calendar::Clock;
use crate::directory::Directory;
use crate::fields::FieldRule;
use crate::freeze::Freeze;
use crate::gate::Gates;
pub use crate::group::Group;
use crate::ids::{ClassName, Digest, EnvironmentName, GroupName, PersonId, RequirementName, StageName};
use crate::lock::Lock;
use crate::promotion::Promotion;
use crate::quorum::{Quorum, Rejection};
use crate::window::Window;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How often one step reminds while a stage is open.
pub const MAX_REMINDERS: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRef {
    pub name: String,
    pub version: u32,
    pub digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    pub policy: PolicyRef,
    pub owners: Vec<GroupName>,
    pub environment: EnvironmentName,
    pub class: ClassName,
    /// The stages in their order; each has at least one requirement. Empty: an explicit class asks for nobody.
    pub stages: Vec<Stage>,
    pub requirements: Vec<Requirement>,
    /// Every group that anything here names, with where its people come from.
    pub groups: BTreeMap<GroupName, Group>,
    pub rationale: RationaleRules,
    pub separation: Separation,
    pub expire_after_s: u64,
    /// Frozen at opening; measured from the opening of each stage.
    pub escalation: Vec<Step>,
    /// What the steps are measured by.
    #[serde(default)]
    pub clock: Clock,
    pub when_newer_arrives: WhenNewerArrives,
    pub superseded: Superseded,
    pub channels: Vec<Channel>,
    pub tell_requester: BTreeSet<Tell>,
    /// What the requester has to fill in before anybody is asked.
    #[serde(default)]
    pub fields: Vec<FieldRule>,
    /// The freezes that cover the change and come before it expires.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freezes: Vec<Freeze>,
    /// Only in it does the change go out; `None`: at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// What the environment before has to have shown; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    /// Whether it waits while another change of its lane is out.
    #[serde(default, skip_serializing_if = "Lock::is_free")]
    pub lock: Lock,
    /// What the facts about the change have to say before it goes out.
    #[serde(default, skip_serializing_if = "Gates::is_empty")]
    pub gates: Gates,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: StageName,
    pub requirements: Vec<RequirementName>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub name: RequirementName,
    pub from: Vec<GroupName>,
    /// How many different people agree; of a board, how many have to vote.
    pub count: u32,
    /// `None`: a number of people is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Quorum>,
    #[serde(default, skip_serializing_if = "Rejection::is_usual")]
    pub a_rejection: Rejection,
    /// Whoever signs does not see how the others of the stage voted before all are in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blind: bool,
    /// It is signed only where people sign in for themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub step_up: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RationaleRules {
    pub approve: RationaleRule,
    pub reject: RationaleRule,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RationaleRule {
    pub required: bool,
    /// Visible characters.
    pub min_length: u32,
}

/// Who may not approve besides nobody. domain.md: initiator, authors, co-authors, merger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separation {
    pub excluded: BTreeSet<Part>,
    pub unknown_author: UnknownAuthor,
    pub one_person_one_requirement: bool,
}

/// The part that a person had in bringing a change about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Initiator,
    CommitAuthor,
    CommitCoAuthor,
    Merger,
    /// Supplied a fact that gates go by. Never needs to be listed: nobody decides by their own facts.
    FactSupplier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownAuthor {
    Block,
    InitiatorOnly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenNewerArrives {
    /// The newer one replaces the older.
    Supersede,
    /// The newer one waits until the older has ended.
    Queue,
    /// A person says which.
    Ask,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Superseded {
    LeaveToTool,
    Reject,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Channel {
    pub platform: String,
    pub channel: String,
}

/// States that the requester hears of by direct message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    Approved,
    Rejected,
    Expired,
    Released,
    Failed,
    Held,
}

/// One step of an escalation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Seconds of the rules' clock.
    pub after_s: u64,
    /// A reminder comes again, each pause so many percent of the one before; at least 100. `None`: it comes once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_off_percent: Option<u32>,
    pub act: StepAct,
    pub via: BTreeSet<Route>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", content = "who", rename_all = "snake_case")]
pub enum StepAct {
    /// The people who could fill an open requirement now.
    RemindWaitingOn,
    Remind(GroupName),
    /// Also may fill the open requirements, and is asked.
    Add(GroupName),
    /// As `Add`, and the others are no longer asked. Nobody loses eligibility.
    Reassign(GroupName),
    /// Is told; gains no right.
    Tell(GroupName),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    ChatDm,
    ChatThread,
}

impl Step {
    /// The seconds of the rules' clock after which it comes, earliest first: one, or ever more of a reminder that comes again.
    pub fn times_s(&self) -> impl Iterator<Item = u64> {
        let again = move |(at, pause): &(u64, u64)| {
            let pause = pause.saturating_mul(u64::from(self.back_off_percent?)) / 100;
            Some((at.saturating_add(pause), pause))
        };
        std::iter::successors(Some((self.after_s, self.after_s)), again).map(|(at, _)| at)
    }
}

impl Requirement {
    /// So many people of these groups, where one rejection is a veto.
    pub fn of(name: RequirementName, from: Vec<GroupName>, count: u32) -> Self {
        Self { name, from, count, quorum: None, a_rejection: Rejection::IsAVeto, blind: false, step_up: false }
    }
}

impl Rules {
    pub fn requirement(&self, name: &RequirementName) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| &requirement.name == name)
    }

    /// Everybody in any of these groups, without doubles.
    pub fn members(&self, groups: &[GroupName], directory: &Directory) -> BTreeSet<PersonId> {
        let known = groups.iter().filter_map(|group| self.groups.get(group));
        known.flat_map(|group| group.people(directory)).cloned().collect()
    }

    /// As `members`, with everybody who is on duty at some time.
    pub fn everybody(&self, groups: &[GroupName], directory: &Directory) -> BTreeSet<PersonId> {
        let known = groups.iter().filter_map(|group| self.groups.get(group));
        known.flat_map(|group| group.everybody(directory)).cloned().collect()
    }

    pub fn is_member(&self, group: &GroupName, person: &PersonId, directory: &Directory) -> bool {
        self.groups.get(group).is_some_and(|group| group.has(person, directory))
    }

    /// Whether what this person did earlier counts as done by a member: of a roster by the duty of that time, so that a
    /// handover undoes nothing, of any other group by the membership of today.
    pub fn was_member(&self, name: &GroupName, person: &PersonId, on_duty: &[GroupName], directory: &Directory) -> bool {
        let Some(group) = self.groups.get(name) else { return false };
        match group.is_roster() {
            true => on_duty.contains(name) && directory.person(person).is_some(),
            false => group.has(person, directory),
        }
    }

    /// The rosters in which this person is on duty.
    pub fn duties_of(&self, person: &PersonId, directory: &Directory) -> Vec<GroupName> {
        let own = self.groups.iter().filter(|(_, group)| group.is_roster() && group.has(person, directory));
        own.map(|(name, _)| name.clone()).collect()
    }
}
