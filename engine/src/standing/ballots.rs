//! Which votes are for which requirement, and who may give one: by the rights and duties of their time and the
//! memberships of today.

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

/// By what somebody may fill a requirement.
pub(super) struct Claim<'a> {
    pub person: &'a PersonId,
    /// Groups that an escalation gave the right, with their stage.
    pub rights: &'a [(usize, GroupName)],
    /// The rosters in which they were on duty when they voted; `None`: those of now. A handover takes no vote away, and
    /// completes no requirement.
    pub on_duty: Option<&'a [GroupName]>,
}

impl<'a> Claim<'a> {
    pub fn of(vote: &'a CastVote, change: &'a Change) -> Self {
        let rights = change.added.get(..vote.rights).unwrap_or(&change.added);
        Self { person: &vote.voted.person, rights, on_duty: Some(&vote.voted.on_duty) }
    }
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
            people: self.could_ever_fill(stage, requirement).into_iter().filter(|person| !refused(stage, requirement, person)).collect(),
            tally: self.tally(stage, requirement, None),
            chair: self.chair_to_vote(stage, requirement, None),
        })
    }

    /// Places with everybody who may fill them, however anybody voted.
    pub fn everybody(&self) -> Vec<Seats> {
        self.at_best(|stage, requirement| {
            let people = self.could_ever_fill(stage, requirement);
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
        self.votes_on(stage, requirement, person).next().map(|vote| vote.voted.choice)
    }

    /// The votes that are for it, newest first. A board hears what is said since it was opened; elsewhere an approval is
    /// for every requirement that it fits, while a no or an abstention is for the stage that was open then.
    fn votes_on<'b>(
        &self,
        stage: usize,
        requirement: &'b Requirement,
        person: &'b PersonId,
    ) -> impl Iterator<Item = &'a CastVote> + use<'a, 'b> {
        let is_for = move |vote: &&CastVote| {
            &vote.voted.person == person
                && is_wished(vote.voted.requirement.as_ref(), requirement)
                && match vote.voted.choice {
                    Choice::Approve => requirement.quorum.is_none() || vote.stage >= Some(stage),
                    Choice::Reject | Choice::Abstain | Choice::RequestChanges => vote.stage == Some(stage),
                }
        };
        self.change.standing_votes().rev().filter(is_for)
    }

    fn approvers(&self, stage: usize, requirement: &Requirement, extra: Option<&Voice<'_>>) -> BTreeSet<PersonId> {
        let voters = self.change.standing_votes().map(|vote| &vote.voted.person);
        let approves = |person: &&PersonId| {
            let mut approvals = self.votes_on(stage, requirement, person).take_while(|vote| vote.voted.choice == Choice::Approve);
            // Said again after a duty ended, it still counts by the first.
            approvals.any(|vote| self.could_fill_then(stage, requirement, vote))
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

    /// Whether this vote is for it: by the rights and the duties of its time and the memberships of today.
    fn could_fill_then(&self, stage: usize, requirement: &Requirement, vote: &CastVote) -> bool {
        is_signed_in(requirement, &vote.voted.via) && self.may_fill_by(&Claim::of(vote, self.change), stage, requirement)
    }

    pub fn may_fill(&self, stage: usize, requirement: &Requirement, person: &PersonId) -> bool {
        self.may_fill_by(&Claim { person, rights: &self.change.added, on_duty: None }, stage, requirement)
    }

    pub fn may_fill_by(&self, claim: &Claim<'_>, stage: usize, requirement: &Requirement) -> bool {
        let named = requirement.from.iter().any(|group| self.is_in(claim, group));
        let may = match &requirement.quorum {
            Some(Quorum { electorate, .. }) => named && electorate.contains(claim.person),
            None => named || claim.rights.iter().any(|(at, group)| *at == stage && self.is_in(claim, group)),
        };
        may && own_part(self.change, self.rules, claim.person).is_none()
    }

    fn is_in(&self, claim: &Claim<'_>, group: &GroupName) -> bool {
        match claim.on_duty {
            Some(then) => self.rules.was_member(group, claim.person, then, self.directory),
            None => self.rules.is_member(group, claim.person, self.directory),
        }
    }

    pub fn could_fill(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        self.asked(stage, requirement).into_iter().filter(|person| self.may_fill(stage, requirement, person)).collect()
    }

    /// Who could fill it now, has filled it, or could while on duty.
    fn could_ever_fill(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        let may = |person: &PersonId| self.directory.person(person).is_some() && own_part(self.change, self.rules, person).is_none();
        let everybody = self.ever_asked(stage, requirement).into_iter().filter(may);
        everybody.chain(self.approvers(stage, requirement, None)).collect()
    }

    /// The members of its groups, and of those that the escalation added to its stage.
    pub fn asked(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        self.rules.members(&self.groups_asked(stage, requirement), self.directory)
    }

    /// As `asked`, with everybody who is on duty at some time; of a board those who vote.
    pub fn ever_asked(&self, stage: usize, requirement: &Requirement) -> BTreeSet<PersonId> {
        let everybody = self.rules.everybody(&self.groups_asked(stage, requirement), self.directory);
        let is_on_it = |person: &PersonId| requirement.quorum.as_ref().is_none_or(|quorum| quorum.electorate.contains(person));
        everybody.into_iter().filter(is_on_it).collect()
    }

    /// Nobody is added to a board.
    fn groups_asked(&self, stage: usize, requirement: &Requirement) -> Vec<GroupName> {
        let added = self.change.added.iter().filter(|(at, _)| *at == stage && requirement.quorum.is_none());
        requirement.from.iter().cloned().chain(added.map(|(_, group)| group.clone())).collect()
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
