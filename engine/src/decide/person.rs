//! The first steps at the door, the same for everything that a person does: seen before, seen what is there, known.

use super::draft::Draft;
use crate::change::Change;
use crate::ids::{InteractionId, PersonId};
use crate::input::{Sight, Voter};
use crate::refusal::Refusal;

/// Who acts, what they saw, and the interaction by which a repetition is known.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub by: &'a Voter,
    pub seen: &'a Sight,
    pub interaction: &'a InteractionId,
}

/// All three steps, for deeds that no state of the change stands before.
pub(super) fn person(draft: &Draft<'_>, known: Known<'_>) -> Result<PersonId, Refusal> {
    is_new(&draft.change, known.interaction)?;
    saw_the_current_round(&draft.change, known.seen)?;
    member(draft, known.by)
}

pub(super) fn is_new(change: &Change, interaction: &InteractionId) -> Result<(), Refusal> {
    match change.interactions.get(interaction) {
        Some(earlier) => Err(Refusal::Repeated { number: change.number, earlier: *earlier }),
        None => Ok(()),
    }
}

pub(super) fn saw_the_current_round(change: &Change, seen: &Sight) -> Result<(), Refusal> {
    let same_digest = seen.digest.as_ref().is_none_or(|digest| digest == &change.subject_digest);
    if seen.round == change.round && same_digest {
        return Ok(());
    }
    Err(Refusal::ChangedSinceSeen { number: change.number, digest: change.subject_digest.to_string() })
}

/// A person of the directory, by an explicit link.
pub(super) fn member(draft: &Draft<'_>, by: &Voter) -> Result<PersonId, Refusal> {
    match by {
        Voter::Unlinked { platform, .. } => Err(Refusal::NotLinked { platform: platform.clone() }),
        Voter::Person(person) if draft.world.directory.person(person).is_none() => Err(Refusal::NotInDirectory { person: person.clone() }),
        Voter::Person(person) => Ok(person.clone()),
    }
}
