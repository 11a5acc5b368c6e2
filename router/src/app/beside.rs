//! What other changes mean for a decision about one: its success in the environment before, and what is out in its lane.

use super::Failure;
use super::apply::lane;
use super::promotion::Promoted;
use engine::Timestamp;
use engine::change::Change;
use engine::hold::Out;
use engine::ids::ChangeId;
use engine::lock::Lock;
use engine::promotion::Succeeded;
use engine::rules::Rules;
use entities::Tx;

/// As the transaction at hand sees it.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    pub succeeded: Option<Succeeded>,
    pub out: Option<Out>,
}

/// Whose lane is looked at.
pub struct Waiting<'a> {
    pub id: ChangeId,
    pub rules: Option<&'a Rules>,
    pub lane: &'a str,
}

impl Beside {
    /// Of a change that was folded. Where its lane matters, the lane stays as it is until the transaction ends: of two that
    /// are approved at once the second one sees the first.
    pub async fn of(change: &Change, tx: &mut Tx, now: Timestamp) -> Result<Self, Failure> {
        let succeeded = Promoted::of(change).succeeded(tx).await?;
        let is_locked = goes_one_at_a_time(change.rules.as_ref()) && !change.state().is_end();
        if !is_locked && change.out_until().is_none() {
            return Ok(Self { succeeded, out: None });
        }
        let lane = lane(change);
        tx.lock_lane(&lane).await?;
        let out = Waiting { id: change.id, rules: change.rules.as_ref(), lane: &lane }.out(tx, now).await?;
        Ok(Self { succeeded, out })
    }
}

impl Waiting<'_> {
    /// What is out in the lane, if the rules ask; the lane is locked.
    pub async fn out(&self, tx: &mut Tx, now: Timestamp) -> Result<Option<Out>, Failure> {
        if !goes_one_at_a_time(self.rules) {
            return Ok(None);
        }
        Ok(tx.out_in_lane(self.lane, self.id, now).await?)
    }
}

fn goes_one_at_a_time(rules: Option<&Rules>) -> bool {
    rules.is_some_and(|rules| rules.lock == Lock::OneAtATime)
}
