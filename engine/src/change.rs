//! A change as the fold of its events. Folding evaluates no calendar, no expression and no directory.

use crate::event::{Actor, BlockReason, Choice, Counted, DeploymentOutcome, Event, Opened, StepDue, TakenAct, ToolDecision, Voted, What};
use crate::ids::{ChangeId, ChangeKey, ChangeNumber, Digest, GroupName, InteractionId, PersonId};
use crate::phase::{Phase, State};
use crate::request::{Again, Authors, Initiator, Request};
use crate::rules::Rules;
use crate::time::Timestamp;
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub id: ChangeId,
    pub number: ChangeNumber,
    pub request: Request,
    pub service: String,
    pub subject_digest: Digest,
    pub rules: Option<Rules>,
    pub previous: Option<ChangeId>,
    pub opened_at: Timestamp,
    pub expires_at: Timestamp,
    pub round: u32,
    pub attempt: u32,
    pub phase: Phase,
    /// `None` until the forge was asked, or when it could not be.
    pub authors: Option<Authors>,
    /// The votes of this round, oldest first, struck ones included.
    pub votes: Vec<CastVote>,
    /// What was counted when the last stage closed.
    pub counted: Vec<Counted>,
    /// When everything was agreed, whatever became of it afterwards.
    pub approved_at: Option<Timestamp>,
    /// Steps of the open stage that are still to come.
    pub steps: Vec<StepDue>,
    /// Steps of the open stage that were taken, oldest first.
    pub taken: Vec<TakenStep>,
    /// Groups that an escalation has given the right to fill the requirements of a stage.
    pub added: Vec<(usize, GroupName)>,
    /// Set by a reassignment: only this group is asked from then on.
    pub reassigned_to: Option<GroupName>,
    pub answer: Answer,
    pub outside: Vec<OutsideDecision>,
    /// Runs of the source that started without a release.
    pub unapproved: Vec<String>,
    /// The interactions whose vote was recorded.
    pub interactions: BTreeMap<InteractionId, Choice>,
    /// Whose attempts were refused when, newest last, for the cap on recording them.
    pub refusals: Vec<(Actor, Timestamp)>,
    pub last_seq: u64,
    pub last_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVote {
    pub voted: Voted,
    pub at: Timestamp,
    /// Why it no longer counts.
    pub struck: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenStep {
    pub step: usize,
    pub act: TakenAct,
    pub at: Timestamp,
}

/// How far our decision got with the tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    NotYet,
    Confirmed { decision: ToolDecision, note: String },
    Failed { decision: ToolDecision, error: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideDecision {
    pub decision: ToolDecision,
    pub by: String,
    pub at: Timestamp,
}

/// A stream that is not the history of a change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    #[error("the stream is empty")]
    Empty,
    #[error("the stream does not begin with an opening")]
    NotOpened,
    #[error("event {found} follows event {after}")]
    Gap { after: u64, found: u64 },
    #[error("event {seq} opens the change a second time")]
    OpenedTwice { seq: u64 },
}

impl Change {
    /// The state after these events, which are a whole stream from its first event on.
    pub fn fold(events: &[Event]) -> Result<Self, FoldError> {
        let (first, rest) = events.split_first().ok_or(FoldError::Empty)?;
        let mut change = Self::first(first)?;
        for event in rest {
            change.apply(event)?;
        }
        Ok(change)
    }

    fn first(event: &Event) -> Result<Self, FoldError> {
        let What::Opened(opened) = &event.what else { return Err(FoldError::NotOpened) };
        if event.seq != 1 {
            return Err(FoldError::Gap { after: 0, found: event.seq });
        }
        let Opened { id, number, request, service, subject_digest, rules, expires_at, previous } = opened.as_ref().clone();
        Ok(Self {
            id,
            number,
            authors: request.authors.clone(),
            request,
            service,
            subject_digest,
            rules,
            previous,
            opened_at: event.at,
            expires_at,
            round: 1,
            attempt: 1,
            phase: Phase::Gating,
            votes: Vec::new(),
            counted: Vec::new(),
            approved_at: None,
            steps: Vec::new(),
            taken: Vec::new(),
            added: Vec::new(),
            reassigned_to: None,
            answer: Answer::NotYet,
            outside: Vec::new(),
            unapproved: Vec::new(),
            interactions: BTreeMap::new(),
            refusals: Vec::new(),
            last_seq: event.seq,
            last_at: event.at,
        })
    }

    /// The next event of the stream.
    pub fn apply(&mut self, event: &Event) -> Result<(), FoldError> {
        if event.seq != self.last_seq + 1 {
            return Err(FoldError::Gap { after: self.last_seq, found: event.seq });
        }
        if matches!(event.what, What::Opened(_)) {
            return Err(FoldError::OpenedTwice { seq: event.seq });
        }
        self.absorb(event);
        Ok(())
    }

    /// What an event that follows the last one changes. An opening only begins a stream, so it changes nothing here.
    pub(crate) fn absorb(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            What::Opened(_) => {}
            What::InitiatorKnown { person } => self.request.initiator = Initiator::Person(person.clone()),
            What::AuthorsKnown { authors } => self.authors = Some(authors.clone()),
            What::AuthorsUnknown { .. } => self.authors = None,
            What::Voted(voted) => self.vote(voted, at),
            What::VoteStruck { person, why } => self.strike(person, why),
            What::Refused(_) => self.refusals.push((event.actor.clone(), at)),
            What::StageOpened { index, steps, .. } => self.begin_stage(*index, steps),
            What::StepTaken { step, act, .. } => self.take_step(*step, act, at),
            What::StepSkipped { step } => self.steps.retain(|due| due.step != *step),
            What::Blocked { why } => self.rest_in(Phase::Blocked { why: why.clone() }),
            What::Approved { counted } => {
                self.counted.clone_from(counted);
                self.approved_at = Some(at);
                self.rest_in(Phase::Approved { at });
            }
            What::Rejected { by, rationale } => self.rest_in(Phase::Rejected { by: by.clone(), rationale: rationale.clone() }),
            What::Expired { waiting_on } => self.rest_in(Phase::Expired { waiting_on: waiting_on.clone() }),
            What::Cancelled { why } => self.rest_in(Phase::Cancelled { why: why.clone() }),
            What::Superseded { by } => self.rest_in(Phase::Superseded { by: by.clone() }),
            What::Retargeted { again, attempt } => {
                self.request.origin = again.origin.clone();
                self.request.sequence = again.sequence;
                self.add_initiators(again);
                self.retarget(*attempt, at);
            }
            What::Answered { decision, note, .. } => {
                self.answer = Answer::Confirmed { decision: *decision, note: note.clone() };
                self.release(*decision, at);
            }
            What::AnswerFailed { decision, error, .. } => self.answer = Answer::Failed { decision: *decision, error: error.clone() },
            What::DecidedOutside { decision, by } => {
                self.outside.push(OutsideDecision { decision: *decision, by: by.clone(), at });
            }
            What::DeploymentStarted { .. } => self.rest_in(Phase::Deploying { at }),
            What::UnapprovedDeployment { run } => self.unapproved.push(run.clone()),
            What::DeploymentFinished { outcome, .. } => self.rest_in(Phase::Finished { at, outcome: *outcome }),
        }
        self.last_seq = event.seq;
        self.last_at = at;
    }

    fn vote(&mut self, voted: &Voted, at: Timestamp) {
        self.interactions.insert(voted.interaction.clone(), voted.choice);
        self.votes.push(CastVote { voted: voted.clone(), at, struck: None });
    }

    fn strike(&mut self, person: &PersonId, why: &str) {
        let standing = self.votes.iter_mut().filter(|vote| &vote.voted.person == person && vote.struck.is_none());
        standing.for_each(|vote| vote.struck = Some(why.to_owned()));
    }

    fn begin_stage(&mut self, stage: usize, steps: &[StepDue]) {
        self.phase = Phase::Pending { stage };
        self.steps = steps.to_vec();
        self.taken.clear();
        self.reassigned_to = None;
    }

    fn take_step(&mut self, step: usize, act: &TakenAct, at: Timestamp) {
        self.steps.retain(|due| due.step != step);
        self.taken.push(TakenStep { step, act: act.clone(), at });
        let Phase::Pending { stage } = self.phase else { return };
        match act {
            TakenAct::Added(group) => self.added.push((stage, group.clone())),
            TakenAct::Reassigned(group) => {
                self.added.push((stage, group.clone()));
                self.reassigned_to = Some(group.clone());
            }
            TakenAct::Reminded | TakenAct::Told(_) => {}
        }
    }

    /// A state in which no stage is open.
    fn rest_in(&mut self, phase: Phase) {
        self.phase = phase;
        self.steps.clear();
    }

    /// Nobody who asked is forgotten. An unknown initiator stays the one until the account is linked.
    fn add_initiators(&mut self, again: &Again) {
        let named = again.initiator.person().into_iter().chain(&again.co_initiators);
        let mut people: Vec<PersonId> = named.filter(|person| !self.asked_for_it(person)).cloned().collect();
        if again.initiator.person().is_none()
            && let Initiator::Person(before) = std::mem::replace(&mut self.request.initiator, again.initiator.clone())
        {
            people.push(before);
        }
        people.dedup();
        self.request.co_initiators.extend(people);
    }

    /// Whether this person asked for it, in this run or an earlier one.
    pub fn asked_for_it(&self, person: &PersonId) -> bool {
        self.request.initiator.person() == Some(person) || self.request.co_initiators.contains(person)
    }

    fn retarget(&mut self, attempt: u32, at: Timestamp) {
        if attempt == self.attempt {
            return;
        }
        self.attempt = attempt;
        self.answer = Answer::NotYet;
        self.rest_in(Phase::Approved { at });
    }

    fn release(&mut self, decision: ToolDecision, at: Timestamp) {
        if decision == ToolDecision::Approve && matches!(self.phase, Phase::Approved { .. }) {
            self.rest_in(Phase::Released { at });
        }
    }

    pub fn state(&self) -> State {
        self.phase.state()
    }

    pub fn key(&self) -> &ChangeKey {
        &self.request.key
    }

    pub fn initiator(&self) -> &Initiator {
        &self.request.initiator
    }

    /// Votes that still stand.
    pub fn standing_votes(&self) -> impl Iterator<Item = &CastVote> {
        self.votes.iter().filter(|vote| vote.struck.is_none())
    }

    /// The title's last words: catalogue service, version or first 8 of the commit, environment.
    pub fn what(&self) -> String {
        let version = self.request.version.clone().or_else(|| self.short_commit());
        let environment = &self.request.environment;
        version
            .map_or_else(|| format!("{} to {environment}", self.service), |version| format!("{} {version} to {environment}", self.service))
    }

    pub fn short_commit(&self) -> Option<String> {
        self.request.subject.commit.as_ref().map(|commit| commit.chars().take(8).collect())
    }

    /// The stage that takes votes now; indexes `Rules::stages`.
    pub fn open_stage(&self) -> Option<usize> {
        if let Phase::Pending { stage } = self.phase { Some(stage) } else { None }
    }

    /// Before anybody is asked; afterwards the authors are settled for this round.
    pub fn waits_for_authors(&self) -> bool {
        match &self.phase {
            Phase::Gating => true,
            Phase::Blocked { why } => matches!(
                why,
                // Whose account is linked at last still has to have authors.
                BlockReason::UnknownInitiator { .. } | BlockReason::UnknownAuthor { .. } | BlockReason::AuthorsNotLookedUp { .. }
            ),
            Phase::Pending { .. }
            | Phase::Approved { .. }
            | Phase::Released { .. }
            | Phase::Deploying { .. }
            | Phase::Finished { .. }
            | Phase::Rejected { .. }
            | Phase::Expired { .. }
            | Phase::Cancelled { .. }
            | Phase::Superseded { .. } => false,
        }
    }

    /// What the deployment came to, once it ended.
    pub fn outcome(&self) -> Option<DeploymentOutcome> {
        if let Phase::Finished { outcome, .. } = self.phase { Some(outcome) } else { None }
    }
}

/// When the change has to be looked at next, if nothing happens before (invariant 16).
pub fn next_wake(change: &Change) -> Option<Timestamp> {
    if change.state().is_end() {
        return None;
    }
    let step = change.steps.iter().map(|due| due.at).min();
    let expiry = change.phase.state().can_be_superseded().then_some(change.expires_at);
    step.into_iter().chain(expiry).min()
}
