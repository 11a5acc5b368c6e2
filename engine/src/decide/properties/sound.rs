//! What has to hold of one step of a history, looked at from beside the code that took it. The numbers are those of the
//! invariants in docs/architecture.md.

use super::history::Happens;
use super::{boards, duties};
use crate::change::{Change, next_wake};
use crate::decide::fixtures::Story;
use crate::effect::Effect;
use crate::event::{Choice, Event, What};
use crate::fact::Fact;
use crate::freeze::Freeze;
use crate::gate::{GateRule, Recheck};
use crate::ids::{PersonId, RequirementName};
use crate::input::{Act, Sight};
use crate::lock::Lock;
use crate::phase::State;
use crate::rules::{Part, Rules};
use crate::standing::standing;
use crate::time::Span;
use chrono::Timelike;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The groups a person is in at that moment, judged without the engine's own matching.
pub fn may_sign(story: &Story, person: &PersonId, requirement: &RequirementName) -> bool {
    let rules = story.change.rules.as_ref().unwrap();
    let stage = rules.stages.iter().position(|stage| stage.requirements.contains(requirement)).unwrap();
    let named = &rules.requirement(requirement).unwrap().from;
    let is_board = rules.requirement(requirement).unwrap().quorum.is_some();
    let added = story.change.added.iter().filter(|(at, _)| *at == stage && !is_board).map(|(_, group)| group);
    named.iter().chain(added).any(|group| match rules.groups[group].is_roster() {
        true => story.directory.person(person).is_some() && duties::approved_on_duty(story, person, group),
        false => rules.is_member(group, person, &story.directory),
    })
}

/// Whether the rules keep this person apart, judged without the engine's own duties.
pub fn had_a_part(change: &Change, rules: &Rules, person: &PersonId) -> bool {
    let excluded = &rules.separation.excluded;
    let asked = change.request.initiator.person().into_iter().chain(&change.request.co_initiators).any(|who| who == person);
    let mut authors = change.authors.iter().flat_map(|authors| &authors.known);
    let wrote = authors.any(|author| &author.person == person && excluded.contains(&author.part));
    let supplied = change.evidence.is_by(person);
    asked && excluded.contains(&Part::Initiator) || wrote || supplied
}

/// Whether the log holds an approval of this person for what is decided now, that nothing has undone; read without folding.
fn approved_in_this_round(story: &Story, person: &PersonId) -> bool {
    let mut approves = false;
    for event in &story.log {
        let what = &event.what;
        if let What::Voted(voted) = what
            && &voted.person == person
        {
            let is_of_now = voted.round == story.change.round && voted.subject_digest == story.change.subject_digest;
            approves = is_of_now && voted.choice == Choice::Approve;
        }
        let is_undone = matches!(what, What::VoteStruck { person: who, .. } | What::VoteWithdrawn { person: who, .. } if who == person);
        approves &= !is_undone && !matches!(what, What::ChangesRequested { .. } | What::SubjectChanged { .. });
    }
    approves
}

fn approval_is_sound(story: &Story) -> Result<(), TestCaseError> {
    let change = &story.change;
    let rules = change.rules.as_ref().unwrap();
    for requirement in &rules.requirements {
        let counted: BTreeSet<_> =
            change.counted.iter().filter(|counted| counted.requirement == requirement.name).map(|counted| &counted.person).collect();
        match &requirement.quorum {
            None => prop_assert!(counted.len() >= requirement.count as usize, "1: {} is not covered", requirement.name),
            Some(quorum) => {
                prop_assert!(boards::carries(story, requirement, quorum, counted.len()), "1: {} is not agreed", requirement.name)
            }
        }
    }
    let mut seen = BTreeSet::new();
    for counted in &change.counted {
        prop_assert!(!had_a_part(change, rules, &counted.person), "2: {} had a part", counted.person);
        prop_assert!(may_sign(story, &counted.person, &counted.requirement), "24: {} has no role", counted.person);
        let new = seen.insert(&counted.person);
        prop_assert!(new || !rules.separation.one_person_one_requirement, "3: {} counts twice", counted.person);
        prop_assert!(approved_in_this_round(story, &counted.person), "1, 5: {} approves nothing of this round", counted.person);
    }
    Ok(())
}

/// The approval of this decision goes to the tool.
pub fn releases(story: &Story) -> bool {
    story.change.state() == State::Approved && story.last.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }))
}

