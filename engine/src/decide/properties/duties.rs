//! Duties: a vote and a signature keep the rosters in which they were given, and these are the true ones.

use crate::decide::fixtures::Story;
use crate::event::{Choice, Event, Voted, What};
use crate::ids::{GroupName, PersonId};
use proptest::prelude::*;

/// Whether the log holds an approval of this round that this person gave while on duty there.
pub fn approved_on_duty(story: &Story, person: &PersonId, roster: &GroupName) -> bool {
    let is_of_now = |voted: &Voted| voted.round == story.change.round && voted.subject_digest == story.change.subject_digest;
    let gave = |voted: &Voted| &voted.person == person && voted.choice == Choice::Approve && voted.on_duty.contains(roster);
    story.log.iter().any(|event| matches!(&event.what, What::Voted(voted) if is_of_now(voted) && gave(voted)))
}

pub fn are_true(story: &Story) -> Result<(), TestCaseError> {
    for (person, on_duty) in story.last.events.iter().filter_map(given) {
        prop_assert_eq!(!on_duty.is_empty(), is_on_duty(story, person), "24: the duty of {}", person);
    }
    Ok(())
}

fn given(event: &Event) -> Option<(&PersonId, &[GroupName])> {
    if let What::Voted(voted) = &event.what {
        return Some((&voted.person, &voted.on_duty));
    }
    if let What::OverrideSigned(signed) = &event.what { Some((&signed.person, &signed.on_duty)) } else { None }
}

/// Whose turn it is, asked of the roster itself.
fn is_on_duty(story: &Story, person: &PersonId) -> bool {
    let source = &story.change.rules.as_ref().unwrap().groups[&"on-call".into()].from;
    let shifts = story.directory.roster(source).map(|roster| roster.shifts(story.now)).unwrap_or_default();
    shifts.first().is_some_and(|shift| shift.person.as_ref() == Some(person))
}
