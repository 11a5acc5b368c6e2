//! Separation of duties: who had a part in bringing a change about, and so may not approve it.

use crate::change::Change;
use crate::ids::PersonId;
use crate::request::Initiator;
use crate::rules::{Part, Rules};

/// A part that excludes somebody, with the commit that shows it if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPart {
    pub part: Part,
    pub commit: Option<String>,
}

/// The part that keeps this person from deciding, if any. One person is one person under all their accounts.
pub fn own_part(change: &Change, rules: &Rules, person: &PersonId) -> Option<OwnPart> {
    let excluded = &rules.separation.excluded;
    if excluded.contains(&Part::Initiator) && change.asked_for_it(person) {
        return Some(OwnPart { part: Part::Initiator, commit: None });
    }
    if change.evidence.is_by(person) {
        return Some(OwnPart { part: Part::FactSupplier, commit: None });
    }
    let authors = change.authors.iter().flat_map(|authors| &authors.known);
    let own = authors.filter(|author| &author.person == person && excluded.contains(&author.part));
    // The part that a commit shows is easier to look up.
    own.min_by_key(|author| author.commit.is_none()).map(|author| OwnPart { part: author.part, commit: author.commit.clone() })
}

/// Whether this person asked for it, wrote it, merged it or supplied its facts, whatever the rules say of that.
pub fn had_a_part(change: &Change, person: &PersonId) -> bool {
    let mut authors = change.authors.iter().flat_map(|authors| &authors.known);
    change.asked_for_it(person) || change.evidence.is_by(person) || authors.any(|author| &author.person == person)
}

/// Whether the rules exclude anybody besides the initiator, so that the forge has to be asked.
pub fn asks_for_authors(rules: &Rules) -> bool {
    rules.separation.excluded.iter().any(|part| match part {
        Part::Initiator | Part::FactSupplier => false,
        Part::CommitAuthor | Part::CommitCoAuthor | Part::Merger => true,
    })
}

/// The account that asked, if nobody has linked it: an unknown part can't be kept apart.
pub fn unknown_initiator(change: &Change, rules: &Rules) -> Option<String> {
    match change.initiator() {
        Initiator::Unknown { kind, account } if rules.separation.excluded.contains(&Part::Initiator) => {
            Some(format!("{kind} user {account}"))
        }
        Initiator::Unknown { .. } | Initiator::Person(_) => None,
    }
}
