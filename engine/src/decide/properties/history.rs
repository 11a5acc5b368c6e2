//! Random histories: rules, people, pauses, and whatever may happen to a change, in any order and at any time.

use crate::decide::fixtures::{GOOD_REASON, Story, author, directory, noon, on_call, origin, person, request, rules};
use crate::decide::tables::windows::window;
use crate::event::{Actor, ChangeRef, Choice, DeploymentOutcome, Precedence, ToolDecision};
use crate::fact::{self, Fact};
use crate::fields::{FieldKind, FieldRule, FieldValue, Fields};
use crate::freeze::{Freeze, OverrideRule};
use crate::gate::{GateRule, Recheck};
use crate::hold::{Because, Hold, Out, Pause, Scope};
use crate::ids::{ChangeId, ChangeNumber, Digest, HoldId, PersonId, RequirementName};
use crate::input::{Act, Sight, Submission, Supply};
use crate::lock::Lock;
use crate::quorum::{Abstain, Chair, Majority, Quorum, Rejection};
use crate::request::{Again, Initiator, Subject};
use crate::rules::Rules;
use crate::time::{Span, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeSet;

pub const PEOPLE: [&str; 8] = ["a", "b", "c", "d", "l", "o", "requester-1", "author-1"];
const FIELD: &str = "backout_plan";

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Happens {
    Vote(Click),
    TakeBack {
        who: &'static str,
        stale: bool,
    },
    Withdraw {
        who: &'static str,
    },
    Submit {
        who: &'static str,
        plan: &'static str,
    },
    Settle {
        who: &'static str,
        precedence: Precedence,
    },
    Override {
        who: &'static str,
    },
    /// The world is paused; whether the change hears of it is another matter.
    Pause {
        which: u8,
        environment: Option<&'static str>,
        seconds: Option<u64>,
    },
    Resume {
        which: u8,
    },
    /// Another change of the lane goes out for so long, or is out no longer.
    Lane {
        seconds: Option<u64>,
    },
    Wait {
        seconds: u64,
    },
    Directory(String),
    Linted {
        who: &'static str,
        errors: u64,
        age_s: i64,
    },
    Act(Box<Act>),
}

/// A vote as it is clicked, on a card that may be an old one.
#[derive(Clone, Debug)]
pub struct Click {
    pub who: &'static str,
    pub choice: Choice,
    pub reason: &'static str,
    /// `None`: that of the change.
    pub round: Option<u32>,
    /// `None`: the surface has none. `Some(false)`: of another subject.
    pub digest: Option<bool>,
    pub wish: Option<&'static str>,
}

pub fn any_person() -> impl Strategy<Value = &'static str> {
    prop::sample::select(PEOPLE.to_vec())
}

pub fn any_directory() -> impl Strategy<Value = String> {
    let members = || prop_oneof![1 => 0..2usize, 3 => 3..7usize].prop_flat_map(people);
    let turns = (0..4usize).prop_flat_map(people);
    (members(), members(), members(), turns)
        .prop_map(|(devs, ops, leads, turns)| format!("devs:{devs}, ops:{ops}, leads:{leads}, owners:w, @on-call:{turns}"))
}

fn people(count: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(any_person(), count).prop_map(|people| people.join(" "))
}