/// Whether a freeze of the rules is in force that nobody lifted, judged without the change's holds.
fn is_frozen(story: &Story) -> bool {
    let now = story.last.events.last().map_or(story.now, |event| event.at);
    let freezes = story.change.rules.iter().flat_map(|rules| &rules.freezes);
    let mut spans = freezes.flat_map(|freeze| freeze.spans.iter().map(move |span| (freeze, span)));
    spans.any(|(freeze, span)| span.from <= now && now < span.to && !is_lifted(story, freeze, span))
}

/// Whether the window of the rules, if they have one, is open at that hour of UTC; judged without the engine's calendars.
fn is_open(story: &Story) -> bool {
    let now = story.last.events.last().map_or(story.now, |event| event.at);
    let window = story.change.rules.as_ref().and_then(|rules| rules.window.as_ref());
    let minute = u16::try_from(now.utc().hour() * 60 + now.utc().minute()).unwrap();
    let mut openings = window.iter().flat_map(|window| &window.hours.offices).flat_map(|office| &office.open);
    window.is_none() || openings.any(|opening| (opening.from_minute..opening.to_minute).contains(&minute))
}

/// Whether the rules let one out at a time and another one is out.
fn is_locked(story: &Story) -> bool {
    let now = story.last.events.last().map_or(story.now, |event| event.at);
    let lock = story.change.rules.as_ref().map(|rules| rules.lock);
    lock == Some(Lock::OneAtATime) && story.out.as_ref().is_some_and(|out| now < out.until)
}

/// Whether enough of the right people signed in this round, read from the log.
fn is_lifted(story: &Story, freeze: &Freeze, span: &Span) -> bool {
    let (Some(rules), Some(rule)) = (&story.change.rules, &freeze.overridden_by) else { return false };
    let mut signers = BTreeSet::new();
    for event in &story.log {
        if matches!(event.what, What::ChangesRequested { .. } | What::SubjectChanged { .. }) {
            signers.clear();
        }
        if let What::OverrideSigned(signed) = &event.what
            && signed.freeze == freeze.name
            && signed.since == span.from
        {
            signers.insert((&signed.person, !signed.on_duty.is_empty()));
        }
    }
    let may = |person: &PersonId, on_duty: bool| match rule.by_roster {
        true => on_duty && story.directory.person(person).is_some(),
        false => rules.is_member(&rule.by, person, &story.directory),
    };
    let counted = signers.into_iter().filter(|(person, on_duty)| may(person, *on_duty) && !had_a_part(&story.change, rules, person));
    counted.map(|(person, _)| person).collect::<BTreeSet<_>>().len() >= rule.count as usize
}

/// Whether a gate of the rules lets it go, judged by the newest fact alone.
fn is_ungated(story: &Story) -> bool {
    let change = &story.change;
    let now = story.last.events.last().map_or(story.now, |event| event.at);
    let passes = |rule: &GateRule| {
        let fact = change.evidence.facts().find(|fact| fact.name == rule.fact);
        let counts = |fact: &&Fact| {
            rule.recheck == Recheck::BeforeAsking || rule.max_age_s.is_none_or(|age| now.seconds_since(fact.observed_at) < age)
        };
        fact.filter(counts).is_some_and(|fact| fact.fields["errors"] == 0)
    };
    change.rules.iter().flat_map(|rules| &rules.gates.rules).all(passes)
}

pub fn votes_are_sound(before: &Change, story: &Story, sight: Option<&Sight>) -> Result<(), TestCaseError> {
    let (after, last) = (&story.change, &story.last);
    if last.events.iter().any(|event| matches!(event.what, What::Voted(_))) {
        let saw_it = sight.is_some_and(|sight| {
            sight.round == before.round && sight.digest.as_ref().is_none_or(|digest| digest == &before.subject_digest)
        });
        prop_assert!(saw_it, "4: a vote on something else than its card showed");
    }
    for vote in after.standing_votes() {
        let named = vote.voted.round == after.round && vote.voted.subject_digest == after.subject_digest;
        prop_assert!(named, "5: the vote of {} is of another round or subject", vote.voted.person);
    }
    let new_round = after.round != before.round || after.subject_digest != before.subject_digest;
    prop_assert!(!new_round || after.votes.is_empty(), "5: votes outlive their round");
    let changed = after.votes.len() != before.votes.len();
    prop_assert!(last.refusal.is_none() || !changed, "a refused attempt changed the votes");
    Ok(())
}

