//! A small company, its rules and one change, for the tests of this folder.

use super::{Decision, World, decide, open};
use crate::calendar::Clock;
use crate::canonical::digest_of_bytes;
use crate::change::Change;
use crate::directory::{Directory, GroupSource, Person};
use crate::evaluation::Evaluation;
use crate::event::{Actor, Choice, Event};
use crate::gate::Gates;
use crate::hold::{Hold, Out};
use crate::ids::{ChangeId, ChangeKey, ChangeNumber, GroupName, InteractionId, PersonId, RequirementName};
use crate::input::{Act, Ballot, Deed, Input, Opening, Previous, Routed, Sight, Voter};
use crate::lock::Lock;
use crate::promotion::Succeeded;
use crate::quorum::{Abstain, Chair, Majority, Quorum, Rejection};
use crate::request::{Attributes, Author, Authors, Callback, Initiator, Origin, Request, SourceName, Subject};
use crate::roster::{Level, Roster};
use crate::rules::{
    Channel, Group, Part, PolicyRef, RationaleRule, RationaleRules, Requirement, Route, Rules, Separation, Stage, Step, StepAct,
    Superseded, Tell, UnknownAuthor, WhenNewerArrives,
};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub use crate::policy::samples::noon;

pub const GOOD_REASON: &str = "reviewed the diff and the canary";

pub fn person(id: &str) -> PersonId {
    PersonId::from(id)
}

/// `groups` as `name: member member, name: member`; everybody named is a person. `@name` is a roster, whose turns pass
/// every day at 13:00 UTC; that of the first member has begun an hour before.
pub fn directory(groups: &str) -> Directory {
    let parsed = groups.split(',').map(|group| group.trim().split_once(':').unwrap());
    let parsed = parsed.map(|(name, members)| (name, members.split_whitespace().map(PersonId::from).collect::<Vec<_>>()));
    let (rosters, groups): (Vec<_>, Vec<_>) = parsed.partition(|(name, _)| name.starts_with('@'));
    let on_call: BTreeSet<PersonId> = rosters.iter().flat_map(|(_, members)| members.clone()).collect();
    let rosters = rosters.into_iter().map(|(name, members)| (source(&name[1..]), roster(members)));
    let groups: BTreeMap<GroupSource, BTreeSet<PersonId>> =
        groups.into_iter().map(|(name, members)| (source(name), members.into_iter().collect())).collect();
    let ids: BTreeSet<PersonId> =
        groups.values().flatten().cloned().chain(on_call).chain([person("requester-1"), person("author-1")]).collect();
    let accounts = |id: &PersonId| BTreeMap::from([("gitlab".to_owned(), format!("account of {id}"))]);
    let people = ids.iter().map(|id| Person { id: id.clone(), name: id.to_string(), email: None, accounts: accounts(id) });
    Directory::with_rosters(people.collect(), groups, rosters.collect())
}

fn roster(members: Vec<PersonId>) -> Roster {
    let level = Level { since: "2026-11-23T12:00:00".parse().unwrap(), handover: "0 13 * * *".to_owned(), members };
    Roster { time_zone: "UTC".to_owned(), levels: vec![level], overrides: Vec::new() }
}

/// With the roster `on-call` among their groups.
pub fn on_call(mut rules: Rules) -> Rules {
    rules.groups.insert("on-call".into(), Group { on_duty: BTreeSet::from([1]), ..Group::of(source("on-call")) });
    rules
}

fn source(group: &str) -> GroupSource {
    GroupSource { source: "file".to_owned(), group: group.to_owned() }
}

/// `stages` as `stage: requirement group*count, …` with `;` between stages.
pub fn rules(stages: &str) -> Rules {
    let mut rules = no_rules();
    for stage in stages.split(';').filter(|stage| !stage.trim().is_empty()) {
        let (name, requirements) = stage.trim().split_once(':').unwrap();
        let requirements: Vec<Requirement> = requirements.split(',').map(requirement).collect();
        rules
            .stages
            .push(Stage { name: name.into(), requirements: requirements.iter().map(|requirement| requirement.name.clone()).collect() });
        rules.requirements.extend(requirements);
    }
    for name in ["devs", "ops", "security", "leads", "owners", "cab", "chairs"] {
        rules.groups.insert(name.into(), Group::of(source(name)));
    }
    rules
}

