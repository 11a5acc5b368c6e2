//! How a change stands now: who counts for what, what is missing, and who is waited on.
//!
//! The same computation that `decide` enforces and that cards show (invariant 21).

use crate::change::{CastVote, Change};
use crate::directory::Directory;
use crate::duties::own_part;
use crate::event::{Choice, Counted};
use crate::ids::{GroupName, PersonId, RequirementName};
use crate::matching::{Seats, Sharing, assign, filled};
use crate::phase::Phase;
use crate::rules::{Group, Requirement, Rules};
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// In the order of the stages, those to come included.
    pub requirements: Vec<RequirementStanding>,
    /// The people who could fill a still open requirement now and are still asked.
    pub waiting_on: BTreeSet<PersonId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequirementStanding {
    pub name: RequirementName,
    /// Indexes `Rules::stages`.
    pub stage: usize,
    /// Whether its stage has been opened: a closed one opens again when a vote in it is struck.
    pub open: bool,
    pub need: u32,
    pub counted: Vec<PersonId>,
}

impl RequirementStanding {
    pub fn missing(&self) -> u32 {
        self.need.saturating_sub(u32::try_from(self.counted.len()).unwrap_or(u32::MAX))
    }
}

impl Standing {
    pub fn needed(&self) -> u32 {
        self.requirements.iter().map(|requirement| requirement.need).sum()
    }

    pub fn given(&self) -> u32 {
        self.requirements.iter().map(|requirement| requirement.need - requirement.missing()).sum()
    }

    /// Requirements that have been opened and miss somebody.
    pub fn open_and_missing(&self) -> impl Iterator<Item = &RequirementStanding> {
        self.requirements.iter().filter(|requirement| requirement.open && requirement.missing() > 0)
    }

    pub fn counted(&self) -> Vec<Counted> {
        let each = |requirement: &RequirementStanding| {
            let name = requirement.name.clone();
            requirement.counted.iter().map(move |person| Counted { requirement: name.clone(), person: person.clone() }).collect::<Vec<_>>()
        };
        self.requirements.iter().flat_map(each).collect()
    }
}

/// The standing of a change that has rules; an empty one otherwise.
pub fn standing(change: &Change, directory: &Directory) -> Standing {
    let Some(rules) = &change.rules else { return Standing::default() };
    let ballot = Ballots { change, rules, directory };
    let assignment = assign(&ballot.seats(None), sharing(rules));
    let open_stage = change.open_stage();
    let requirements = ballot.all().zip(assignment).map(|((stage, requirement), counted)| RequirementStanding {
        name: requirement.name.clone(),
        stage,
        open: open_stage.is_some_and(|open| stage <= open),
        need: requirement.need(),
        counted,
    });
    Standing { requirements: requirements.collect(), waiting_on: ballot.waiting_on() }
}

/// Whether one more approval by this person would fill a place that is open now.
pub fn is_useful(change: &Change, rules: &Rules, person: &PersonId, directory: &Directory, wish: Option<&RequirementName>) -> bool {
    let ballots = Ballots { change, rules, directory };
    ballots.gain(person, wish) > 0
}

/// Whether this person may fill any requirement that has been opened, full or not: those may also reject.
pub fn is_eligible(change: &Change, rules: &Rules, person: &PersonId, directory: &Directory) -> bool {
    let ballots = Ballots { change, rules, directory };
    let Some(open) = change.open_stage() else { return false };
    ballots.all().any(|(stage, requirement)| stage <= open && ballots.may_fill(stage, requirement, person))
}

/// Whether this person may fill any requirement, opened or not: those may also say what goes first.
pub fn may_decide(change: &Change, rules: &Rules, person: &PersonId, directory: &Directory) -> bool {
    let ballots = Ballots { change, rules, directory };
    ballots.all().any(|(stage, requirement)| ballots.may_fill(stage, requirement, person))
}

/// Everybody in the groups that this requirement asks, whether they may or not.
pub fn asked_people(change: &Change, name: &RequirementName, directory: &Directory) -> BTreeSet<PersonId> {
    let Some(rules) = &change.rules else { return BTreeSet::new() };
    let ballots = Ballots { change, rules, directory };
    let asked = ballots.all().find(|(_, requirement)| &requirement.name == name);
    asked.map(|(stage, requirement)| ballots.asked(stage, requirement)).unwrap_or_default()
}

