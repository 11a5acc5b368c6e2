//! A change as the fold of its events, and what can be read off it.

mod fold;

pub use fold::FoldError;

use crate::event::{
    Actor, Attempt, BlockReason, Counted, DeploymentOutcome, OnDuty, RejectedBefore, SignedOverride, StepDue, TakenAct, ToolDecision, Voted,
};
use crate::gate::{self, Ageing, Evidence};
use crate::hold::Hold;
use crate::ids::{ChangeId, ChangeKey, ChangeNumber, Digest, GroupName, InteractionId, PersonId};
use crate::phase::{Phase, State};
use crate::request::{Authors, Initiator, Request};
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
    /// What was rejected under the same key before.
    pub rejected_before: Option<RejectedBefore>,
    pub opened_at: Timestamp,
    pub expires_at: Timestamp,
    pub round: u32,
    pub attempt: u32,
    pub phase: Phase,
    /// `None` until the forge was asked, or when it could not be.
    pub authors: Option<Authors>,
    /// The facts about this subject, and what the gates made of them.
    pub evidence: Evidence,
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
    /// What was said last of who is on duty; `None` where no stage is open, or the rules name no roster.
    pub on_duty: Option<OnDuty>,
    /// Why it may not be released now, oldest first.
    pub holds: Vec<Hold>,
    /// Its verdict has gone out, and the others of its lane wait for it.
    pub has_lane: bool,
    /// Who signed in this round that a freeze is lifted for it, oldest first.
    pub overrides: Vec<SignedOverride>,
    pub answer: Answer,
    /// What the tool was told of this attempt before the decision, oldest first.
    pub reports: Vec<String>,
    pub outside: Vec<OutsideDecision>,
    /// Runs of the source that started without a release.
    pub unapproved: Vec<String>,
    /// The interactions that were recorded, of every round.
    pub interactions: BTreeMap<InteractionId, Attempt>,
    /// Whose attempts were refused when, newest last, for the cap on recording them.
    pub refusals: Vec<(Actor, Timestamp)>,
    pub last_seq: u64,
    pub last_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVote {
    pub voted: Voted,
    pub at: Timestamp,
    /// The stage that was open, which may be undone until it is decided.
    pub stage: Option<usize>,
    /// How many of the rights in `Change::added` there were then. Later ones need a vote of their own: it is never time
    /// that completes a requirement (invariant 9).
    pub rights: usize,
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

impl Change {
    /// Whether this person asked for it, in this run or an earlier one.
    pub fn asked_for_it(&self, person: &PersonId) -> bool {
        self.request.initiator.person() == Some(person) || self.request.co_initiators.contains(person)
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
    pub fn standing_votes(&self) -> impl DoubleEndedIterator<Item = &CastVote> {
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

    /// When somebody else may be on duty.
    pub fn handover_at(&self) -> Option<Timestamp> {
        self.on_duty.as_ref()?.until
    }

    /// Before anybody is asked; afterwards the authors are settled for this round.
    pub fn waits_for_authors(&self) -> bool {
        match &self.phase {
            Phase::Gating => true,
            Phase::Blocked { why } => matches!(
                why,
                // Whose account is linked at last still has to have authors.
                BlockReason::UnknownInitiator { .. }
                    | BlockReason::UnknownAuthor { .. }
                    | BlockReason::AuthorsNotLookedUp { .. }
                    | BlockReason::Gates { .. }
            ),
            Phase::Draft { .. }
            | Phase::Pending { .. }
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

    /// When the deployment ended, if it ended well.
    pub fn succeeded_at(&self) -> Option<Timestamp> {
        if let Phase::Finished { at, outcome: DeploymentOutcome::Success } = self.phase { Some(at) } else { None }
    }

    /// Until when the others of its lane wait for it at most; `None`: it is not out. What has started may take as long as a
    /// change may wait: a deployment whose end is never reported holds nobody for ever.
    pub fn out_until(&self) -> Option<Timestamp> {
        let longest_s = self.rules.as_ref()?.expire_after_s;
        match self.phase {
            Phase::Approved { .. } if self.has_lane => Some(self.expires_at),
            Phase::Released { at } | Phase::Deploying { at } => Some(at.plus_seconds(longest_s)),
            Phase::Approved { .. }
            | Phase::Draft { .. }
            | Phase::Gating
            | Phase::Blocked { .. }
            | Phase::Pending { .. }
            | Phase::Finished { .. }
            | Phase::Rejected { .. }
            | Phase::Expired { .. }
            | Phase::Cancelled { .. }
            | Phase::Superseded { .. } => None,
        }
    }

    /// Whether the tool may have been told of the verdict already without having confirmed it.
    pub fn verdict_is_on_its_way(&self) -> bool {
        let goes = self.state() == State::Approved && self.has_lane && self.holds.is_empty();
        goes && self.answer == Answer::NotYet && self.request.origin.callback.is_some()
    }

    /// Which gates are looked at in this state, and the age of which facts counts; `None`: none.
    pub fn ageing(&self) -> Option<Ageing> {
        match &self.phase {
            Phase::Gating | Phase::Blocked { why: BlockReason::Gates { .. } } => Some(Ageing::OfAll),
            Phase::Pending { .. } | Phase::Approved { .. } => Some(Ageing::OfRechecked),
            Phase::Blocked { .. }
            | Phase::Draft { .. }
            | Phase::Released { .. }
            | Phase::Deploying { .. }
            | Phase::Finished { .. }
            | Phase::Rejected { .. }
            | Phase::Expired { .. }
            | Phase::Cancelled { .. }
            | Phase::Superseded { .. } => None,
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
    // What is out already is not held any more, so the end of a pause changes nothing for it.
    let resumed = change.holds.iter().filter_map(|hold| expiry.and(hold.until()));
    let freezes = change.rules.iter().flat_map(|rules| &rules.freezes);
    let frozen = freezes.filter_map(|freeze| expiry.and(freeze.next_after(change.last_at)));
    let gate = expiry.and(gate_ends(change));
    step.into_iter().chain(change.handover_at()).chain(expiry).chain(resumed).chain(frozen).chain(gate).min()
}

/// When a gate passes no longer because its fact has grown too old, where that is looked at.
pub fn gate_ends(change: &Change) -> Option<Timestamp> {
    let ageing = change.ageing()?;
    gate::ends_next(&change.rules.as_ref()?.gates, &change.evidence, ageing, change.last_at)
}