pub fn any_rules() -> impl Strategy<Value = Rules> {
    let requirement = (prop::sample::select(vec!["devs", "ops", "devs+ops"]), 1u32..3);
    let stage = prop::collection::vec(requirement, 1..3);
    let stages = prop_oneof![2 => prop::collection::vec(stage.clone(), 1), 1 => prop::collection::vec(stage, 2..4)];
    let boards = prop::collection::vec((any::<prop::sample::Index>(), any_quorum(), any_rejection()), 0..2);
    let hours = prop::option::weighted(0.2, (0u16..12, 13u16..=24));
    let lock = prop_oneof![3 => Just(Lock::Free), 1 => Just(Lock::OneAtATime)];
    let strict = (any::<bool>(), prop::bool::weighted(0.2), any_freezes(), hours, any_gates(), lock);
    (stages, strict, boards).prop_map(|(stages, (exclusive, asks, freezes, open, gates, lock), boards)| {
        let mut rules = rules(&written(&stages));
        for (which, quorum, rejection) in boards {
            let index = which.index(rules.requirements.len());
            rules.requirements[index].quorum = quorum;
            rules.requirements[index].a_rejection = rejection;
        }
        rules.separation.one_person_one_requirement = exclusive;
        rules.freezes = freezes;
        rules.window = open.map(|(from, to)| window(from, to));
        rules.gates.rules = gates;
        rules.lock = lock;
        if asks {
            rules.fields = vec![FieldRule::of(FIELD, FieldKind::Text { min_length: 10, reject_boilerplate: false })];
        }
        rules
    })
}

/// As `any_rules`, but in some of them those on duty are asked in the place of a group, or lift its freezes.
pub fn any_rules_on_duty() -> impl Strategy<Value = Rules> {
    let asked = prop::option::of(any::<prop::sample::Index>());
    (any_rules(), asked, any::<bool>()).prop_map(|(mut rules, asked, lift)| {
        let mut of_numbers: Vec<_> = rules.requirements.iter_mut().filter(|requirement| requirement.quorum.is_none()).collect();
        if let Some(asked) = asked.filter(|_| !of_numbers.is_empty()) {
            let index = asked.index(of_numbers.len());
            of_numbers[index].from = vec!["on-call".into()];
        }
        for rule in rules.freezes.iter_mut().filter(|_| lift).filter_map(|freeze| freeze.overridden_by.as_mut()) {
            *rule = OverrideRule { by: "on-call".into(), by_roster: true, ..rule.clone() };
        }
        on_call(rules)
    })
}

/// Mostly none; what the gate goes by is among what may happen.
fn any_gates() -> impl Strategy<Value = Vec<GateRule>> {
    let one = (prop::option::of(1u64..30_000), any::<bool>()).prop_map(|(max_age_s, rechecked)| vec![gate(max_age_s, rechecked)]);
    prop_oneof![3 => Just(Vec::new()), 1 => one]
}

fn gate(max_age_s: Option<u64>, rechecked: bool) -> GateRule {
    let recheck = if rechecked { Recheck::AtRelease } else { Recheck::BeforeAsking };
    GateRule { name: "lint".into(), fact: "lint.code".into(), pass: "fact.errors == 0".to_owned(), max_age_s, recheck, waiver: None }
}

/// Measured now or before, by somebody who may be asked.
fn linted(story: &mut Story, who: &str, errors: u64, age_s: i64) {
    let observed_at = Timestamp::from_micros(story.now.micros() - age_s * 1_000_000).unwrap();
    let (name, fields) = fact::read("lint.code", &serde_json::json!({ "errors": errors })).unwrap();
    let fact = Fact { name, fields, observed_at, by: person(who) };
    story.act(Actor::Token { id: "t".to_owned() }, Act::SupplyFact(Supply { fact, about: None, interaction: "fact".into() }));
}

pub fn any_rejection() -> impl Strategy<Value = Rejection> {
    prop::sample::select(vec![Rejection::IsAVeto, Rejection::IsAVote])
}

pub fn any_majority() -> impl Strategy<Value = Majority> {
    prop::sample::select(vec![Majority::MoreThanHalf, Majority::TwoThirds, Majority::All])
}

pub fn any_abstain() -> impl Strategy<Value = Abstain> {
    prop::sample::select(vec![Abstain::CountsForTurnout, Abstain::DoesNotCount])
}

