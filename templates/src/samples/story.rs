//! A stream of events in the making: each step is a few minutes after the last.

use super::people;
use engine::Timestamp;
use engine::event::{Actor, BlockReason, Choice, Counted, EVENT_VERSION, Event, Opened, StepDue, TakenAct, ToolDecision, Voted, What};
use engine::ids::{ChangeId, ChangeNumber, InteractionId, PersonId};
use engine::request::{Attributes, Author, Authors, Callback, Initiator, Origin, Request, SourceName, Subject};
use engine::rules::{Part, Route, Rules};
use std::collections::{BTreeMap, BTreeSet};

/// Microseconds of 16 November 2026, 14:00 UTC.
const START: i64 = 1_794_837_600_000_000;
/// Seconds between two events.
const PACE: u64 = 420;

pub struct Story {
    events: Vec<Event>,
    subject: engine::ids::Digest,
}

impl Story {
    /// Asked for, authors not known yet.
    pub fn begin() -> Self {
        Self::of(request(), Some(people::rules()))
    }

    pub fn of(request: Request, rules: Option<Rules>) -> Self {
        let opened = Opened {
            id: ChangeId(uuid::Uuid::from_u128(0x019a_8000_0000_7000_8000_0000_0000_0001)),
            number: ChangeNumber(1042),
            service: request.service.path.rsplit('/').next().unwrap_or_default().to_owned(),
            subject_digest: request.subject.digest(),
            expires_at: at(0).plus_seconds(14 * 86_400),
            request,
            rules,
            previous: None,
            evaluation: None,
            rejected: None,
        };
        let mut story = Self { events: Vec::new(), subject: opened.subject_digest.clone() };
        story.push(Actor::Integration { name: "gitlab-main".into() }, What::Opened(Box::new(opened)));
        story
    }

    pub fn into_events(self) -> Vec<Event> {
        self.events
    }

    fn push(&mut self, actor: Actor, what: What) {
        let seq = self.events.len() as u64 + 1;
        self.events.push(Event { v: EVENT_VERSION, seq, at: at(seq), actor, what });
    }

    pub fn then(mut self, what: What) -> Self {
        self.push(Actor::Integration { name: "gitlab-main".into() }, what);
        self
    }

    /// Authors known, first stage open.
    pub fn asked(self) -> Self {
        let author = Author { person: "requester-1".into(), part: Part::CommitAuthor, commit: Some("a1b2c3d4".to_owned()) };
        self.then(What::AuthorsKnown { authors: Authors { known: vec![author], unknown: Vec::new() } }).stage("technical", 0)
    }

    pub fn stage(mut self, name: &str, index: usize) -> Self {
        let now = at(self.events.len() as u64 + 1);
        let due = |(step, after): (usize, u64)| StepDue { step, at: now.plus_seconds(after) };
        let steps = [1_800, 3_600, 14_400].into_iter().enumerate().map(due).collect();
        self.push(Actor::System, What::StageOpened { stage: name.into(), index, steps });
        self
    }

    pub fn vote(mut self, person: &str, choice: Choice, rationale: &str) -> Self {
        let id = PersonId::from(person);
        let voted = Voted {
            person: id.clone(),
            choice,
            rationale: rationale.to_owned(),
            round: 1,
            subject_digest: self.subject.clone(),
            requirement: None,
            on_duty: Vec::new(),
            via: "slack".to_owned(),
            interaction: InteractionId::new(format!("sample/{}", self.events.len())),
        };
        self.push(Actor::Person { id, via: "slack".to_owned() }, What::Voted(voted));
        self
    }

    pub fn approve(self, person: &str, rationale: &str) -> Self {
        self.vote(person, Choice::Approve, rationale)
    }

    pub fn step(mut self, step: usize, act: TakenAct, people: &[&str]) -> Self {
        let people = people.iter().map(|id| PersonId::from(*id)).collect();
        self.push(Actor::Timer, What::StepTaken { step, act, people, via: BTreeSet::from([Route::ChatThread]) });
        self
    }

    /// Both stages filled and the decision made.
    pub fn approved(self) -> Self {
        let counted = |requirement: &str, person: &str| Counted { requirement: requirement.into(), person: person.into() };
        let first = self.approve("approver-1", "Canary is clean so far, rollback tested.");
        let both = first.approve("approver-2", "Read the diff, it only touches validation.").stage("business", 1);
        let counted = vec![counted("operations", "approver-1"), counted("operations", "approver-2"), counted("business", "approver-3")];
        both.approve("approver-3", "Announced to the shops, they are ready.").then(What::Approved { counted })
    }

    pub fn released(self) -> Self {
        self.approved().then(What::Answered { decision: ToolDecision::Approve, attempt: 1, note: "confirmed".to_owned() })
    }

    pub fn deploying(self) -> Self {
        self.released().then(What::DeploymentStarted { run: "5107".to_owned() })
    }

    pub fn blocked(self, why: BlockReason) -> Self {
        self.then(What::Blocked { why })
    }
}

/// The time of the event with this number.
fn at(seq: u64) -> Timestamp {
    Timestamp::from_micros(START).map_or_else(|| Timestamp::from_utc(Default::default()), |start| start.plus_seconds(seq * PACE))
}

pub fn request() -> Request {
    Request {
        key: "sample".into(),
        title: "Faster card validation; 3 commits since 2.30.4".to_owned(),
        service: SourceName { kind: "gitlab".to_owned(), integration: "gitlab-main".into(), path: "payments/checkout-api".to_owned() },
        environment: "production".to_owned(),
        tier: None,
        subject: Subject {
            commit: Some("a1b2c3d4e5f60718293a4b5c6d7e8f9001122334".to_owned()),
            artifacts: BTreeMap::from([("checkout-api".to_owned(), format!("sha256:{}", "9f2c".repeat(16)))]),
            target: "payments/checkout-api to production".to_owned(),
            fields: BTreeMap::new(),
        },
        version: Some("2.31.0".to_owned()),
        git_ref: Some("main".to_owned()),
        url: Some("https://gitlab.example.com/payments/checkout-api/-/jobs/5107".to_owned()),
        sequence: Some(5107),
        initiator: Initiator::Person("requester-1".into()),
        co_initiators: Vec::new(),
        authors: None,
        attributes: Attributes::default(),
        origin: Origin { callback: Some(callback()), event: "Deployment Hook/blocked".to_owned() },
    }
}

fn callback() -> Callback {
    Callback { integration: "gitlab-main".into(), kind: "gitlab.deployment_approval".to_owned(), params: BTreeMap::new() }
}
