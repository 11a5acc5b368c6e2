//! Folding: what each event changes. It evaluates no calendar, no expression and no directory.

use super::{Answer, CastVote, Change, OutsideDecision, TakenStep};
use crate::evaluation::Answer as GateAnswer;
use crate::event::{
    Attempt, BlockReason, ChangeRef, Counted, Event, Opened, SignedOverride, StepDue, Submitted, TakenAct, ToolDecision, Voted, What,
};
use crate::gate::{Evidence, Trouble};
use crate::hold::{Because, Hold};
use crate::ids::{Digest, GateName, HoldId, InteractionId, PersonId};
use crate::phase::{Phase, Unfinished};
use crate::request::{Again, Initiator};
use crate::time::Timestamp;
use std::collections::BTreeMap;

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
        let Opened { id, number, request, service, subject_digest, rules, expires_at, previous, evaluation: _, rejected } =
            opened.as_ref().clone();
        Ok(Self {
            id,
            number,
            authors: request.authors.clone(),
            request,
            service,
            subject_digest,
            rules,
            previous,
            rejected_before: rejected,
            opened_at: event.at,
            expires_at,
            round: 1,
            attempt: 1,
            phase: Phase::Gating,
            evidence: Evidence::default(),
            votes: Vec::new(),
            counted: Vec::new(),
            approved_at: None,
            steps: Vec::new(),
            taken: Vec::new(),
            added: Vec::new(),
            reassigned_to: None,
            on_duty: None,
            holds: Vec::new(),
            has_lane: false,
            overrides: Vec::new(),
            answer: Answer::NotYet,
            reports: Vec::new(),
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
            What::DutyKnown(on_duty) => self.on_duty = Some(on_duty.clone()),
            What::Voted(voted) => self.vote(voted, at),
            What::VoteStruck { person, why } => self.strike(person, why),
            What::VoteWithdrawn { person, interaction } => self.withdraw_vote(person, interaction),
            What::Refused(_) => self.refusals.push((event.actor.clone(), at)),
            What::FieldsMissing { fields } => self.rest_in(Phase::Draft { why: Unfinished::FieldsMissing { fields: fields.clone() } }),
            What::ChangesRequested { by, rationale, round } => {
                self.begin_round(*round);
                self.rest_in(Phase::Draft { why: Unfinished::ChangesRequested { by: by.clone(), rationale: rationale.clone() } });
            }
            What::Submitted(submitted) => self.submit(submitted),
            What::SubjectChanged { again, subject_digest, round, attempt } => {
                self.begin_round(*round);
                self.attempt = *attempt;
                self.reports.clear();
                self.change_subject(again, subject_digest);
            }
            What::Held { hold } => self.hold(hold),
            What::HoldLifted { hold, .. } => self.lift(hold),
            What::Settled { older, interaction, .. } => self.settle(older, interaction),
            What::StageOpened { index, steps, .. } => self.begin_stage(*index, steps),
            What::StepTaken { step, act, .. } => self.take_step(*step, act, at),
            What::StepSkipped { step } => self.end_step(*step),
            What::FactSupplied { fact, judged } => {
                self.evidence.learn(fact, judged);
                self.unblock_gates(|gate| judged.iter().any(|judged| &judged.gate == gate && judged.passes == GateAnswer::True));
            }
            What::GateWaived { waiver, interaction, .. } => {
                self.interactions.insert(interaction.clone(), Attempt::Waive);
                self.evidence.waive(waiver);
                self.unblock_gates(|gate| gate == &waiver.gate);
            }
            What::WaiverEnded { gate, .. } => self.evidence.end_waiver(gate),
            What::Blocked { why } => self.rest_in(Phase::Blocked { why: why.clone() }),
            What::OverrideSigned(signed) => self.sign_override(signed),
            What::Approved { counted } => self.approve(counted, at),
            What::LaneTaken => self.has_lane = true,
            What::Rejected { by, rationale } => self.rest_in(Phase::Rejected { by: Some(by.clone()), rationale: rationale.clone() }),
            What::Outvoted(outvoted) => self.rest_in(Phase::Rejected { by: None, rationale: outvoted.sentence() }),
            What::Expired { waiting_on } => self.rest_in(Phase::Expired { waiting_on: waiting_on.clone() }),
            What::Cancelled { why } => self.rest_in(Phase::Cancelled { why: why.clone() }),
            What::Superseded { by } => self.rest_in(Phase::Superseded { by: by.clone() }),
            What::Retargeted { again, attempt } => {
                self.follow(again);
                self.retarget(*attempt, at);
            }
            What::Reported { words, .. } => self.reports.push(words.clone()),
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
        self.has_lane &= matches!(self.phase, Phase::Approved { .. } | Phase::Released { .. } | Phase::Deploying { .. });
        self.last_seq = event.seq;
        self.last_at = at;
    }

    fn sign_override(&mut self, signed: &SignedOverride) {
        self.interactions.insert(signed.interaction.clone(), Attempt::Override);
        self.overrides.push(signed.clone());
    }

    /// Counted anew, it is as approved as before.
    fn approve(&mut self, counted: &[Counted], at: Timestamp) {
        self.counted = counted.to_vec();
        if !matches!(self.phase, Phase::Approved { .. }) {
            self.approved_at = Some(at);
        }
        self.rest_in(Phase::Approved { at });
    }

    fn vote(&mut self, voted: &Voted, at: Timestamp) {
        self.interactions.insert(voted.interaction.clone(), voted.choice.into());
        let stage = self.open_stage();
        let earlier = self.votes.iter_mut().filter(|vote| vote.voted.person == voted.person && vote.stage == stage);
        earlier.filter(|vote| vote.struck.is_none()).for_each(|vote| vote.struck = Some("voted again".to_owned()));
        self.votes.push(CastVote { voted: voted.clone(), at, stage, rights: self.added.len(), struck: None });
    }

    fn withdraw_vote(&mut self, person: &PersonId, interaction: &InteractionId) {
        self.interactions.insert(interaction.clone(), Attempt::WithdrawVote);
        let stage = self.open_stage();
        let standing = self.votes.iter_mut().filter(|vote| &vote.voted.person == person && vote.stage == stage && vote.struck.is_none());
        standing.for_each(|vote| vote.struck = Some("taken back".to_owned()));
    }

    /// Votes, overrides, and the rights that an escalation gave, belong to a round.
    fn begin_round(&mut self, round: u32) {
        self.round = round;
        self.votes.clear();
        self.overrides.clear();
        self.counted.clear();
        self.approved_at = None;
        self.taken.clear();
        self.added.clear();
        self.reassigned_to = None;
        self.answer = Answer::NotYet;
    }

    fn submit(&mut self, submitted: &Submitted) {
        self.interactions.insert(submitted.interaction.clone(), Attempt::Submit);
        self.request.subject.fields = submitted.fields.clone();
        self.subject_digest = submitted.subject_digest.clone();
        self.round = submitted.round;
        self.rest_in(Phase::Gating);
    }

    fn change_subject(&mut self, again: &Again, digest: &Digest) {
        self.follow(again);
        if let Some(subject) = &again.subject {
            self.request.subject = subject.clone();
        }
        self.subject_digest = digest.clone();
        self.authors = again.authors.clone();
        self.evidence = Evidence::default();
        self.rest_in(Phase::Gating);
    }

    /// Gates that pass now block no longer; where the others only wait, the change waits for them.
    fn unblock_gates(&mut self, goes: impl Fn(&GateName) -> bool) {
        let Phase::Blocked { why: BlockReason::Gates { troubles } } = &mut self.phase else { return };
        troubles.retain(|trouble| !goes(&trouble.gate));
        if troubles.iter().all(Trouble::is_missing) {
            self.rest_in(Phase::Gating);
        }
    }

    fn hold(&mut self, hold: &Hold) {
        self.lift(&hold.id);
        self.holds.push(hold.clone());
    }

    fn lift(&mut self, hold: &HoldId) {
        self.holds.retain(|held| &held.id != hold);
    }

    /// From here on it waits for the older one to end: by itself, or because it was replaced.
    fn settle(&mut self, older: &ChangeRef, interaction: &InteractionId) {
        self.interactions.insert(interaction.clone(), Attempt::Settle);
        self.hold(&Hold { id: Hold::id_behind(older), because: Because::Behind { change: older.clone() } });
    }

    /// The run that waits now, and who asked for it.
    fn follow(&mut self, again: &Again) {
        self.request.origin = again.origin.clone();
        self.request.sequence = again.sequence;
        self.add_initiators(again);
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
        self.end_step(step);
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

    /// The earliest of its times; a reminder may come again.
    fn end_step(&mut self, step: usize) {
        let of_step = self.steps.iter().enumerate().filter(|(_, due)| due.step == step);
        if let Some((index, _)) = of_step.min_by_key(|(_, due)| due.at) {
            self.steps.remove(index);
        }
    }

    /// A state in which no stage is open.
    fn rest_in(&mut self, phase: Phase) {
        self.phase = phase;
        self.steps.clear();
        self.on_duty = None;
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

    fn retarget(&mut self, attempt: u32, at: Timestamp) {
        if attempt == self.attempt {
            return;
        }
        self.attempt = attempt;
        self.reports.clear();
        self.answer = Answer::NotYet;
        self.rest_in(Phase::Approved { at });
    }

    fn release(&mut self, decision: ToolDecision, at: Timestamp) {
        if decision == ToolDecision::Approve && matches!(self.phase, Phase::Approved { .. }) {
            self.rest_in(Phase::Released { at });
        }
    }
}