pub fn every_step_is_sound(before: &Change, story: &Story) -> Result<(), TestCaseError> {
    let (after, last) = (&story.change, &story.last);
    if last.events.iter().any(|event| matches!(event.what, What::Approved { .. })) {
        approval_is_sound(story)?;
    }
    if releases(story) {
        approval_is_sound(story)?;
    }
    prop_assert!(!releases(story) || after.holds.is_empty(), "10: it goes out although {:?}", after.holds);
    prop_assert!(!releases(story) || !is_frozen(story), "10: it goes out in a freeze");
    prop_assert!(!releases(story) || is_open(story), "10: it goes out outside its window");
    prop_assert!(!releases(story) || !is_locked(story), "10: it goes out beside another one of its lane");
    prop_assert!(!releases(story) || is_ungated(story), "8: it goes out although a gate does not pass");
    let moved = before.phase != after.phase;
    prop_assert!(!moved || !before.state().is_end(), "11: an end moved from {:?} to {:?}", before.phase, after.phase);
    prop_assert!(!moved || !last.events.is_empty(), "12: a state changed without an event");
    prop_assert!(!moved || last.effects.contains(&Effect::ShowCards), "14: {:?} is not shown", after.phase);
    prop_assert_eq!(&before.rules, &after.rules, "17: the rules are those of the opening");
    // What a board needs falls with every abstention; `boards` watches that.
    let of_numbers = |change: &Change| {
        let standing = standing(change, &story.directory).requirements;
        standing.iter().filter(|requirement| requirement.tally.is_none()).map(|requirement| requirement.need).sum::<u32>()
    };
    let (was, is) = (of_numbers(before), of_numbers(after));
    prop_assert!(is >= was, "17: a requirement shrank from {} to {}", was, is);
    Ok(())
}

/// Invariant 16: a wake-up to come, the requester of a draft, the forge, or the tool.
pub fn waits_on_something(before: Option<&Change>, story: &Story) -> Result<(), TestCaseError> {
    let after = &story.change;
    let on_the_tool = matches!(after.state(), State::Released | State::Deploying);
    prop_assert!(after.state().is_end() || on_the_tool || next_wake(after).is_some(), "16: {:?} waits on nothing", after.phase);
    let is_asked_anew = before.is_none_or(|before| before.phase != after.phase || before.round != after.round);
    let is_looked_up = story.last.effects.contains(&Effect::LookUpAuthors);
    let waits_for_facts = !is_ungated(story);
    prop_assert!(after.state() != State::Gating || !is_asked_anew || is_looked_up || waits_for_facts, "16: nobody asks the forge");
    Ok(())
}

/// Full stages are closed at once, or nobody could ever close them.
pub fn no_full_stage_is_open(story: &Story) -> Result<(), TestCaseError> {
    let is_pending = story.change.state() == State::Pending;
    let is_missing = standing(&story.change, &story.directory).open_and_missing().next().is_some();
    prop_assert!(!is_pending || is_missing, "16: nothing is missing, and it is not decided");
    Ok(())
}

/// A wake-up that changes nothing about the next one would be repeated without end.
pub fn time_goes_on(before: &Change, story: &Story) -> Result<(), TestCaseError> {
    let next = next_wake(&story.change);
    prop_assert!(next.is_none_or(|next| next > story.now), "16: it is {} and it wakes at {:?} again", story.now, next);
    let approves = story.last.events.iter().any(|event| matches!(event.what, What::Approved { .. }));
    prop_assert!(!approves || before.state() == State::Approved, "9: time approved it");
    Ok(())
}

/// Whether the change has heard of every membership that changed.
pub fn knows_everybody_after(before: bool, what: &Happens) -> bool {
    let hears = matches!(what, Happens::Act(act) if **act == Act::DirectoryChanged);
    hears || before && !matches!(what, Happens::Directory(_))
}

pub fn log_gives_state(story: &Story) -> Result<(), TestCaseError> {
    let text = crate::canonical::json(&story.log).unwrap();
    let read: Vec<Event> = serde_json::from_str(&text).unwrap();
    prop_assert_eq!(&read, &story.log);
    prop_assert_eq!(&Change::fold(&read).unwrap(), &story.change, "12: the log tells another story");
    prop_assert!(story.log.windows(2).all(|pair| pair[0].at <= pair[1].at), "time went back");
    Ok(())
}
