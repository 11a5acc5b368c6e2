//! The one function that writes a change: load, fold, decide, append, project, enqueue, commit.

use super::beside::Beside;
use super::commit_gate::CommitGate;
use super::{App, Failure, outgoing};
use engine::change::Change;
use engine::decide::{Decision, decide};
use engine::directory::Directory;
use engine::ids::ChangeId;
use engine::phase::State;
use engine::{Input, Refusal};
use entities::{StoreError, Summary, Tx};
use std::sync::Arc;

/// Deciders of one change that may come before this one, before it gives up.
const MAX_CONFLICTS: u32 = 16;

/// What came of an input.
#[derive(Clone, Debug)]
pub enum Outcome {
    Done(Done),
    Refused { refusal: Refusal, done: Done },
}

/// The change as it is now, and the directory that it was judged by.
#[derive(Clone, Debug)]
pub struct Done {
    pub change: Change,
    pub directory: Arc<Directory>,
}

impl Outcome {
    pub fn into_done(self) -> Done {
        match self {
            Self::Done(done) | Self::Refused { done, .. } => done,
        }
    }
}

impl App {
    /// Every door goes through here.
    pub async fn apply(&self, id: ChangeId, input: Input) -> Result<Outcome, Failure> {
        self.apply_within(id, input, &CommitGate::default()).await
    }

    /// As [`App::apply`], for a caller that may give up before the commit begins.
    pub async fn apply_within(&self, id: ChangeId, input: Input, gate: &CommitGate) -> Result<Outcome, Failure> {
        for _ in 0..MAX_CONFLICTS {
            match self.apply_once(id, input.clone(), gate).await {
                Err(Failure::Store(StoreError::Conflict)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::TooManyConflicts(MAX_CONFLICTS))
    }

    async fn apply_once(&self, id: ChangeId, input: Input, gate: &CommitGate) -> Result<Outcome, Failure> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        let around = self.laws.surroundings(&mut tx, &self.store, now).await?;
        let change = folded(id, &tx.events(id).await?)?;
        let beside = Beside::of(&change, &mut tx, now).await?;
        let decision = decide(&change, input, around.world(&beside), now);
        if !decision.events.is_empty() || !decision.effects.is_empty() {
            self.write(&mut tx, &decision, &around.directory).await?;
            self.tell_others(&mut tx, change.state(), &decision).await?;
            self.tell_promoted(&mut tx, change.state(), &decision.change).await?;
            self.tell_lane_is_free(&mut tx, &change, &decision.change).await?;
            if !gate.enter() {
                return Err(Failure::TooLate);
            }
            self.news.written(tx.commit().await?);
            self.news.moved(id);
            counted(Some(change.state()), &decision);
        }
        let done = Done { change: decision.change, directory: around.directory };
        Ok(match decision.refusal {
            Some(refusal) => Outcome::Refused { refusal, done },
            None => Outcome::Done(done),
        })
    }

    /// Events, projection and outbox rows of one decision, in the transaction that it was made in.
    pub(super) async fn write(&self, tx: &mut Tx, decision: &Decision, directory: &Directory) -> Result<(), Failure> {
        let change = &decision.change;
        tx.append(change.id, &decision.events).await?;
        tx.project(&Summary::of(change, lane(change))).await?;
        let now = self.clock.now();
        tx.enqueue(&outgoing::rows(self, decision, directory, now)?, now).await?;
        Ok(())
    }

    /// A change as its log has it now, for showing.
    pub async fn change(&self, id: ChangeId) -> Result<Change, Failure> {
        folded(id, &self.store.events(id).await?)
    }
}

fn folded(id: ChangeId, events: &[engine::Event]) -> Result<Change, Failure> {
    if events.is_empty() {
        return Err(Failure::NoSuchChange(id));
    }
    Change::fold(events).map_err(|why| Failure::Log { change: id, why })
}

/// Metrics of what was committed: states entered, and refusals by their code.
pub(super) fn counted(before: Option<State>, decision: &Decision) {
    let state = decision.change.state();
    if before != Some(state) {
        metrics::counter!("countersign_changes_entered_total", "state" => state.word()).increment(1);
    }
    if let Some(refusal) = &decision.refusal {
        metrics::counter!("countersign_refusals_total", "code" => refusal.code()).increment(1);
    }
}

/// One service into one environment, in the source's words.
pub fn lane(change: &Change) -> String {
    lane_of(&change.request)
}

pub fn lane_of(request: &engine::request::Request) -> String {
    let service = &request.service;
    format!("{}:{}→{}", service.integration, service.path, request.environment)
}