/// Everybody was in the electorate, so who votes is who is in the group; `None` leaves a number of people.
fn any_quorum() -> impl Strategy<Value = Option<Quorum>> {
    let everybody = || PEOPLE.into_iter().map(person).collect::<BTreeSet<_>>();
    let chair = prop::option::weighted(0.3, Just(()));
    let quorum = (any_majority(), any_abstain(), chair).prop_map(move |(majority, abstain, chair)| {
        let chair = chair.map(|()| Chair { group: "ops".into(), people: everybody() });
        Quorum { electorate: everybody(), majority, abstain, chair }
    });
    prop::option::weighted(0.7, quorum)
}

/// None, one or two, which some people may override or nobody; from before the opening on, or between a vote and the deadline.
fn any_freezes() -> impl Strategy<Value = Vec<Freeze>> {
    let spans = prop::collection::vec((0u64..30_000, 1u64..30_000), 1..3);
    let rule = (prop::sample::select(vec!["ops", "leads"]), 1u32..3).prop_map(|(by, count)| OverrideRule {
        by: by.into(),
        by_roster: false,
        count,
        min_length: 5,
    });
    let one = (spans, prop::option::of(rule)).prop_map(|(spans, overridden_by)| Freeze { overridden_by, ..freeze("", &spans) });
    let named = |(index, freeze): (usize, Freeze)| Freeze { name: index.to_string(), ..freeze };
    prop::collection::vec(one, 0..3).prop_map(move |all| all.into_iter().enumerate().map(named).collect())
}

/// Each span as seconds after the one before, of which the first begins an hour before noon, and how long it lasts.
pub fn freeze(name: &str, spans: &[(u64, u64)]) -> Freeze {
    let mut from = Timestamp::from_micros(noon().micros() - 3_600_000_000).unwrap();
    let spans = spans.iter().map(|(after_s, lasts_s)| {
        let span = Span { from: from.plus_seconds(*after_s), to: from.plus_seconds(after_s + lasts_s) };
        from = span.to.plus_seconds(1);
        span
    });
    Freeze { name: name.to_owned(), lets_through: BTreeSet::new(), spans: spans.collect(), overridden_by: None }
}

/// `s0: r1 devs*2, r2 ops*1; s1: …`
fn written(stages: &[Vec<(&str, u32)>]) -> String {
    let mut counter = 0;
    let mut one = |(groups, count): &(&str, u32)| {
        counter += 1;
        format!("r{counter} {groups}*{count}")
    };
    let mut stage = |(index, requirements): (usize, &Vec<(&str, u32)>)| {
        format!("s{index}: {}", requirements.iter().map(&mut one).collect::<Vec<_>>().join(", "))
    };
    stages.iter().enumerate().map(&mut stage).collect::<Vec<_>>().join(";")
}

/// What other parts of the system report; no person decides anything by it.
pub fn any_act() -> impl Strategy<Value = Act> {
    let decision = || prop::sample::select(vec![ToolDecision::Approve, ToolDecision::Reject]);
    let run = || prop::sample::select(vec!["900".to_owned(), "901".to_owned()]);
    let outcome = prop::sample::select(vec![DeploymentOutcome::Success, DeploymentOutcome::Failure, DeploymentOutcome::Cancelled]);
    let other = || (2u8..4).prop_map(other_change);
    let tool = prop_oneof![
        (1u32..3).prop_map(|attempt| Act::Reported { attempt, words: "it waits".to_owned() }),
        (decision(), 1u32..4).prop_map(|(decision, attempt)| Act::Answered { decision, attempt, note: String::new() }),
        (decision(), 1u32..4).prop_map(|(decision, attempt)| Act::AnswerFailed { decision, attempt, error: String::new() }),
        decision().prop_map(|decision| Act::DecidedOutside { decision, by: "somebody".to_owned() }),
        run().prop_map(|run| Act::DeploymentStarted { run }),
        (run(), outcome).prop_map(|(run, outcome)| Act::DeploymentFinished { run, outcome }),
    ];
    prop_oneof![
        3 => tool,
        2 => Just(Act::DirectoryChanged),
        3 => Just(Act::HoldsChanged),
        1 => other().prop_map(|change| Act::QueueBehind { change }),
        1 => other().prop_map(|change| Act::AheadEnded { change: change.id }),
        2 => Just(Act::AuthorsKnown { commit: request().subject.commit, authors: author("author-1") }),
        2 => any_person().prop_map(|who| Act::AuthorsJoined { commit: request().subject.commit, authors: author(who) }),
        1 => Just(Act::AuthorsUnknown { commit: request().subject.commit, why: "no answer".to_owned() }),
        1 => other().prop_map(|by| Act::Supersede { by }),
        1 => Just(Act::Cancel { why: "not today".to_owned() }),
        2 => (run(), any_person(), prop::option::of(0u8..3)).prop_map(|(run, who, subject)| again(&run, who, subject)),
    ]
}

