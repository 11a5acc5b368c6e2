//! How a change stands now: who counts for what, what is missing, and who is waited on.
//!
//! The same computation that `decide` enforces and that cards show (invariant 21).

mod ballots;

use crate::block::{BlockReason, Shortage};
use crate::change::{CastVote, Change};
use crate::directory::Directory;
use crate::duties::own_part;
use crate::event::{Choice, Counted};
use crate::ids::{GroupName, PersonId, RequirementName};
use crate::input::SIGNED_IN;
use crate::quorum::{Outvoted, Rejection, Tally};
use crate::rules::Rules;
pub use ballots::Voice;
use ballots::{Ballots, Claim, is_signed_in, number};
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
    /// Of a board, how many in favour make it certain; it falls with votes against and with abstentions.
    pub need: u32,
    pub counted: Vec<PersonId>,
    /// `Some`: how a board has voted so far.
    pub tally: Option<Tally>,
}

impl RequirementStanding {
    pub fn missing(&self) -> u32 {
        self.need.saturating_sub(number(self.counted.len()))
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
    let ballots = Ballots { change, rules, directory };
    let seats = ballots.seats(None);
    let assignment = ballots.assigned(&seats);
    let open_stage = change.open_stage();
    let requirements = ballots.all().zip(seats).zip(assignment).map(|(((stage, requirement), seats), counted)| RequirementStanding {
        name: requirement.name.clone(),
        stage,
        open: open_stage.is_some_and(|open| stage <= open),
        need: seats.need,
        counted,
        tally: requirement.quorum.as_ref().map(|_| ballots.tally(stage, requirement, None)),
    });
    Standing { requirements: requirements.collect(), waiting_on: waiting_on(&ballots) }
}

/// Whether one more approval by this person would fill a place that is open now, or be heard by a board that is not
/// decided: all of its members may speak.
pub fn is_useful(change: &Change, rules: &Rules, directory: &Directory, voice: Voice<'_>) -> bool {
    let ballots = Ballots { change, rules, directory };
    ballots.gain(voice) > 0 || has_a_say(&ballots, voice)
}

fn has_a_say(ballots: &Ballots<'_>, Voice { person, wish, .. }: Voice<'_>) -> bool {
    let mut boards = ballots.open_to(person, wish).filter(|(_, requirement)| requirement.quorum.is_some());
    boards.any(|(stage, requirement)| {
        let is_new = ballots.choice(stage, requirement, person) != Some(Choice::Approve);
        is_new && (Some(stage) == ballots.change.open_stage() || is_missing(ballots, &requirement.name))
    })
}

fn is_missing(ballots: &Ballots<'_>, name: &RequirementName) -> bool {
    let seats = ballots.seats(None);
    let assigned = ballots.assigned(&seats);
    let mut all = ballots.all().zip(seats).zip(assigned);
    all.any(|(((_, requirement), seats), people)| &requirement.name == name && people.len() < seats.need as usize)
}

/// Whether this person may fill any requirement that has been opened, full or not: those may also reject.
pub fn is_eligible(change: &Change, rules: &Rules, person: &PersonId, directory: &Directory) -> bool {
    let ballots = Ballots { change, rules, directory };
    ballots.open_to(person, None).next().is_some()
}

/// Whether everything that this person could speak to now has to be signed at another door.
pub fn needs_sign_in(change: &Change, rules: &Rules, directory: &Directory, voice: Voice<'_>) -> bool {
    let ballots = Ballots { change, rules, directory };
    let asked: Vec<_> = ballots.open_to(voice.person, voice.wish).filter(|(stage, _)| Some(*stage) == change.open_stage()).collect();
    !asked.is_empty() && asked.iter().all(|(_, requirement)| !is_signed_in(requirement, voice.via))
}

/// What a rejection by this person would come to. A veto anywhere is one, unless they say which requirement they mean;
/// `None`: the requirements that they could speak to are closed, and a rejection there was one vote.
pub fn rejection(
    change: &Change,
    rules: &Rules,
    person: &PersonId,
    directory: &Directory,
    wish: Option<&RequirementName>,
) -> Option<Rejection> {
    let ballots = Ballots { change, rules, directory };
    let open: Vec<_> = ballots.open_to(person, wish).collect();
    if open.iter().any(|(_, requirement)| requirement.a_rejection == Rejection::IsAVeto) {
        return Some(Rejection::IsAVeto);
    }
    open.iter().any(|(stage, _)| Some(*stage) == change.open_stage()).then_some(Rejection::IsAVote)
}

/// The board of the open stage that this person belongs to now, but did not when the change opened.
pub fn joined_later(change: &Change, rules: &Rules, person: &PersonId, directory: &Directory) -> Option<GroupName> {
    let ballots = Ballots { change, rules, directory };
    let open = change.open_stage()?;
    let mut boards = ballots.all().filter(|(stage, _)| *stage == open).filter_map(|(_, requirement)| {
        let quorum = requirement.quorum.as_ref().filter(|quorum| !quorum.electorate.contains(person))?;
        let group = requirement.from.first()?;
        Some((quorum, group)).filter(|(_, group)| rules.is_member(group, person, directory))
    });
    boards.next().map(|(_, group)| group.clone())
}

/// Whether this person votes on a board that is open now.
pub fn is_on_open_board(change: &Change, rules: &Rules, person: &PersonId, directory: &Directory) -> bool {
    let ballots = Ballots { change, rules, directory };
    let mut boards = ballots.open_to(person, None).filter(|(_, requirement)| requirement.quorum.is_some());
    boards.any(|(stage, _)| Some(stage) == change.open_stage())
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

/// The requirement that could not be filled even if everybody eligible agreed, those on duty at another time included, and
/// why.
pub fn unsatisfiable(change: &Change, directory: &Directory) -> Option<BlockReason> {
    let rules = change.rules.as_ref()?;
    let ballots = Ballots { change, rules, directory };
    let seats = ballots.everybody();
    let (stage, requirement) = ballots.first_short(&seats)?;
    let members = ballots.ever_asked(stage, requirement);
    let excluded = members.iter().filter(|person| own_part(change, rules, person).is_some()).count();
    let need = ballots.all().zip(&seats).find(|((_, other), _)| other.name == requirement.name).map(|(_, seats)| seats);
    let chair = requirement.quorum.as_ref().and_then(|quorum| quorum.chair.as_ref()).map(|chair| chair.group.clone());
    let has_no_chair = need.and_then(|seats| seats.reserved.as_ref()).is_some_and(BTreeSet::is_empty);
    let shortage = Shortage {
        groups: requirement.from.clone(),
        need: need.map_or(requirement.count, |seats| seats.need),
        members: number(members.len()),
        excluded: number(excluded),
        chair: chair.filter(|_| has_no_chair),
    };
    Some(BlockReason::NobodyCanApprove { requirement: requirement.name.clone(), shortage: Some(shortage) })
}

/// The requirement that can't be filled any more because of those who said no, though it could have been.
pub fn outvoted(change: &Change, directory: &Directory) -> Option<Outvoted> {
    let rules = change.rules.as_ref()?;
    if change.standing_votes().all(|vote| vote.voted.choice == Choice::Approve) {
        return None;
    }
    let ballots = Ballots { change, rules, directory };
    // What comes later may still be met by whoever stands aside now.
    let (stage, requirement) = ballots.first_short(&ballots.hopeful()).filter(|(stage, _)| Some(*stage) <= change.open_stage())?;
    if unsatisfiable(change, directory).is_some() {
        return None;
    }
    Some(Outvoted { requirement: requirement.name.clone(), tally: ballots.tally(stage, requirement, None) })
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
    let all: BTreeSet<&PersonId> = change.standing_votes().map(|vote| &vote.voted.person).collect();
    let kept: BTreeSet<&PersonId> = change.standing_votes().filter(|vote| may_still(vote)).map(|vote| &vote.voted.person).collect();
    all.difference(&kept).map(|person| ((*person).clone(), why_lost(change, rules, person))).collect()
}

fn why_lost(change: &Change, rules: &Rules, person: &PersonId) -> String {
    match own_part(change, rules, person) {
        Some(_) => "had a part in it, as is known now".to_owned(),
        None => "no longer a member of the groups that are asked".to_owned(),
    }
}

fn waiting_on(ballots: &Ballots<'_>) -> BTreeSet<PersonId> {
    let change = ballots.change;
    let Some(open) = change.open_stage() else { return BTreeSet::new() };
    let candidates =
        ballots.all().filter(|(stage, _)| *stage <= open).flat_map(|(stage, requirement)| ballots.could_fill(stage, requirement));
    let candidates: BTreeSet<PersonId> = candidates.collect();
    let has_voted = |person: &PersonId| change.standing_votes().any(|vote| &vote.voted.person == person && is_answer(ballots, vote.stage));
    let helps = |person: &PersonId| ballots.gain(Voice { person, wish: None, via: SIGNED_IN[0] }) > 0 || can_stand_aside(ballots, person);
    candidates.into_iter().filter(|person| !has_voted(person) && is_asked(ballots, person) && helps(person)).collect()
}

/// Whoever counts elsewhere is reckoned against a board until they vote on it, and can abstain.
fn can_stand_aside(ballots: &Ballots<'_>, person: &PersonId) -> bool {
    let mut boards = ballots.open_to(person, None).filter(|(_, requirement)| requirement.quorum.is_some());
    boards.any(|(_, requirement)| ballots.counts_elsewhere(person, requirement) && is_missing(ballots, &requirement.name))
}

/// A vote answers what is asked now; one of an earlier stage answers no board.
fn is_answer(ballots: &Ballots<'_>, cast: Option<usize>) -> bool {
    let open = ballots.change.open_stage();
    let has_board = ballots.all().any(|(stage, requirement)| Some(stage) == open && requirement.quorum.is_some());
    cast == open || !has_board
}

/// A reassignment stops asking the others; a group with `notify: false` is asked only where a step named it.
fn is_asked(ballots: &Ballots<'_>, person: &PersonId) -> bool {
    let (change, rules) = (ballots.change, ballots.rules);
    let member = |group: &GroupName| rules.is_member(group, person, ballots.directory);
    if let Some(group) = &change.reassigned_to {
        return member(group);
    }
    let loud = |group: &&GroupName| rules.groups.get(*group).is_some_and(|group| group.notify);
    let named = rules.requirements.iter().flat_map(|requirement| &requirement.from).filter(loud);
    named.chain(change.added.iter().map(|(_, group)| group)).any(member)
}