/// The requirement that could not be filled even if everybody eligible agreed, those on duty at another time included.
pub fn unsatisfiable(change: &Change, directory: &Directory) -> Option<RequirementName> {
    let rules = change.rules.as_ref()?;
    let ballots = Ballots { change, rules, directory };
    let everybody: Vec<Seats> = ballots
        .all()
        .map(|(stage, requirement)| Seats { need: requirement.need(), people: ballots.could_ever_fill(stage, requirement) })
        .collect();
    let assignment = assign(&everybody, sharing(rules));
    let short = ballots.all().zip(assignment).find(|((_, requirement), seated)| seated.len() < requirement.need() as usize);
    short.map(|((_, requirement), _)| requirement.name.clone())
}

/// Votes whose voter no longer may fill anything, with the reason: the role is gone, or the person.
pub fn lost_votes(change: &Change, directory: &Directory) -> Vec<(PersonId, String)> {
    let Some(rules) = &change.rules else { return Vec::new() };
    let ballots = Ballots { change, rules, directory };
    let upto = change.open_stage().unwrap_or(usize::MAX);
    let may_still = |vote: &CastVote| {
        let claim = Claim { rights: &change.added, ..Claim::of(vote, change) };
        ballots.all().any(|(stage, requirement)| stage <= upto && ballots.may_fill_by(&claim, stage, requirement))
    };
    let approvals = change.standing_votes().filter(|vote| vote.voted.choice == Choice::Approve);
    let lost = approvals.filter(|vote| !may_still(vote));
    lost.map(|vote| (vote.voted.person.clone(), why_lost(change, rules, &vote.voted.person))).collect()
}

fn why_lost(change: &Change, rules: &Rules, person: &PersonId) -> String {
    match own_part(change, rules, person) {
        Some(_) => "had a part in it, as is known now".to_owned(),
        None => "no longer a member of the groups that are asked".to_owned(),
    }
}

fn sharing(rules: &Rules) -> Sharing {
    if rules.separation.one_person_one_requirement { Sharing::OnePersonOneRequirement } else { Sharing::OnePersonAnyRequirement }
}

impl Requirement {
    fn need(&self) -> u32 {
        self.count
    }
}

/// By what somebody may fill a requirement.
struct Claim<'a> {
    person: &'a PersonId,
    /// Groups that an escalation gave the right, with their stage.
    rights: &'a [(usize, GroupName)],
    /// The rosters in which they were on duty when they voted; `None`: those of now. A handover takes no vote away, and
    /// completes no requirement.
    on_duty: Option<&'a [GroupName]>,
}

impl<'a> Claim<'a> {
    fn of(vote: &'a CastVote, change: &'a Change) -> Self {
        let rights = change.added.get(..vote.rights).unwrap_or(&change.added);
        Self { person: &vote.voted.person, rights, on_duty: Some(&vote.voted.on_duty) }
    }
}

/// One more person, as if they had approved too.
struct Extra<'a> {
    person: &'a PersonId,
    wish: Option<&'a RequirementName>,
}

struct Ballots<'a> {
    change: &'a Change,
    rules: &'a Rules,
    directory: &'a Directory,
}

impl<'a> Ballots<'a> {
    /// Every requirement with the index of its stage, in order.
    fn all(&self) -> impl Iterator<Item = (usize, &'a Requirement)> {
        let rules = self.rules;
        let stages = rules.stages.iter().enumerate();
        stages.flat_map(move |(index, stage)| stage.requirements.iter().filter_map(move |name| Some((index, rules.requirement(name)?))))
    }

    /// Places of the stages that are or were open, with those who approved and may sit there.
    fn seats(&self, extra: Option<&Extra<'_>>) -> Vec<Seats> {
        self.all()
            .map(|(stage, requirement)| Seats { need: requirement.need(), people: self.approvers(stage, requirement, extra) })
            .collect()
    }

    fn approvers(&self, stage: usize, requirement: &Requirement, extra: Option<&Extra<'_>>) -> BTreeSet<PersonId> {
        if self.is_still_to_come(stage) {
            return BTreeSet::new();
        }
        let wishes = |wish: Option<&RequirementName>| wish.is_none_or(|wish| wish == &requirement.name);
        let approvals = self.change.standing_votes().filter(|vote| vote.voted.choice == Choice::Approve);
        let wished = approvals.filter(|vote| wishes(vote.voted.requirement.as_ref()));
        let voted = wished.filter(|vote| self.could_fill_then(stage, requirement, vote)).map(|vote| &vote.voted.person);
        let one_more = extra.filter(|extra| wishes(extra.wish)).map(|extra| extra.person);
        voted.chain(one_more.filter(|person| self.may_fill(stage, requirement, person))).cloned().collect()
    }

