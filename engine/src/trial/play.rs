//! A test is played by the code that decides real changes.

use super::company;
use crate::change::Change;
use crate::decide::{Decision, World, decide, open};
use crate::directory::Directory;
use crate::effect::Effect;
use crate::event::{Actor, Choice};
use crate::ids::{ChangeId, ChangeKey, ChangeNumber, InteractionId, PersonId, RequirementName};
use crate::input::{Act, Ballot, Input, Opening, Routed, SIGNED_IN, Sight, Voter};
use crate::lock::Lock;
use crate::phase::State;
use crate::policy::{Asked, Cast, Policy, Trial, Votes};
use crate::request::{Attributes, Author, Authors, Callback, Initiator, Origin, Request, SourceName, Subject};
use crate::rules::{Part, Rules};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A reason that no policy finds too short, once it is long enough.
const REASON: &str = "This is a test of the policy. ";

/// What came of a test at one time.
pub struct Played {
    pub routed: Routed,
    pub change: Change,
    /// Whose votes were not taken, with the code of the refusal.
    pub refused: Vec<(PersonId, &'static str)>,
    /// The tool was told to go ahead.
    pub is_released: bool,
}

/// `at` is `None` where nothing is frozen. An error says why nothing could be opened.
pub fn play(policy: &Policy, trial: &Trial, at: Option<Timestamp>) -> Result<Played, String> {
    let directory = company::directory(policy, trial);
    let request = request(trial);
    let now = at.unwrap_or_else(|| Timestamp::from_utc(chrono::DateTime::UNIX_EPOCH));
    let asked = Asked { request: &request, directory: &directory, incidents: &[], now, supposed: Some(&trial.given.supposed) };
    let mut routed = policy.routed(asked, Some(&trial.given.service));
    routed.rules = routed.rules.map(|rules| undisturbed(rules, at));
    let opening = opening(request, routed.clone());
    let opened = open(opening, World::of(&directory), now).map_err(|fault| fault.to_string())?;
    let mut stage = Stage {
        directory,
        now,
        played: Played { routed, change: opened.change.clone(), refused: Vec::new(), is_released: false },
        votes: 0,
    };
    stage.take(opened);
    match &trial.given.votes {
        Votes::Cast(votes) => votes.iter().for_each(|vote| stage.cast(vote)),
        Votes::AllNeeded => stage.everybody_approves(),
    }
    Ok(stage.played)
}

/// With its rosters staffed, its fields filled in, promoted from where it has to come from, within its window; without freezes where the test names no time.
fn undisturbed(rules: Rules, at: Option<Timestamp>) -> Rules {
    let freezes = if at.is_some() { rules.freezes } else { Vec::new() };
    Rules { groups: company::staffed(&rules.groups), freezes, fields: Vec::new(), window: None, promotion: None, lock: Lock::Free, ..rules }
}

struct Stage {
    directory: Directory,
    now: Timestamp,
    played: Played,
    /// How many were cast, so that each is another.
    votes: u32,
}

impl Stage {
    fn cast(&mut self, vote: &Cast) {
        if let Some(refused) = self.vote(&vote.by, vote.choice, Some(vote.requirement.clone())) {
            self.played.refused.push((vote.by.clone(), refused));
        }
    }

    /// A stage that opens asks everybody anew.
    fn everybody_approves(&mut self) {
        let everybody: Vec<PersonId> = self.directory.people().map(|person| person.id.clone()).collect();
        let stages = self.played.change.rules.as_ref().map_or(0, |rules| rules.stages.len());
        for _ in 0..stages {
            for person in &everybody {
                // Most are refused, because they are not needed.
                let _refused = self.vote(person, Choice::Approve, None);
            }
        }
    }

    /// The code of the refusal, if there is one.
    fn vote(&mut self, person: &PersonId, choice: Choice, requirement: Option<RequirementName>) -> Option<&'static str> {
        self.votes += 1;
        let via = SIGNED_IN[0].to_owned();
        let ballot = Ballot {
            voter: Voter::Person(person.clone()),
            choice,
            rationale: REASON.repeat(longest_reason(&self.played.change) / REASON.len() + 1).trim_end().to_owned(),
            requirement,
            seen: Sight { round: self.played.change.round, digest: None },
            via: via.clone(),
            interaction: InteractionId::new(format!("vote {}", self.votes)),
        };
        let input = Input { actor: Actor::Person { id: person.clone(), via }, act: Act::Vote(ballot) };
        let decision = decide(&self.played.change, input, World::of(&self.directory), self.now);
        let refused = decision.refusal.as_ref().map(crate::refusal::Refusal::code);
        self.take(decision);
        refused
    }

    fn take(&mut self, decision: Decision) {
        let is_told = decision.effects.iter().any(|effect| matches!(effect, Effect::Answer { .. }));
        self.played.is_released |= is_told && decision.change.state() == State::Approved;
        self.played.change = decision.change;
    }
}

fn longest_reason(change: &Change) -> usize {
    let reasons = change.rules.as_ref().map(|rules| &rules.rationale);
    reasons.map_or(0, |reasons| reasons.approve.min_length.max(reasons.reject.min_length) as usize)
}

fn opening(request: Request, routed: Routed) -> Opening {
    Opening { id: ChangeId(Uuid::nil()), number: ChangeNumber(1), request, routed, previous: None, ahead: Vec::new(), actor: Actor::System }
}

fn request(trial: &Trial) -> Request {
    let author = |person: &PersonId| Author { person: person.clone(), part: Part::CommitAuthor, commit: None };
    let callback = Callback { integration: "test".into(), kind: "test".to_owned(), params: BTreeMap::new() };
    Request {
        key: ChangeKey::from("test"),
        title: trial.name.clone(),
        service: SourceName { kind: "test".to_owned(), integration: "test".into(), path: trial.given.service.name.clone() },
        environment: trial.given.environment.clone(),
        tier: None,
        subject: Subject::default(),
        version: None,
        git_ref: None,
        url: None,
        sequence: None,
        initiator: Initiator::Person(company::requester()),
        co_initiators: Vec::new(),
        authors: Some(Authors { known: trial.given.authors.iter().map(author).collect(), unknown: Vec::new() }),
        attributes: Attributes::default(),
        origin: Origin { callback: Some(callback), event: "test".to_owned() },
    }
}
