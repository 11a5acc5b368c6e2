//! Which votes are for which requirement, and who may give one: by the rights of their time and the memberships of today.

use crate::change::{CastVote, Change};
use crate::directory::Directory;
use crate::duties::own_part;
use crate::event::Choice;
use crate::ids::{GroupName, PersonId, RequirementName};
use crate::input::SIGNED_IN;
use crate::matching::{Seats, Sharing, assign, filled};
use crate::phase::Phase;
use crate::quorum::{Quorum, Tally};
use crate::rules::{Requirement, Rules};
use std::collections::BTreeSet;

/// One more person, as if they had approved too.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    pub person: &'a PersonId,
    /// The requirement that it is meant for alone.
    pub wish: Option<&'a RequirementName>,
    /// The door.
    pub via: &'a str,
}

/// Who may still be won for a requirement.
struct Hope {
    people: BTreeSet<PersonId>,
    tally: Tally,
    /// `Some`: one of these still has to vote.
    chair: Option<BTreeSet<PersonId>>,
}

#[derive(Clone, Copy)]
pub(super) struct Ballots<'a> {
    pub change: &'a Change,
    pub rules: &'a Rules,
    pub directory: &'a Directory,
}

impl Hope {
    /// The places that are left to fill when so many of these people stand aside.
    fn seats(&self, requirement: &Requirement, aside: u32) -> Seats {
        let Hope { people, tally, chair } = self;
        let people = people.clone();
        let Some(quorum) = &requirement.quorum else { return Seats { need: requirement.count, people, reserved: None } };
        let need = quorum.need(requirement.count, Tally { abstained: tally.abstained + aside, ..*tally });
        // A chair who stands aside has voted too.
        let chair = chair.as_ref().map(|chair| chair.intersection(&people).cloned().collect::<BTreeSet<_>>());
        Seats { need, reserved: chair.filter(|chair| aside == 0 || chair.is_empty()), people }
    }
}

impl<'a> Ballots<'a> {
    /// Every requirement with the index of its stage, in order.
    pub fn all(&self) -> impl Iterator<Item = (usize, &'a Requirement)> {
        let rules = self.rules;
        let stages = rules.stages.iter().enumerate();
        stages.flat_map(move |(index, stage)| stage.requirements.iter().filter_map(move |name| Some((index, rules.requirement(name)?))))
    }