    fn is_still_to_come(&self, stage: usize) -> bool {
        match &self.change.phase {
            Phase::Draft { .. } | Phase::Gating | Phase::Blocked { .. } => true,
            Phase::Pending { stage: open } => stage > *open,
            Phase::Approved { .. }
            | Phase::Released { .. }
            | Phase::Deploying { .. }
            | Phase::Finished { .. }
            | Phase::Rejected { .. }
            | Phase::Expired { .. }
            | Phase::Cancelled { .. }
            | Phase::Superseded { .. } => false,
        }
    }

    /// Whether this vote is for it: by the rights and the duties of its time and the memberships of today.
    fn could_fill_then(&self, stage: usize, requirement: &Requirement, vote: &CastVote) -> bool {
        self.may_fill_by(&Claim::of(vote, self.change), stage, requirement)
    }

    fn may_fill(&self, stage: usize, requirement: &Requirement, person: &PersonId) -> bool {
        self.may_fill_by(&Claim { person, rights: &self.change.added, on_duty: None }, stage, requirement)
    }

    fn may_fill_by(&self, claim: &Claim<'_>, stage: usize, requirement: &Requirement) -> bool {
        let named = requirement.from.iter().any(|group| self.is_in(claim, group));
        let added = claim.rights.iter().any(|(at, group)| *at == stage && self.is_in(claim, group));
        (named || added) && own_part(self.change, self.rules, claim.person).is_none()
    }

    fn is_in(&self, claim: &Claim<'_>, group: &GroupName) -> bool {
        let is_roster = self.rules.groups.get(group).is_some_and(Group::is_roster);
        match claim.on_duty.filter(|_| is_roster) {
            Some(then) => then.contains(group) && self.directory.person(claim.person).is_some(),
            None => self.rules.is_member(group, claim.person, self.directory),
        }
    }

    fn could_fill(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        self.asked(stage, requirement).into_iter().filter(|person| self.may_fill(stage, requirement, person)).collect()
    }

    /// Who could fill it now, has filled it, or could while on duty.
    fn could_ever_fill(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        let everybody = self.rules.everybody(&self.groups_asked(stage, requirement), self.directory);
        let may = |person: &PersonId| self.directory.person(person).is_some() && own_part(self.change, self.rules, person).is_none();
        let approvals = self.change.standing_votes().filter(|vote| vote.voted.choice == Choice::Approve);
        let filled = approvals.filter(|vote| self.could_fill_then(stage, requirement, vote)).map(|vote| vote.voted.person.clone());
        everybody.into_iter().filter(may).chain(filled).collect()
    }

    /// The members of its groups, and of those that the escalation added to its stage.
    fn asked(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        self.rules.members(&self.groups_asked(stage, requirement), self.directory)
    }

    fn groups_asked(&self, stage: usize, requirement: &Requirement) -> Vec<GroupName> {
        let added = self.change.added.iter().filter(|(at, _)| *at == stage).map(|(_, group)| group.clone());
        requirement.from.iter().cloned().chain(added).collect()
    }

    /// How many more places are filled with this person than without.
    fn gain(&self, person: &PersonId, wish: Option<&RequirementName>) -> usize {
        let sharing = sharing(self.rules);
        let without = filled(&assign(&self.seats(None), sharing));
        let with = filled(&assign(&self.seats(Some(&Extra { person, wish })), sharing));
        with.saturating_sub(without)
    }

    fn waiting_on(&self) -> BTreeSet<PersonId> {
        let Some(open) = self.change.open_stage() else { return BTreeSet::new() };
        let candidates =
            self.all().filter(|(stage, _)| *stage <= open).flat_map(|(stage, requirement)| self.could_fill(stage, requirement));
        let candidates: BTreeSet<PersonId> = candidates.collect();
        let voted = |person: &PersonId| self.change.standing_votes().any(|vote| &vote.voted.person == person);
        candidates.into_iter().filter(|person| !voted(person) && self.is_asked(person) && self.gain(person, None) > 0).collect()
    }

    /// A reassignment stops asking the others; a group with `notify: false` is asked only where a step named it.
    fn is_asked(&self, person: &PersonId) -> bool {
        let member = |group: &GroupName| self.rules.is_member(group, person, self.directory);
        if let Some(group) = &self.change.reassigned_to {
            return member(group);
        }
        let loud = |group: &&GroupName| self.rules.groups.get(*group).is_some_and(|group| group.notify);
        let named = self.rules.requirements.iter().flat_map(|requirement| &requirement.from).filter(loud);
        named.chain(self.change.added.iter().map(|(_, group)| group)).any(member)
    }
}