/// Another change of the lane, until then at most.
pub fn another_out(until: Timestamp) -> Out {
    Out { change: other_change(4), until }
}

fn other_change(number: u8) -> ChangeRef {
    ChangeRef { id: ChangeId(uuid::Uuid::from_u128(u128::from(number))), number: ChangeNumber(1041 + u64::from(number)) }
}

/// The same wish once more; with another subject its authors may have to be asked for again.
fn again(run: &str, who: &str, subject: Option<u8>) -> Act {
    let initiator = Initiator::Person(PersonId::from(who));
    let subject = subject.map(|version| Subject { commit: Some(format!("{version}1b2c3d4")), ..request().subject });
    let authors = subject.as_ref().filter(|subject| subject.commit.as_deref() != Some("21b2c3d4")).map(|_| author("author-1"));
    Act::Retarget(Again { origin: origin(run), sequence: None, initiator, co_initiators: Vec::new(), subject, authors })
}

fn any_click() -> impl Strategy<Value = Click> {
    let choice = prop_oneof![
        12 => Just(Choice::Approve),
        1 => Just(Choice::Reject),
        1 => Just(Choice::RequestChanges),
        2 => Just(Choice::Abstain),
    ];
    let reason = prop_oneof![9 => Just(GOOD_REASON), 1 => Just("ok")];
    let round = prop_oneof![9 => Just(None), 1 => (1u32..3).prop_map(Some)];
    let digest = prop_oneof![6 => Just(None), 3 => Just(Some(true)), 1 => Just(Some(false))];
    let wish = prop_oneof![8 => Just(None), 1 => Just(Some("r1")), 1 => Just(Some("r2"))];
    (any_person(), choice, reason, round, digest, wish).prop_map(|(who, choice, reason, round, digest, wish)| Click {
        who,
        choice,
        reason,
        round,
        digest,
        wish,
    })
}

pub fn anything() -> impl Strategy<Value = Happens> {
    let precedence = prop::sample::select(vec![Precedence::Replace, Precedence::Queue]);
    let place = prop::sample::select(vec![None, Some("production"), Some("staging")]);
    let plan = prop::sample::select(vec!["roll the deployment back", "turn it off again", "no"]);
    prop_oneof![
        24 => any_click().prop_map(Happens::Vote),
        2 => (any_person(), prop::bool::weighted(0.1)).prop_map(|(who, stale)| Happens::TakeBack { who, stale }),
        1 => any_person().prop_map(|who| Happens::Withdraw { who }),
        3 => (prop_oneof![3 => Just("requester-1"), 1 => any_person()], plan).prop_map(|(who, plan)| Happens::Submit { who, plan }),
        1 => (any_person(), precedence).prop_map(|(who, precedence)| Happens::Settle { who, precedence }),
        3 => any_person().prop_map(|who| Happens::Override { who }),
        2 => (0u8..3, place, prop::option::of(0u64..30_000)).prop_map(|(which, environment, seconds)| Happens::Pause { which, environment, seconds }),
        2 => (0u8..3).prop_map(|which| Happens::Resume { which }),
        2 => prop::option::of(0u64..30_000).prop_map(|seconds| Happens::Lane { seconds }),
        4 => (0u64..20_000).prop_map(|seconds| Happens::Wait { seconds }),
        2 => any_directory().prop_map(Happens::Directory),
        4 => (prop_oneof![2 => Just("w"), 1 => any_person()], prop_oneof![3 => Just(0u64), 1 => Just(1u64)], 0i64..30_000)
            .prop_map(|(who, errors, age_s)| Happens::Linted { who, errors, age_s }),
        6 => any_act().prop_map(|act| Happens::Act(Box::new(act))),
    ]
}