fn requirement(text: &str) -> Requirement {
    let (name, rest) = text.trim().split_once(' ').unwrap();
    let (groups, count) = rest.split_once('*').unwrap();
    Requirement::of(name.into(), groups.split('+').map(GroupName::from).collect(), count.parse().unwrap())
}

/// The same rules with the requirement `board` as the vote of a board in which a rejection is a vote.
pub fn board(mut rules: Rules, electorate: &str, chair: Option<&str>) -> Rules {
    let people = |names: &str| names.split_whitespace().map(person).collect();
    let chair = chair.map(|names| Chair { group: "chairs".into(), people: people(names) });
    let quorum = Quorum { electorate: people(electorate), majority: Majority::MoreThanHalf, abstain: Abstain::CountsForTurnout, chair };
    for requirement in rules.requirements.iter_mut().filter(|requirement| requirement.name.as_str() == "board") {
        requirement.quorum = Some(quorum.clone());
        requirement.a_rejection = Rejection::IsAVote;
    }
    rules
}

fn no_rules() -> Rules {
    Rules {
        policy: PolicyRef { name: "test".to_owned(), version: 1, digest: digest_of_bytes(b"policy") },
        owners: vec!["owners".into()],
        environment: "production".into(),
        class: "normal".into(),
        stages: Vec::new(),
        requirements: Vec::new(),
        groups: BTreeMap::new(),
        rationale: RationaleRules {
            approve: RationaleRule { required: true, min_length: 15 },
            reject: RationaleRule { required: true, min_length: 15 },
        },
        separation: Separation {
            excluded: BTreeSet::from([Part::Initiator, Part::CommitAuthor, Part::CommitCoAuthor, Part::Merger]),
            unknown_author: UnknownAuthor::Block,
            one_person_one_requirement: true,
        },
        expire_after_s: 24 * 3600,
        escalation: vec![
            Step { after_s: 900, back_off_percent: None, act: StepAct::RemindWaitingOn, via: BTreeSet::from([Route::ChatDm]) },
            Step { after_s: 3600, back_off_percent: None, act: StepAct::Add("leads".into()), via: BTreeSet::from([Route::ChatDm]) },
            Step {
                after_s: 7200,
                back_off_percent: None,
                act: StepAct::Reassign("leads".into()),
                via: BTreeSet::from([Route::ChatThread]),
            },
        ],
        clock: Clock::Wall,
        when_newer_arrives: WhenNewerArrives::Supersede,
        superseded: Superseded::LeaveToTool,
        channels: vec![Channel { platform: "slack".to_owned(), channel: "deploys".to_owned() }],
        tell_requester: BTreeSet::from([Tell::Approved, Tell::Rejected, Tell::Expired]),
        fields: Vec::new(),
        freezes: Vec::new(),
        window: None,
        promotion: None,
        lock: Lock::Free,
        gates: Gates::default(),
    }
}

pub fn request() -> Request {
    Request {
        key: ChangeKey::from("gitlab:7:production:a1b2c3d4"),
        title: "Validate cards faster".to_owned(),
        service: SourceName { kind: "gitlab".to_owned(), integration: "gitlab-main".into(), path: "payments/checkout-api".to_owned() },
        environment: "production".to_owned(),
        tier: Some("production".to_owned()),
        subject: Subject { commit: Some("a1b2c3d4e5f6".to_owned()), ..Subject::default() },
        version: None,
        git_ref: Some("main".to_owned()),
        url: None,
        sequence: Some(42),
        initiator: Initiator::Person(person("requester-1")),
        co_initiators: Vec::new(),
        authors: Some(author("author-1")),
        attributes: Attributes::default(),
        origin: origin("900"),
    }
}

pub fn author(id: &str) -> Authors {
    let author = Author { person: person(id), part: Part::CommitAuthor, commit: Some("a1b2c3d4".to_owned()) };
    Authors { known: vec![author], unknown: Vec::new() }
}

pub fn origin(run: &str) -> Origin {
    let params = BTreeMap::from([("run".to_owned(), run.to_owned())]);
    let callback = Callback { integration: "gitlab-main".into(), kind: "gitlab.deployment_approval".to_owned(), params };
    Origin { callback: Some(callback), event: "Deployment Hook/blocked".to_owned() }
}

