//! Who could approve now: everybody whom an open requirement asks, tried at the door itself, so that what is said here
//! can't differ from what happens there. Nothing is recorded.

use super::vote::takes_votes;
use super::{World, decide};
use crate::change::Change;
use crate::event::{Actor, Choice};
use crate::ids::{InteractionId, PersonId, RequirementName};
use crate::input::{Act, Ballot, Input, SIGNED_IN, Sight, Voter};
use crate::refusal::Refusal;
use crate::standing::{RequirementStanding, Standing, asked_people, standing};
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// No press of a button has this id.
const LOOKING: &str = "nobody pressed anything";

/// An open requirement that misses somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub requirement: RequirementName,
    /// At least 1.
    pub missing: u32,
    /// Everybody in the groups that it asks, those whom the escalation added included, by id.
    pub members: Vec<Member>,
    /// People of other requirements whose approval would free one who counts there for a place here.
    pub movers: Vec<PersonId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    /// What they would be told if they approved now; `None`: it would count.
    pub refusal: Option<Refusal>,
    /// The requirement that their approval counts for already.
    pub counts_for: Option<RequirementName>,
}

impl Wanted {
    pub fn can(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.refusal.is_none())
    }

    /// Whether a place stays empty even if all of them approve. Two requirements may still need the same person.
    pub fn is_short(&self) -> bool {
        self.can().count() + self.movers.len() < self.missing as usize
    }
}

/// In the order of the stages.
///
/// # Errors
/// Why nobody is asked: the change takes no votes.
pub fn who(change: &Change, world: World<'_>, now: Timestamp) -> Result<Vec<Wanted>, Refusal> {
    takes_votes(change)?;
    let look = Look { change, world, now };
    let standing = standing(change, world.directory);
    let movers = look.movers(&standing);
    let wanted = standing.open_and_missing().map(|open| Wanted {
        requirement: open.name.clone(),
        missing: open.missing(),
        members: asked_people(change, &open.name, world.directory)
            .into_iter()
            .map(|person| look.member(person, &open.name, &standing))
            .collect(),
        movers: movers.clone(),
    });
    Ok(wanted.collect())
}

struct Look<'a> {
    change: &'a Change,
    world: World<'a>,
    now: Timestamp,
}

impl Look<'_> {
    fn member(&self, person: PersonId, requirement: &RequirementName, standing: &Standing) -> Member {
        let refusal = self.refusal(&person, Some(requirement));
        let mut opened = standing.requirements.iter();
        let counts_for = opened.find(|opened| opened.counted.contains(&person)).map(|opened| opened.name.clone());
        Member { person, refusal, counts_for }
    }

    /// Those of full requirements, and of no other, who could approve all the same.
    fn movers(&self, standing: &Standing) -> Vec<PersonId> {
        let asked = |requirement: &RequirementStanding| asked_people(self.change, &requirement.name, self.world.directory);
        let wanted: BTreeSet<PersonId> = standing.open_and_missing().flat_map(asked).collect();
        let full = standing.requirements.iter().filter(|requirement| requirement.open && requirement.missing() == 0);
        let others: BTreeSet<PersonId> = full.flat_map(asked).filter(|person| !wanted.contains(person)).collect();
        others.into_iter().filter(|person| self.refusal(person, None).is_none()).collect()
    }

    fn refusal(&self, person: &PersonId, requirement: Option<&RequirementName>) -> Option<Refusal> {
        let ballot = Ballot {
            voter: Voter::Person(person.clone()),
            choice: Choice::Approve,
            rationale: String::new(),
            requirement: requirement.cloned(),
            seen: Sight { round: self.change.round, digest: None },
            // What a signature could not come by is not why somebody can't give it.
            via: SIGNED_IN[0].to_owned(),
            interaction: InteractionId::new(LOOKING),
        };
        let actor = Actor::Person { id: person.clone(), via: String::new() };
        decide(self.change, Input { actor, act: Act::Ask(ballot) }, self.world, self.now).refusal
    }
}