/// Lets it happen; gives the sight of whoever voted.
pub fn happen(story: &mut Story, what: Happens) -> Option<Sight> {
    match what {
        Happens::Vote(click) => return Some(vote(story, &click)),
        Happens::TakeBack { who, stale } => {
            let mut deed = story.deed(who);
            deed.seen.round += u32::from(stale);
            story.act(by(who), Act::WithdrawVote(deed));
        }
        Happens::Withdraw { who } => {
            let deed = story.deed(who);
            story.act(by(who), Act::Withdraw { deed, rationale: GOOD_REASON.to_owned() });
        }
        Happens::Submit { who, plan } => {
            let fields = Fields::from([(FIELD.to_owned(), FieldValue::Text(plan.to_owned()))]);
            let submission = Submission { deed: story.deed(who), fields, note: GOOD_REASON.to_owned() };
            story.act(by(who), Act::Submit(submission));
        }
        Happens::Settle { who, precedence } => {
            let deed = story.deed(who);
            story.act(by(who), Act::Settle { deed, precedence });
        }
        Happens::Override { who } => {
            let deed = story.deed(who);
            story.act(by(who), Act::Override { deed, rationale: GOOD_REASON.to_owned() });
        }
        Happens::Pause { which, environment, seconds } => pause(story, which, environment, seconds),
        Happens::Resume { which } => story.holds.retain(|hold| hold.id != pause_id(which)),
        Happens::Lane { seconds } => story.out = seconds.map(|seconds| another_out(story.now.plus_seconds(seconds))),
        Happens::Wait { seconds } => {
            story.after(seconds);
        }
        Happens::Linted { who, errors, age_s } => linted(story, who, errors, age_s),
        Happens::Directory(groups) => story.directory = directory(&groups),
        Happens::Act(act) => {
            story.system(*act);
        }
    }
    None
}

fn vote(story: &mut Story, click: &Click) -> Sight {
    let mut ballot = story.ballot(click.who, click.choice, click.reason);
    let digest = |is_current| if is_current { story.change.subject_digest.clone() } else { Digest::from("sha256:other") };
    ballot.seen = Sight { round: click.round.unwrap_or(story.change.round), digest: click.digest.map(digest) };
    ballot.requirement = click.wish.map(RequirementName::from);
    let seen = ballot.seen.clone();
    story.cast(ballot);
    seen
}

fn by(who: &str) -> Actor {
    Actor::Person { id: person(who), via: "slack".to_owned() }
}

fn pause_id(which: u8) -> HoldId {
    HoldId::new(format!("pause:{which}"))
}

fn pause(story: &mut Story, which: u8, environment: Option<&str>, seconds: Option<u64>) {
    let until = seconds.map(|seconds| story.now.plus_seconds(seconds));
    story.holds.retain(|hold| hold.id != pause_id(which));
    story.holds.push(everything_paused(pause_id(which), environment, until));
}

pub fn everything_paused(id: HoldId, environment: Option<&str>, until: Option<Timestamp>) -> Hold {
    let scope = Scope { environment: environment.map(str::to_owned), service: None };
    let pause = Pause { scope, reason: "somebody looks at it".to_owned(), by: person("l"), since: noon(), until };
    Hold { id, because: Because::Paused(pause) }
}
