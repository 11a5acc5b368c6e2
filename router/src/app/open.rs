//! Opening a change, or finding the one that its key has already, in one transaction.

use super::{App, Failure};
use crate::app::apply::{counted, lane_of};
use crate::app::beside::{Beside, Waiting};
use crate::app::lane::ahead;
use crate::app::laws::Surroundings;
use crate::app::promotion::Promoted;
use crate::clock::new_change_id;
use engine::change::Change;
use engine::decide::{Decision, decide, open};
use engine::event::{Actor, RejectedBefore};
use engine::ids::ChangeId;
use engine::input::Previous;
use engine::phase::Phase;
use engine::request::{Again, Request};
use engine::{Act, Input, Opening};
use entities::{Keyed, StoreError, Summary, Tx};
use uuid::Uuid;

/// Openings of the same key or lane that may come before this one, before it gives up.
const MAX_CONFLICTS: u32 = 16;

/// Which delivery brought a request.
#[derive(Clone, Copy, Debug)]
pub enum Delivered {
    /// It says nothing else: with the change it is done.
    Whole(Uuid),
    /// More follows from it, or its answer.
    Part(Uuid),
}

impl Delivered {
    fn id(self) -> Uuid {
        match self {
            Self::Whole(id) | Self::Part(id) => id,
        }
    }
}

impl App {
    /// The open change with the request's key: found, moved to the request's run, or opened now.
    ///
    /// `delivery` brought the request. The change is noted with it in the same transaction, so that a delivery that is
    /// worked on again, even after its change has ended, opens no second one.
    pub async fn open(&self, request: &Request, actor: &Actor, delivery: Delivered) -> Result<Change, Failure> {
        for _ in 0..MAX_CONFLICTS {
            match self.open_once(request.clone(), actor.clone(), delivery).await {
                Err(Failure::Store(StoreError::Conflict | StoreError::KeyTaken)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::TooManyConflicts(MAX_CONFLICTS))
    }

    async fn open_once(&self, request: Request, actor: Actor, delivery: Delivered) -> Result<Change, Failure> {
        let lane = lane_of(&request);
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        let around = self.laws.surroundings(&mut tx, &self.store, now).await?;
        tx.lock_lane(&lane).await?;
        let known = tx.with_key(&request.key).await?;
        if let Some(ended) = opened_before(&mut tx, &known, delivery.id()).await? {
            note(&mut tx, delivery, ended.id).await?;
            tx.commit().await?;
            return Ok(ended);
        }
        let (decision, opens) = match known.open {
            Some(summary) => {
                let act = Act::Retarget(request.into());
                (self.again(&mut tx, summary.id, Input { actor, act }, &around).await?, false)
            }
            None => {
                let routed = around.policy.route_amid(&request, &around.directory, &around.incidents, now);
                let promoted = Promoted { rules: routed.rules.as_ref().ok(), service: &routed.service, subject: &request.subject };
                let succeeded = promoted.succeeded_before_opening(&mut tx).await?;
                let id = new_change_id(now);
                let out = Waiting { id, rules: routed.rules.as_ref().ok(), lane: &lane }.out(&mut tx, now).await?;
                let beside = Beside { succeeded, out };
                let opening = Opening {
                    id,
                    number: tx.next_number().await?,
                    previous: previous(&mut tx, known.newest).await?,
                    ahead: ahead(&mut tx, &lane, &request, &routed).await?,
                    routed,
                    request,
                    actor,
                };
                let decision = open(opening, around.world(&beside), now).map_err(|why| Failure::Log { change: id, why })?;
                (decision, true)
            }
        };
        if !decision.events.is_empty() {
            self.write(&mut tx, &decision, &around.directory).await?;
        }
        if opens {
            self.tell_lane(&mut tx, &decision.change, &lane).await?;
        }
        note(&mut tx, delivery, decision.change.id).await?;
        let written = tx.commit().await?;
        if opens {
            counted(None, &decision);
        }
        self.news.written(written);
        self.news.moved(decision.change.id);
        Ok(decision.change)
    }

    /// The same wish again: nothing new, or another run of the source.
    async fn again(&self, tx: &mut Tx, id: ChangeId, input: Input, around: &Surroundings) -> Result<Decision, Failure> {
        let change = folded(tx, id).await?;
        let subject = if let Act::Retarget(Again { subject: Some(subject), .. }) = &input.act { subject } else { &change.request.subject };
        let now = self.clock.now();
        let succeeded = Promoted { subject, ..Promoted::of(&change) }.succeeded(tx).await?;
        let beside = Beside { succeeded, ..Beside::of(&change, tx, now).await? };
        let decision = decide(&change, input, around.world(&beside), now);
        self.tell_lane_is_free(tx, &change, &decision.change).await?;
        Ok(decision)
    }
}

async fn note(tx: &mut Tx, delivery: Delivered, change: ChangeId) -> Result<(), StoreError> {
    match delivery {
        Delivered::Whole(id) => tx.delivery_led_to(id, change).await,
        Delivered::Part(id) => tx.delivery_answer(id, &[change], None).await,
    }
}

/// The ended change with the same key; it is linked, and a rejected subject is not asked again.
async fn previous(tx: &mut Tx, newest: Option<Summary>) -> Result<Option<Previous>, Failure> {
    let Some(summary) = newest else { return Ok(None) };
    let Change { phase, number, subject_digest: digest, rejected_before, .. } = folded(tx, summary.id).await?;
    let Phase::Rejected { by, rationale } = phase else {
        // It may have been blocked for what was rejected before it, and then have ended by itself.
        return Ok(Some(Previous { id: summary.id, rejected: rejected_before }));
    };
    let rejected = Some(RejectedBefore { number, digest, by, rationale });
    Ok(Some(Previous { id: summary.id, rejected }))
}

/// What this delivery has opened or found already, if that has ended since.
async fn opened_before(tx: &mut Tx, known: &Keyed, delivery: Uuid) -> Result<Option<Change>, Failure> {
    let Some(last) = known.newest.as_ref().filter(|last| last.state.is_end()) else { return Ok(None) };
    if !tx.delivery_changes(delivery).await?.contains(&last.id) {
        return Ok(None);
    }
    folded(tx, last.id).await.map(Some)
}

async fn folded(tx: &mut Tx, id: ChangeId) -> Result<Change, Failure> {
    Change::fold(&tx.events(id).await?).map_err(|why| Failure::Log { change: id, why })
}