    /// Those that have been opened and that this person may fill, as far as they don't wish for another.
    pub fn open_to<'b>(
        &'b self,
        person: &'b PersonId,
        wish: Option<&'b RequirementName>,
    ) -> impl Iterator<Item = (usize, &'a Requirement)> + 'b {
        let open = self.change.open_stage();
        let opened = self.all().filter(move |(stage, _)| open.is_some_and(|open| *stage <= open));
        opened.filter(move |(stage, requirement)| is_wished(wish, requirement) && self.may_fill(*stage, requirement, person))
    }

    /// Places of the stages that are or were open, with those who approved and may sit there.
    pub fn seats(&self, extra: Option<&Voice<'_>>) -> Vec<Seats> {
        self.all().map(|(stage, requirement)| self.seats_of(stage, requirement, extra)).collect()
    }

    fn seats_of(&self, stage: usize, requirement: &Requirement, extra: Option<&Voice<'_>>) -> Seats {
        let people = if self.is_still_to_come(stage) { BTreeSet::new() } else { self.approvers(stage, requirement, extra) };
        let Some(quorum) = &requirement.quorum else { return Seats { need: requirement.count, people, reserved: None } };
        let given = extra.map(|extra| extra.person);
        let tally = self.tally(stage, requirement, given);
        let reserved = self.chair_to_vote(stage, requirement, given).map(|chair| chair.intersection(&people).cloned().collect());
        Seats { need: quorum.need(requirement.count, tally), people, reserved }
    }

    /// Places with everybody who has not said no to them, as if all of these agreed.
    pub fn hopeful(&self) -> Vec<Seats> {
        let refused = |stage, requirement: &Requirement, person: &PersonId| {
            self.choice(stage, requirement, person).is_some_and(|choice| is_no(requirement, choice))
        };
        self.at_best(|stage, requirement| Hope {
            people: self.could_fill(stage, requirement).into_iter().filter(|person| !refused(stage, requirement, person)).collect(),
            tally: self.tally(stage, requirement, None),
            chair: self.chair_to_vote(stage, requirement, None),
        })
    }

    /// Places with everybody who may fill them, however anybody voted.
    pub fn everybody(&self) -> Vec<Seats> {
        self.at_best(|stage, requirement| {
            let people = self.could_fill(stage, requirement);
            let tally = Tally { eligible: number(people.len()), ..Tally::default() };
            let chair = requirement.quorum.as_ref().and_then(|quorum| quorum.chair.as_ref());
            Hope { chair: chair.map(|chair| self.chair_now(&chair.group, &chair.people, &people)), people, tally }
        })
    }

    /// Whoever of a board has to sign something else may still abstain on it, so a board is judged as if they did.
    fn at_best(&self, hope: impl Fn(usize, &Requirement) -> Hope) -> Vec<Seats> {
        let hopes: Vec<(&Requirement, Hope)> = self.all().map(|(stage, requirement)| (requirement, hope(stage, requirement))).collect();
        let mut seats: Vec<Seats> = hopes.iter().map(|(requirement, hope)| hope.seats(requirement, 0)).collect();
        for (index, (requirement, hope)) in hopes.iter().enumerate().filter(|(_, (requirement, _))| requirement.quorum.is_some()) {
            let aside = self.signing_elsewhere(&seats, index);
            if let Some(board) = seats.get_mut(index) {
                *board = hope.seats(requirement, aside);
            }
        }
        seats
    }

    /// How many of its people have no seat there once the other requirements are filled.
    fn signing_elsewhere(&self, seats: &[Seats], index: usize) -> u32 {
        let Some(board) = seats.get(index) else { return 0 };
        let others = seats.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, seats)| seats.clone());
        let all = Seats { need: number(board.people.len()), people: board.people.clone(), reserved: None };
        let assigned = self.assigned(&others.chain([all]).collect::<Vec<_>>());
        number(board.people.len() - assigned.last().map_or(0, Vec::len))
    }

    /// How the votes on it stand. `given` is reckoned as in favour, whatever they voted before.
    pub fn tally(&self, stage: usize, requirement: &Requirement, given: Option<&PersonId>) -> Tally {
        let people = self.could_fill(stage, requirement);
        let mut tally = Tally { eligible: number(people.len()), ..Tally::default() };
        for person in &people {
            let choice = if given == Some(person) { Some(Choice::Approve) } else { self.choice(stage, requirement, person) };
            match choice {
                Some(Choice::Approve) => tally.in_favour += 1,
                Some(Choice::Reject) => tally.against += 1,
                Some(Choice::Abstain) => tally.abstained += 1,
                Some(Choice::RequestChanges) | None => {}
            }
        }
        tally
    }

    /// Those of whom one still has to be in favour, because none of them has voted otherwise.
    fn chair_to_vote(&self, stage: usize, requirement: &Requirement, given: Option<&PersonId>) -> Option<BTreeSet<PersonId>> {
        let chair = requirement.quorum.as_ref()?.chair.as_ref()?;
        let people = self.chair_now(&chair.group, &chair.people, &self.could_fill(stage, requirement));
        let has_voted = |person: &PersonId| {
            given != Some(person) && self.choice(stage, requirement, person).is_some_and(|choice| choice != Choice::Approve)
        };
        if people.iter().any(has_voted) { None } else { Some(people) }
    }

    fn chair_now(&self, group: &GroupName, chair: &BTreeSet<PersonId>, board: &BTreeSet<PersonId>) -> BTreeSet<PersonId> {
        chair.intersection(board).filter(|person| self.rules.is_member(group, person, self.directory)).cloned().collect()
    }

    /// What this person says to it now.
    pub fn choice(&self, stage: usize, requirement: &Requirement, person: &PersonId) -> Option<Choice> {
        self.vote_on(stage, requirement, person).map(|vote| vote.voted.choice)
    }

    /// The newest vote that is for it. A board hears what is said since it was opened; elsewhere an approval is for every
    /// requirement that it fits, while a no or an abstention is for the stage that was open then.
    fn vote_on(&self, stage: usize, requirement: &Requirement, person: &PersonId) -> Option<&'a CastVote> {
        let is_for = |vote: &&CastVote| {
            &vote.voted.person == person
                && is_wished(vote.voted.requirement.as_ref(), requirement)
                && match vote.voted.choice {
                    Choice::Approve => requirement.quorum.is_none() || vote.stage >= Some(stage),
                    Choice::Reject | Choice::Abstain | Choice::RequestChanges => vote.stage == Some(stage),
                }
        };
        self.change.standing_votes().filter(is_for).last()
    }

    fn approvers(&self, stage: usize, requirement: &Requirement, extra: Option<&Voice<'_>>) -> BTreeSet<PersonId> {
        let voters = self.change.standing_votes().map(|vote| &vote.voted.person);
        let approves = |person: &&PersonId| {
            let vote = self.vote_on(stage, requirement, person).filter(|vote| vote.voted.choice == Choice::Approve);
            vote.is_some_and(|vote| self.could_fill_then(stage, requirement, vote))
        };
        let one_more = extra.filter(|extra| is_wished(extra.wish, requirement) && is_signed_in(requirement, extra.via));
        let one_more = one_more.map(|extra| extra.person);
        let one_more = one_more.filter(|person| self.may_fill(stage, requirement, person));
        voters.filter(approves).chain(one_more).cloned().collect()
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

    /// Whether this vote is for it: by the rights of its time and the memberships of today.
    fn could_fill_then(&self, stage: usize, requirement: &Requirement, vote: &CastVote) -> bool {
        let rights = self.change.added.get(..vote.rights).unwrap_or(&self.change.added);
        is_signed_in(requirement, &vote.voted.via) && self.may_fill_by(rights, stage, requirement, &vote.voted.person)
    }

    pub fn may_fill(&self, stage: usize, requirement: &Requirement, person: &PersonId) -> bool {
        self.may_fill_by(&self.change.added, stage, requirement, person)
    }

    fn may_fill_by(&self, added: &[(usize, GroupName)], stage: usize, requirement: &Requirement, person: &PersonId) -> bool {
        let in_group = |group: &GroupName| self.rules.is_member(group, person, self.directory);
        let named = requirement.from.iter().any(in_group);
        let may = match &requirement.quorum {
            Some(Quorum { electorate, .. }) => named && electorate.contains(person),
            None => named || added.iter().any(|(at, group)| *at == stage && in_group(group)),
        };
        may && own_part(self.change, self.rules, person).is_none()
    }

    pub fn could_fill(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        self.asked(stage, requirement).into_iter().filter(|person| self.may_fill(stage, requirement, person)).collect()
    }

    /// The members of its groups, and of those that the escalation added to its stage. Nobody is added to a board.
    pub fn asked(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        let added = self.change.added.iter().filter(|(at, _)| *at == stage && requirement.quorum.is_none());
        let groups: Vec<GroupName> = requirement.from.iter().cloned().chain(added.map(|(_, group)| group.clone())).collect();
        self.rules.members(&groups, self.directory)
    }

    /// How many more places are filled with this person than without.
    pub fn gain(&self, voice: Voice<'_>) -> usize {
        let without = filled(&self.assigned(&self.seats(None)));
        let with = filled(&self.assigned(&self.seats(Some(&voice))));
        with.saturating_sub(without)
    }

    pub fn assigned(&self, seats: &[Seats]) -> Vec<Vec<PersonId>> {
        assign(seats, self.sharing())
    }

    fn sharing(&self) -> Sharing {
        let exclusive = self.rules.separation.one_person_one_requirement;
        if exclusive { Sharing::OnePersonOneRequirement } else { Sharing::OnePersonAnyRequirement }
    }

    /// Whether this person counts for another requirement than this one, as the votes are.
    pub fn counts_elsewhere(&self, person: &PersonId, requirement: &Requirement) -> bool {
        let mut seated = self.all().zip(self.assigned(&self.seats(None)));
        seated.any(|((_, other), people)| other.name != requirement.name && people.contains(person))
    }

    /// The first requirement with a place that these people leave empty.
    pub fn first_short(&self, seats: &[Seats]) -> Option<(usize, &'a Requirement)> {
        let mut seated = self.all().zip(self.assigned(seats)).zip(seats);
        let short = seated.find(|((_, people), seats)| people.len() < seats.need as usize);
        short.map(|((requirement, _), _)| requirement)
    }
}

/// Whether a vote that is meant for one requirement alone, if for any, is meant for this one.
pub(super) fn is_wished(wish: Option<&RequirementName>, requirement: &Requirement) -> bool {
    wish.is_none_or(|wish| wish == &requirement.name)
}

/// Whether what comes by this door may be a signature for it.
pub(super) fn is_signed_in(requirement: &Requirement, via: &str) -> bool {
    !requirement.step_up || SIGNED_IN.contains(&via)
}

/// Whether whoever chose this is not to be hoped for. Abstaining leaves a number of people open, and a board not.
fn is_no(requirement: &Requirement, choice: Choice) -> bool {
    match choice {
        Choice::Reject => true,
        Choice::Abstain => requirement.quorum.is_some(),
        Choice::Approve | Choice::RequestChanges => false,
    }
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
