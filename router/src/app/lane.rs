//! Changes of one lane: which goes first, and what the others hear of it. All of it in the transaction of the cause.

use super::internal::Order;
use super::{App, Failure};
use crate::app::apply::lane;
use engine::change::Change;
use engine::decide::Decision;
use engine::event::{ChangeRef, Precedence, What};
use engine::ids::ChangeId;
use engine::input::Routed;
use engine::phase::State;
use engine::request::Request;
use engine::rules::WhenNewerArrives;
use entities::{NewInternal, Summary, Tx};

/// The open changes that a new one waits for, where the policy does not replace them. The lane is locked.
pub async fn ahead(tx: &mut Tx, lane: &str, request: &Request, routed: &Routed) -> Result<Vec<ChangeRef>, Failure> {
    let Ok(rules) = &routed.rules else { return Ok(Vec::new()) };
    if rules.when_newer_arrives == WhenNewerArrives::Supersede {
        return Ok(Vec::new());
    }
    let older = tx.open_in_lane(lane).await?.into_iter().filter(|other| is_newer(request.sequence, other.sequence));
    Ok(older.map(|other| reference(&other)).collect())
}

impl App {
    /// What opens tells the others: newer, by the source's own sequence, replaces or waits; a late old one goes first.
    pub(super) async fn tell_lane(&self, tx: &mut Tx, opened: &Change, lane: &str) -> Result<(), Failure> {
        let newer = opened.rules.as_ref().map_or(WhenNewerArrives::Supersede, |rules| rules.when_newer_arrives);
        let others = tx.open_in_lane(lane).await?.into_iter().filter(|other| other.id != opened.id);
        let here = ChangeRef { id: opened.id, number: opened.number };
        let cause = format!("opened:{}", opened.id);
        let mut orders = Vec::new();
        for other in others {
            let is_first = !is_newer(opened.request.sequence, other.sequence);
            let (target, order) = match newer {
                WhenNewerArrives::Supersede if is_first => (opened.id, Order::Supersede { by: reference(&other) }),
                WhenNewerArrives::Supersede => (other.id, Order::Supersede { by: here.clone() }),
                WhenNewerArrives::Queue | WhenNewerArrives::Ask if is_first => (other.id, Order::QueueBehind { change: here.clone() }),
                WhenNewerArrives::Queue | WhenNewerArrives::Ask => continue,
            };
            orders.push(order.addressed(target, cause.clone())?);
        }
        tx.post_internal(&orders, self.clock.now()).await?;
        Ok(())
    }

    /// What is not out any more lets the next one of its lane go on. The lane is locked.
    pub(super) async fn tell_lane_is_free(&self, tx: &mut Tx, before: &Change, after: &Change) -> Result<(), Failure> {
        if before.out_until().is_none() || after.out_until().is_some() {
            return Ok(());
        }
        let others = tx.open_in_lane(&lane(after)).await?.into_iter().filter(|other| other.id != after.id);
        let cause = format!("free:{}:{}", after.id, after.last_seq);
        let orders: Result<Vec<_>, Failure> = others.map(|other| Order::HoldsChanged.addressed(other.id, cause.clone())).collect();
        tx.post_internal(&orders?, self.clock.now()).await?;
        Ok(())
    }

    /// What a decision on one change means for the others of its lane: a replaced one hears of it, and whoever waits
    /// for one that has ended goes on.
    pub(super) async fn tell_others(&self, tx: &mut Tx, before: State, decision: &Decision) -> Result<(), Failure> {
        let change = &decision.change;
        let mut orders = replaced(decision)?;
        let lets_others_wait = change.rules.as_ref().is_some_and(|rules| rules.when_newer_arrives != WhenNewerArrives::Supersede);
        if lets_others_wait && change.state().is_end() && !before.is_end() {
            for other in tx.open_in_lane(&lane(change)).await?.into_iter().filter(|other| other.id != change.id) {
                orders.push(Order::AheadEnded { change: change.id }.addressed(other.id, format!("ended:{}", change.id))?);
            }
        }
        if !orders.is_empty() {
            tx.post_internal(&orders, self.clock.now()).await?;
        }
        Ok(())
    }
}

fn replaced(decision: &Decision) -> Result<Vec<NewInternal>, Failure> {
    let by = ChangeRef { id: decision.change.id, number: decision.change.number };
    let settled = decision.events.iter().filter_map(|event| match &event.what {
        What::Settled { older, precedence: Precedence::Replace, .. } => Some((older.id, event.seq)),
        _ => None,
    });
    let supersede =
        |(older, seq): (ChangeId, u64)| Order::Supersede { by: by.clone() }.addressed(older, format!("settled:{}:{seq}", by.id));
    settled.map(supersede).collect()
}

fn reference(summary: &Summary) -> ChangeRef {
    ChangeRef { id: summary.id, number: summary.number }
}

/// Without a sequence, the receipt decides, and what opens now was received last.
fn is_newer(opened: Option<i64>, other: Option<i64>) -> bool {
    opened.zip(other).is_none_or(|(opened, other)| opened > other)
}
