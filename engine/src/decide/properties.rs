//! What holds for every history: random rules, people and inputs. The numbers are those of the invariants in
//! docs/architecture.md.

use super::fixtures::{GOOD_REASON, Story, author, directory, origin, request, rules};
use crate::change::{Change, next_wake};
use crate::duties::own_part;
use crate::effect::Effect;
use crate::event::{ChangeRef, Choice, DeploymentOutcome, Event, ToolDecision, What};
use crate::ids::{ChangeId, ChangeNumber, PersonId};
use crate::input::{Act, Sight};
use crate::phase::State;
use crate::request::{Again, Initiator};
use crate::rules::Rules;
use crate::standing::standing;
use proptest::prelude::*;
use std::collections::BTreeSet;

const PEOPLE: [&str; 8] = ["a", "b", "c", "d", "l", "o", "requester-1", "author-1"];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Happens {
    Vote { who: usize, choice: Choice, reason: bool, round: u32 },
    Wait { seconds: u64 },
    Directory(String),
    Act(Act),
}

fn any_directory() -> impl Strategy<Value = String> {
    let members = || prop::collection::vec(prop::sample::select(PEOPLE.to_vec()), 0..5).prop_map(|people| people.join(" "));
    (members(), members(), members()).prop_map(|(devs, ops, leads)| format!("devs:{devs}, ops:{ops}, leads:{leads}, owners:w"))
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let requirement = (prop::sample::select(vec!["devs", "ops", "devs+ops"]), 1u32..3);
    let stages = prop::collection::vec(prop::collection::vec(requirement, 1..3), 1..4);
    (stages, any::<bool>()).prop_map(|(stages, exclusive)| {
        let mut counter = 0;
        let mut one = |(groups, count): (&str, u32)| {
            counter += 1;
            format!("r{counter} {groups}*{count}")
        };
        let texts: Vec<String> = stages
            .into_iter()
            .enumerate()
            .map(|(index, requirements)| format!("s{index}: {}", requirements.into_iter().map(&mut one).collect::<Vec<_>>().join(", ")))
            .collect();
        let mut rules = rules(&texts.join(";"));
        rules.separation.one_person_one_requirement = exclusive;
        rules
    })
}

fn any_act() -> impl Strategy<Value = Act> {
    let decision = || prop::sample::select(vec![ToolDecision::Approve, ToolDecision::Reject]);
    let run = || prop::sample::select(vec!["900".to_owned(), "901".to_owned()]);
    let outcome = prop::sample::select(vec![DeploymentOutcome::Success, DeploymentOutcome::Failure, DeploymentOutcome::Cancelled]);
    let newer = ChangeRef { id: ChangeId(uuid::Uuid::from_u128(2)), number: ChangeNumber(1043) };
    prop_oneof![
        Just(Act::DirectoryChanged),
        Just(Act::AuthorsKnown(author("author-1"))),
        Just(Act::AuthorsUnknown { why: "no answer".to_owned() }),
        Just(Act::Supersede { by: newer }),
        Just(Act::Cancel { why: "not today".to_owned() }),
        (decision(), 1u32..3).prop_map(|(decision, attempt)| Act::Answered { decision, attempt, note: String::new() }),
        (decision(), 1u32..3).prop_map(|(decision, attempt)| Act::AnswerFailed { decision, attempt, error: String::new() }),
        decision().prop_map(|decision| Act::DecidedOutside { decision, by: "somebody".to_owned() }),
        (run(), prop::sample::select(PEOPLE.to_vec())).prop_map(|(run, who)| again(&run, who)),
        run().prop_map(|run| Act::DeploymentStarted { run }),
        (run(), outcome).prop_map(|(run, outcome)| Act::DeploymentFinished { run, outcome }),
    ]
}

fn again(run: &str, who: &str) -> Act {
    let initiator = Initiator::Person(PersonId::from(who));
    Act::Retarget(Again { origin: origin(run), sequence: None, initiator, co_initiators: Vec::new(), subject: None, authors: None })
}

