//! Votes are assigned to requirements by maximum matching, so that no order of clicks gets stuck and nobody is counted twice.

use crate::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// A requirement as the matching sees it: so many places, and the people who may take one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats {
    pub need: u32,
    pub people: BTreeSet<PersonId>,
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
        Sharing::OnePersonAnyRequirement => requirements.iter().map(first_comers).collect(),
        Sharing::OnePersonOneRequirement => Matching::of(requirements).result(),
    }
}

/// How many places an assignment fills.
pub fn filled(assignment: &[Vec<PersonId>]) -> usize {
    assignment.iter().map(Vec::len).sum()
}

fn first_comers(seats: &Seats) -> Vec<PersonId> {
    seats.people.iter().take(seats.need as usize).cloned().collect()
}

struct Matching<'a> {
    requirements: &'a [Seats],
    taken: BTreeMap<&'a PersonId, usize>,
}

impl<'a> Matching<'a> {
    fn of(requirements: &'a [Seats]) -> Self {
        let mut matching = Self { requirements, taken: BTreeMap::new() };
        for (index, seats) in requirements.iter().enumerate() {
            // A place that can't be filled now can't be filled by looking for a second one either.
            while matching.count(index) < seats.need as usize && matching.seat_one(index, &mut BTreeSet::new()) {}
        }
        matching
    }

    fn count(&self, index: usize) -> usize {
        self.taken.values().filter(|taken| **taken == index).count()
    }

    /// Finds an augmenting path that seats one more person at `index` (Kuhn's algorithm).
    fn seat_one(&mut self, index: usize, tried: &mut BTreeSet<&'a PersonId>) -> bool {
        let Some(seats) = self.requirements.get(index) else { return false };
        for person in &seats.people {
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
        let seated = |index| self.taken.iter().filter(move |(_, taken)| **taken == index).map(|(person, _)| (*person).clone());
        (0..self.requirements.len()).map(|index| seated(index).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seats(need: u32, people: &[&str]) -> Seats {
        Seats { need, people: people.iter().map(|person| PersonId::from(*person)).collect() }
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
        let one = (0u32..4, people).prop_map(|(need, people)| Seats { need, people: people.into_iter().map(PersonId::new).collect() });
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
