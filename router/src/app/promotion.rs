//! What became of a change's subject in the environment before its own, and who hears of it.

use super::internal::Order;
use super::{App, Failure};
use engine::change::Change;
use engine::ids::ChangeId;
use engine::phase::State;
use engine::promotion::Succeeded;
use engine::request::Subject;
use engine::rules::Rules;
use entities::Tx;

/// Whose subject is looked for.
pub struct Promoted<'a> {
    pub rules: Option<&'a Rules>,
    pub service: &'a str,
    pub subject: &'a Subject,
}

impl<'a> Promoted<'a> {
    pub fn of(change: &'a Change) -> Self {
        Self { rules: change.rules.as_ref(), service: &change.service, subject: &change.request.subject }
    }

    /// Its newest deployment into the environment before, if that went well and its rules ask for it.
    pub async fn succeeded(&self, tx: &mut Tx) -> Result<Option<Succeeded>, Failure> {
        let promotion = self.rules.and_then(|rules| rules.promotion.as_ref());
        let Some((promotion, subject)) = promotion.zip(self.subject.promoted()) else { return Ok(None) };
        let newest = tx.newest_outcome(&subject, self.service, promotion.after.as_str()).await?;
        let at = newest.and_then(|newest| newest.succeeded_at);
        Ok(at.map(|at| Succeeded { subject, environment: promotion.after.clone(), at }))
    }

    /// As `succeeded`, for a change that opens: until its transaction ends, nothing of its service comes to an end unseen.
    pub async fn succeeded_before_opening(&self, tx: &mut Tx) -> Result<Option<Succeeded>, Failure> {
        if self.rules.is_some_and(|rules| rules.promotion.is_some()) {
            tx.lock_lane(&ends_of(self.service)).await?;
        }
        self.succeeded(tx).await
    }
}

/// What those of a service lock that come to an end, and those that open and wait for it.
fn ends_of(service: &str) -> String {
    format!("ends of {service}")
}

impl App {
    /// A deployment that came to an end is news for every open change with the same subject.
    pub(super) async fn tell_promoted(&self, tx: &mut Tx, before: State, change: &Change) -> Result<(), Failure> {
        let has_ended = matches!(change.state(), State::Succeeded | State::Failed) && change.state() != before;
        let Some(promoted) = change.request.subject.promoted().filter(|_| has_ended) else { return Ok(()) };
        tx.lock_lane(&ends_of(&change.service)).await?;
        let waiting = tx.open_promotions(&promoted, &change.service).await?;
        let targets = waiting.iter().map(|waiting| waiting.id).filter(|id: &ChangeId| *id != change.id);
        let cause = format!("outcome:{}", change.id);
        let orders: Result<Vec<_>, Failure> = targets.map(|id| Order::HoldsChanged.addressed(id, cause.clone())).collect();
        tx.post_internal(&orders?, self.clock.now()).await?;
        Ok(())
    }
}