fn anything() -> impl Strategy<Value = Happens> {
    let choice = prop_oneof![9 => Just(Choice::Approve), 1 => Just(Choice::Reject)];
    let vote = (0..PEOPLE.len(), choice, prop::bool::weighted(0.9), prop_oneof![9 => Just(1u32), 1 => Just(2u32)]);
    prop_oneof![
        12 => vote.prop_map(|(who, choice, reason, round)| Happens::Vote { who, choice, reason, round }),
        2 => (0u64..20_000).prop_map(|seconds| Happens::Wait { seconds }),
        1 => any_directory().prop_map(Happens::Directory),
        2 => any_act().prop_map(Happens::Act),
    ]
}

fn happen(story: &mut Story, what: Happens) {
    match what {
        Happens::Vote { who, choice, reason, round } => {
            let mut ballot = story.ballot(PEOPLE[who], choice, if reason { GOOD_REASON } else { "ok" });
            ballot.seen = Sight { round, digest: None };
            story.cast(ballot);
        }
        Happens::Wait { seconds } => {
            story.after(seconds);
        }
        Happens::Directory(groups) => {
            story.directory = directory(&groups);
            story.last.events.clear();
        }
        Happens::Act(act) => {
            story.system(act);
        }
    }
}

/// The groups a person is in at that moment, judged without the engine's own matching.
fn may_sign(story: &Story, person: &PersonId, requirement: &crate::ids::RequirementName) -> bool {
    let rules = story.change.rules.as_ref().unwrap();
    let named = &rules.requirement(requirement).unwrap().from;
    let added = story.change.added.iter().map(|(_, group)| group);
    named.iter().chain(added).any(|group| rules.is_member(group, person, &story.directory))
}

fn approval_is_sound(story: &Story) -> Result<(), TestCaseError> {
    let change = &story.change;
    let rules = change.rules.as_ref().unwrap();
    for requirement in &rules.requirements {
        let counted: BTreeSet<_> =
            change.counted.iter().filter(|counted| counted.requirement == requirement.name).map(|counted| &counted.person).collect();
        prop_assert!(counted.len() >= requirement.count as usize, "1: {} is not covered", requirement.name);
    }
    let mut seen = BTreeSet::new();
    for counted in &change.counted {
        prop_assert!(own_part(change, rules, &counted.person).is_none(), "2: {} had a part", counted.person);
        prop_assert!(may_sign(story, &counted.person, &counted.requirement), "24: {} has no role", counted.person);
        let new = seen.insert(&counted.person);
        prop_assert!(new || !rules.separation.one_person_one_requirement, "3: {} counts twice", counted.person);
        let vote = change.standing_votes().find(|vote| vote.voted.person == counted.person).map(|vote| &vote.voted);
        let named = vote.is_some_and(|vote| vote.round == change.round && vote.subject_digest == change.subject_digest);
        prop_assert!(named, "4: the vote of {} names another round", counted.person);
    }
    Ok(())
}

fn every_step_is_sound(before: &Change, story: &Story) -> Result<(), TestCaseError> {
    let (after, last) = (&story.change, &story.last);
    let approved_now = last.events.iter().any(|event| matches!(event.what, What::Approved { .. }));
    if approved_now {
        approval_is_sound(story)?;
    }
    let moved = before.phase != after.phase;
    prop_assert!(!moved || !before.state().is_end(), "11: an end moved from {:?} to {:?}", before.phase, after.phase);
    prop_assert!(!moved || !last.events.is_empty(), "12: a state changed without an event");
    prop_assert!(!moved || last.effects.contains(&Effect::ShowCards), "14: {:?} is not shown", after.phase);
    let waits = matches!(after.state(), State::Released | State::Deploying);
    prop_assert!(after.state().is_end() || waits || next_wake(after).is_some(), "16: {:?} waits on nothing", after.phase);
    let (was, is) = (standing(before, &story.directory).needed(), standing(after, &story.directory).needed());
    prop_assert!(is >= was, "17: a requirement shrank from {was} to {is}");
    Ok(())
}