/// A change with its whole log, driven step by step.
pub struct Story {
    pub directory: Directory,
    /// The pauses that are in force.
    pub holds: Vec<Hold>,
    /// In the environment before.
    pub succeeded: Option<Succeeded>,
    /// Another change of the lane.
    pub out: Option<Out>,
    pub log: Vec<Event>,
    pub change: Change,
    pub last: Decision,
    pub now: Timestamp,
    clicks: u32,
}

impl Story {
    pub fn opens(groups: &str, rules: Rules) -> Self {
        Self::opens_as(groups, Ok(rules), request(), None)
    }

    pub fn opens_as(groups: &str, rules: Result<Rules, crate::event::BlockReason>, request: Request, previous: Option<Previous>) -> Self {
        let directory = directory(groups);
        let expire_after_s = rules.as_ref().map_or(3600, |rules| rules.expire_after_s);
        let opening = Opening {
            id: ChangeId(uuid::Uuid::from_u128(1)),
            number: ChangeNumber(1042),
            request,
            routed: Routed { service: "checkout-api".to_owned(), expire_after_s, rules, evaluation: Evaluation::default() },
            previous,
            ahead: Vec::new(),
            actor: Actor::Integration { name: "gitlab-main".into() },
        };
        let last = open(opening, World::of(&directory.at(noon())), noon()).unwrap();
        Self {
            log: last.events.clone(),
            change: last.change.clone(),
            directory,
            holds: Vec::new(),
            succeeded: None,
            out: None,
            last,
            now: noon(),
            clicks: 0,
        }
    }

    pub fn act(&mut self, actor: Actor, act: Act) -> &mut Self {
        let directory = self.directory.at(self.now);
        let world = World { holds: &self.holds, succeeded: self.succeeded.as_ref(), out: self.out.as_ref(), ..World::of(&directory) };
        self.last = decide(&self.change, Input { actor, act }, world, self.now);
        self.change = self.last.change.clone();
        self.log.extend(self.last.events.clone());
        self
    }

    pub fn system(&mut self, act: Act) -> &mut Self {
        self.act(Actor::System, act)
    }

    /// What this person does to the change as it is, with a click of its own.
    pub fn deed(&mut self, who: &str) -> Deed {
        self.clicks += 1;
        let seen = Sight { round: self.change.round, digest: None };
        let interaction = InteractionId::new(format!("click-{}", self.clicks));
        Deed { by: Voter::Person(person(who)), seen, via: "slack".to_owned(), interaction }
    }

    pub fn ballot(&mut self, who: &str, choice: Choice, rationale: &str) -> Ballot {
        self.clicks += 1;
        Ballot {
            voter: Voter::Person(person(who)),
            choice,
            rationale: rationale.to_owned(),
            requirement: None::<RequirementName>,
            seen: Sight { round: self.change.round, digest: None },
            via: "slack".to_owned(),
            interaction: InteractionId::new(format!("click-{}", self.clicks)),
        }
    }

    pub fn cast(&mut self, ballot: Ballot) -> &mut Self {
        let actor = match &ballot.voter {
            Voter::Person(id) => Actor::Person { id: id.clone(), via: ballot.via.clone() },
            Voter::Unlinked { platform, account } => Actor::Account { platform: platform.clone(), account: account.clone() },
        };
        self.act(actor, Act::Vote(ballot))
    }

    pub fn approve(&mut self, who: &str) -> &mut Self {
        let ballot = self.ballot(who, Choice::Approve, GOOD_REASON);
        self.cast(ballot)
    }

    pub fn reject(&mut self, who: &str) -> &mut Self {
        let ballot = self.ballot(who, Choice::Reject, GOOD_REASON);
        self.cast(ballot)
    }

    pub fn after(&mut self, seconds: u64) -> &mut Self {
        self.now = self.now.plus_seconds(seconds);
        self.act(Actor::Timer, Act::Wake)
    }

    pub fn code(&self) -> Option<&'static str> {
        self.last.refusal.as_ref().map(crate::refusal::Refusal::code)
    }
}
