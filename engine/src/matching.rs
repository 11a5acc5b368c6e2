//! Votes are assigned to requirements by maximum matching, so that no order of clicks gets stuck and nobody is counted twice.

use crate::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// A requirement as the matching sees it: so many places, and the people who may take one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats {
    pub need: u32,
    pub people: BTreeSet<PersonId>,
    /// `Some`: one of the places is for one of these, who are among `people`.
    pub reserved: Option<BTreeSet<PersonId>>,
}

/// Whether one person may fill more than one requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    OnePersonOneRequirement,
    OnePersonAnyRequirement,
}

/// Who counts for which requirement: as many places filled as possible, earlier requirements first.
///
/// The result depends on the sets alone, never on the order in which people voted. Filling a later requirement
/// may move people between earlier ones, but never empties a place that was filled.
pub fn assign(requirements: &[Seats], sharing: Sharing) -> Vec<Vec<PersonId>> {
    match sharing {
        Sharing::OnePersonAnyRequirement => requirements.iter().flat_map(|one| Matching::of(std::slice::from_ref(one)).result()).collect(),
        Sharing::OnePersonOneRequirement => Matching::of(requirements).result(),
    }
}

/// How many places an assignment fills.
pub fn filled(assignment: &[Vec<PersonId>]) -> usize {
    assignment.iter().map(Vec::len).sum()
}

/// Places of one requirement that the same people may take.
struct Slot<'a> {
    requirement: usize,
    need: usize,
    people: &'a BTreeSet<PersonId>,
}

struct Matching<'a> {
    requirements: usize,
    slots: Vec<Slot<'a>>,
    /// Who sits in which slot.
    taken: BTreeMap<&'a PersonId, usize>,
}

impl<'a> Matching<'a> {
    fn of(requirements: &'a [Seats]) -> Self {
        let slots = requirements.iter().enumerate().flat_map(|(requirement, seats)| slots(requirement, seats)).collect();
        let mut matching = Self { requirements: requirements.len(), slots, taken: BTreeMap::new() };
        for index in 0..matching.slots.len() {
            // A place that can't be filled now can't be filled by looking for a second one either.
            while matching.has_room(index) && matching.seat_one(index, &mut BTreeSet::new()) {}
        }
        matching
    }

    fn has_room(&self, index: usize) -> bool {
        let taken = self.taken.values().filter(|taken| **taken == index).count();
        self.slots.get(index).is_some_and(|slot| taken < slot.need)
    }

    /// Finds an augmenting path that seats one more person at `index` (Kuhn's algorithm).
    fn seat_one(&mut self, index: usize, tried: &mut BTreeSet<&'a PersonId>) -> bool {
        let Some(people) = self.slots.get(index).map(|slot| slot.people) else { return false };
        for person in people {
            if !tried.insert(person) || self.taken.get(person) == Some(&index) {
                continue;
            }
            let free = match self.taken.get(person).copied() {
                None => true,
                Some(elsewhere) => self.seat_one(elsewhere, tried),
            };
            if free {
                self.taken.insert(person, index);
                return true;
            }
        }
        false
    }

    fn result(self) -> Vec<Vec<PersonId>> {
        let of = |index: &usize| self.slots.get(*index).map(|slot| slot.requirement);
        let seated =
            |requirement| self.taken.iter().filter(move |(_, slot)| of(slot) == Some(requirement)).map(|(person, _)| (*person).clone());
        (0..self.requirements).map(|requirement| seated(requirement).collect()).collect()
    }
}

/// The reserved place first, so that nobody else's seat can keep it empty.
fn slots(requirement: usize, seats: &Seats) -> Vec<Slot<'_>> {
    let reserved = seats.reserved.as_ref().filter(|_| seats.need > 0);
    let rest = seats.need as usize - usize::from(reserved.is_some());
    let first = reserved.map(|people| Slot { requirement, need: 1, people });
    first.into_iter().chain([Slot { requirement, need: rest, people: &seats.people }]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seats(need: u32, people: &[&str]) -> Seats {
        Seats { need, people: people.iter().map(|person| PersonId::from(*person)).collect(), reserved: None }
    }

    #[test]
    fn a_person_moves_so_that_another_fits() {
        let requirements = [seats(1, &["a", "b"]), seats(1, &["a"])];
        let assignment = assign(&requirements, Sharing::OnePersonOneRequirement);
        assert_eq!(assignment, vec![vec![PersonId::from("b")], vec![PersonId::from("a")]]);
    }

    #[test]
    fn nobody_counts_twice_unless_sharing_is_allowed() {
        let requirements = [seats(1, &["a"]), seats(1, &["a"])];
        assert_eq!(filled(&assign(&requirements, Sharing::OnePersonOneRequirement)), 1);
        assert_eq!(filled(&assign(&requirements, Sharing::OnePersonAnyRequirement)), 2);
    }

    #[test]
    fn a_reserved_place_is_for_its_people_alone() {
        let board = |people: &[&str], reserved: &[&str]| Seats { reserved: Some(seats(1, reserved).people), ..seats(2, people) };
        for sharing in [Sharing::OnePersonOneRequirement, Sharing::OnePersonAnyRequirement] {
            assert_eq!(filled(&assign(&[board(&["a", "b"], &[])], sharing)), 1, "one of two places stays empty");
            let both = vec![vec![PersonId::from("a"), PersonId::from("c")]];
            assert_eq!(assign(&[board(&["a", "b", "c"], &["c"])], sharing), both, "and nobody takes two");
        }
    }

    /// The largest number of filled places, by trying every person at every requirement.
    fn exhaustive(requirements: &[Seats], left: &mut Vec<u32>, people: &[PersonId]) -> usize {
        let Some((person, rest)) = people.split_first() else { return 0 };
        let mut best = exhaustive(requirements, left, rest);
        for (index, seats) in requirements.iter().enumerate() {
            if left[index] > 0 && seats.people.contains(person) {
                left[index] -= 1;
                best = best.max(1 + exhaustive(requirements, left, rest));
                left[index] += 1;
            }
        }
        best
    }

    fn any_requirements() -> impl Strategy<Value = Vec<Seats>> {
        let people = prop::collection::btree_set("[a-f]", 0..6);
        let one = (0u32..4, people).prop_map(|(need, people)| Seats {
            need,
            people: people.into_iter().map(PersonId::new).collect(),
            reserved: None,
        });
        prop::collection::vec(one, 0..4)
    }

    proptest! {
        #[test]
        fn fills_as_many_places_as_possible(requirements in any_requirements()) {
            let people: BTreeSet<PersonId> = requirements.iter().flat_map(|seats| seats.people.clone()).collect();
            let people: Vec<PersonId> = people.into_iter().collect();
            let mut left: Vec<u32> = requirements.iter().map(|seats| seats.need).collect();
            let best = exhaustive(&requirements, &mut left, &people);
            prop_assert_eq!(filled(&assign(&requirements, Sharing::OnePersonOneRequirement)), best);
        }

        #[test]
        fn seats_only_those_who_may_and_nobody_twice(requirements in any_requirements()) {
            let assignment = assign(&requirements, Sharing::OnePersonOneRequirement);
            let mut seen = BTreeSet::new();
            for (seats, people) in requirements.iter().zip(&assignment) {
                prop_assert!(people.len() <= seats.need as usize);
                for person in people {
                    prop_assert!(seats.people.contains(person));
                    prop_assert!(seen.insert(person.clone()));
                }
            }
        }
    }
}