fn log_gives_state(story: &Story) -> Result<(), TestCaseError> {
    let text = crate::canonical::json(&story.log).unwrap();
    let read: Vec<Event> = serde_json::from_str(&text).unwrap();
    prop_assert_eq!(&read, &story.log);
    prop_assert_eq!(&Change::fold(&read).unwrap(), &story.change, "12: the log tells another story");
    prop_assert!(story.log.windows(2).all(|pair| pair[0].at <= pair[1].at), "time went back");
    Ok(())
}

/// Casts these approvals again and again until nothing changes: what a set of votes comes to.
fn settle(groups: &str, rules: &Rules, order: &[usize]) -> Story {
    let mut story = Story::opens(groups, rules.clone());
    loop {
        let before = story.change.standing_votes().count();
        for who in order {
            story.approve(PEOPLE[*who]);
            story.now = story.now.plus_seconds(61);
        }
        if story.change.standing_votes().count() == before {
            return story;
        }
    }
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("COUNTERSIGN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_history_is_sound(groups in any_directory(), rules in any_rules(), asked in any::<bool>(), history in prop::collection::vec(anything(), 0..24)) {
        let mut wish = request();
        if asked {
            wish.authors = None;
        }
        let mut story = Story::opens_as(&groups, Ok(rules), wish, None);
        for what in history {
            let before = story.change.clone();
            happen(&mut story, what);
            every_step_is_sound(&before, &story)?;
        }
        log_gives_state(&story)?;
    }

    #[test]
    fn the_order_of_votes_does_not_matter(groups in any_directory(), rules in any_rules(), order in Just((0..PEOPLE.len()).collect::<Vec<_>>()).prop_shuffle()) {
        let (one, other) = (settle(&groups, &rules, &[0, 1, 2, 3, 4, 5, 6, 7]), settle(&groups, &rules, &order));
        prop_assert_eq!(one.change.state(), other.change.state(), "6");
        let given = |story: &Story| standing(&story.change, &story.directory).given();
        prop_assert_eq!(given(&one), given(&other), "6");
    }

    #[test]
    fn more_rules_never_release(groups in any_directory(), rules in any_rules(), order in Just((0..PEOPLE.len()).collect::<Vec<_>>()).prop_shuffle(), which in any::<prop::sample::Index>()) {
        let mut stricter = rules.clone();
        let index = which.index(stricter.requirements.len());
        stricter.requirements[index].count += 1;
        let lenient = settle(&groups, &rules, &order);
        let strict = settle(&groups, &stricter, &order);
        prop_assert!(strict.change.state() != State::Approved || lenient.change.state() == State::Approved, "7");
        let mut excluded = Story::opens(&groups, rules);
        excluded.change.authors = Some(author(PEOPLE[order[0]]));
        excluded.approve(PEOPLE[order[0]]);
        prop_assert!(excluded.change.standing_votes().next().is_none(), "7: an excluded person voted");
    }

    #[test]
    fn silence_never_approves(groups in any_directory(), rules in any_rules(), waits in prop::collection::vec(0u64..100_000, 0..12), acts in prop::collection::vec(any_act(), 0..6)) {
        let mut story = Story::opens(&groups, rules);
        for seconds in waits {
            story.after(seconds);
        }
        for act in acts {
            story.system(act);
        }
        prop_assert!(!story.log.iter().any(|event| matches!(event.what, What::Approved { .. })), "9");
    }

    #[test]
    fn unknown_authors_never_help(groups in any_directory(), rules in any_rules(), votes in prop::collection::vec(0..PEOPLE.len(), 0..12)) {
        let mut wish = request();
        wish.authors = None;
        let mut story = Story::opens_as(&groups, Ok(rules), wish, None);
        story.system(Act::AuthorsUnknown { why: "no answer".to_owned() });
        for who in votes {
            story.approve(PEOPLE[who]);
        }
        prop_assert!(story.change.standing_votes().next().is_none(), "8");
    }
}
