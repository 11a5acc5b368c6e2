//! What a person does at a door that knows them by itself: judged and recorded like everything that comes by chat.

use super::apply::Outcome;
use super::{App, Failure};
use engine::change::Change;
use engine::decide::{World, decide};
use engine::directory::Directory;
use engine::event::{Actor, Choice, Precedence};
use engine::fields::Fields;
use engine::ids::{ChangeId, GateName, InteractionId, PersonId, RequirementName};
use engine::input::{Ballot, Deed, Sight, Submission, Voter, WaiverWish};
use engine::{Act, Input, Refusal, Timestamp};

/// Who acts, through which door, and what they saw.
#[derive(Clone, Debug)]
pub struct Personal {
    pub person: PersonId,
    /// The door's name in the record.
    pub via: &'static str,
    pub seen: Sight,
    pub interaction: InteractionId,
}

/// What they want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    Vote {
        choice: Choice,
        rationale: String,
        requirement: Option<RequirementName>,
    },
    /// Their own vote, back.
    TakeBack,
    /// The whole change, withdrawn.
    Withdraw {
        rationale: String,
    },
    Submit {
        fields: Fields,
        note: String,
    },
    Settle(Precedence),
    /// That a freeze is lifted for it.
    Override {
        rationale: String,
    },
    /// An exception for a gate.
    Waive {
        gate: GateName,
        rationale: String,
        ticket: String,
        until: Option<Timestamp>,
    },
}

impl Wanted {
    /// Before anything is written.
    pub fn vote(choice: Choice) -> Self {
        Self::Vote { choice, rationale: String::new(), requirement: None }
    }
}

impl Personal {
    /// Why this would be refused now, whatever is written; `None` if it may work. Nothing is recorded.
    pub fn obstacle(&self, change: &Change, directory: &Directory, wanted: Wanted, now: Timestamp) -> Option<Refusal> {
        // Pauses never stand in the way of a person's deed.
        let world = World::of(directory);
        decide(change, self.input(wanted), world, now).refusal.filter(|refusal| !refusal.is_mendable())
    }

    fn input(&self, wanted: Wanted) -> Input {
        let act = match wanted {
            Wanted::Vote { choice, rationale, requirement } => Act::Vote(self.ballot(choice, rationale, requirement)),
            Wanted::TakeBack => Act::WithdrawVote(self.deed()),
            Wanted::Withdraw { rationale } => Act::Withdraw { deed: self.deed(), rationale },
            Wanted::Submit { fields, note } => Act::Submit(Submission { deed: self.deed(), fields, note }),
            Wanted::Override { rationale } => Act::Override { deed: self.deed(), rationale },
            Wanted::Waive { gate, rationale, ticket, until } => {
                Act::WaiveGate(WaiverWish { deed: self.deed(), gate, rationale, ticket, until })
            }
            Wanted::Settle(precedence) => Act::Settle { deed: self.deed(), precedence },
        };
        Input { actor: Actor::Person { id: self.person.clone(), via: self.via.to_owned() }, act }
    }

    fn ballot(&self, choice: Choice, rationale: String, requirement: Option<RequirementName>) -> Ballot {
        Ballot {
            voter: Voter::Person(self.person.clone()),
            choice,
            rationale,
            requirement,
            seen: self.seen.clone(),
            via: self.via.to_owned(),
            interaction: self.interaction.clone(),
        }
    }

    fn deed(&self) -> Deed {
        Deed {
            by: Voter::Person(self.person.clone()),
            seen: self.seen.clone(),
            via: self.via.to_owned(),
            interaction: self.interaction.clone(),
        }
    }
}

impl App {
    /// Through the one door.
    pub async fn personally(&self, change: ChangeId, by: &Personal, wanted: Wanted) -> Result<Outcome, Failure> {
        self.apply(change, by.input(wanted)).await
    }
}
