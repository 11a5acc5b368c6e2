//! Whether requirements that always come together can be met by the people there are, where one person is for one of them.

use super::groups::FILE_SOURCE;
use super::requirements::{Approve, Asks, Conditional};
use crate::directory::Directory;
use crate::ids::{GroupName, PersonId};
use crate::matching::{Seats, Sharing, assign};
use crate::policy::reading::Reading;
use crate::quorum::Tally;
use crate::sentence::listed;
use std::collections::BTreeSet;

/// What a condition says that always holds.
const ALWAYS: &str = "true";
/// Requirements that a fault names.
const MAX_NAMED: usize = 10;

/// A fault at the last of those that need more people together than there are; each alone is judged where it stands.
pub fn judge(requirements: &[Conditional], reading: &mut Reading<'_>) {
    let Some(directory) = reading.directory else { return };
    let mut conditions: Vec<&str> = vec![ALWAYS];
    for condition in requirements.iter().map(condition) {
        if !conditions.contains(&condition) {
            conditions.push(condition);
        }
    }
    for when in conditions {
        let comes = |requirement: &&Conditional| [ALWAYS, when].contains(&condition(requirement));
        let together: Vec<&Conditional> = requirements.iter().filter(comes).collect();
        let fault = seats(&together, directory, reading).and_then(|seats| shortage(&together, &seats));
        if let (Some(fault), Some(last)) = (fault, together.last()) {
            reading.fault(&last.place, fault);
            // Whatever comes with everything else is short everywhere.
            if when == ALWAYS {
                return;
            }
        }
    }
}

/// Requirements with the same words apply to the same changes; more is not to be told without evaluating them.
fn condition(requirement: &Conditional) -> &str {
    requirement.when.as_ref().map_or(ALWAYS, |when| when.source().trim())
}

/// `None`: not all of the people are known.
fn seats(together: &[&Conditional], directory: &Directory, reading: &Reading<'_>) -> Option<Vec<Seats>> {
    let people = |group: &GroupName| {
        let group = reading.groups.get(group).filter(|group| group.from.source == FILE_SOURCE && group.is_known(directory))?;
        Some(group.everybody(directory).cloned())
    };
    let one = |requirement: &&Conditional| match &requirement.asks {
        Asks::Approve(Approve { from, count, .. }) => {
            let members = from.iter().map(people).collect::<Option<Vec<_>>>()?;
            Some(Seats { need: *count, people: members.into_iter().flatten().collect(), reserved: None })
        }
        Asks::Quorum(board) => {
            let members: BTreeSet<PersonId> = people(&board.of)?.collect();
            let quorum = board.of_today(&reading.groups, directory);
            let tally = Tally { eligible: u32::try_from(members.len()).unwrap_or(u32::MAX), ..Tally::default() };
            Some(Seats { need: quorum.need(board.turnout, tally), people: members, reserved: None })
        }
    };
    together.iter().map(one).collect()
}

/// Whoever has more people than all of them need together never misses one, so only the others are matched.
fn shortage(together: &[&Conditional], seats: &[Seats]) -> Option<String> {
    let needed = seats.iter().map(|seats| seats.need as usize).fold(0, usize::saturating_add);
    let scarce: Vec<(&&Conditional, Seats)> =
        together.iter().zip(seats.iter().cloned()).filter(|(_, seats)| seats.people.len() < needed).collect();
    let alone = |seats: &Seats| seats.people.len() < seats.need as usize;
    let places: Vec<Seats> = scarce.iter().map(|(_, seats)| seats.clone()).collect();
    let assigned = assign(&places, Sharing::OnePersonOneRequirement);
    let is_short = places.iter().zip(&assigned).any(|(seats, people)| people.len() < seats.need as usize);
    if !is_short || places.iter().any(alone) {
        return None;
    }
    let names = named(scarce.iter().map(|(requirement, _)| requirement.name.as_str()));
    let (need, people) = (places.iter().map(|seats| seats.need).sum::<u32>(), places.iter().flat_map(|seats| &seats.people));
    let people = people.collect::<BTreeSet<_>>().len();
    let one_each = "one person is for one requirement";
    Some(format!("{names} together need {need} people, because {one_each}, and their groups have {people}"))
}

/// The first of them, and how many more there are.
fn named<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(MAX_NAMED);
    let rest = (more > 0).then(|| format!("{more} more"));
    let shown: Vec<String> = names.take(MAX_NAMED).map(str::to_owned).chain(rest).collect();
    listed(&shown.iter().map(String::as_str).collect::<Vec<_>>(), "and")
}
