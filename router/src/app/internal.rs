//! What one decision means for other changes: written in its transaction, carried out here through the same door.

use super::{App, Failure};
use crate::app::lease::{InHand, LEASE_S, while_renewed};
use crate::backoff;
use engine::event::{Actor, ChangeRef};
use engine::ids::ChangeId;
use engine::{Act, Input};
use entities::{ChangeAddress, ClaimedInternal, Fenced, NewInternal};
use serde::{Deserialize, Serialize};

const BATCH: u64 = 64;
/// Passing failures of one order, before it is given up and shown as failed.
const MAX_ATTEMPTS: u64 = 100;

/// An internal input as it lies in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    Supersede { by: ChangeRef },
    QueueBehind { change: ChangeRef },
    AheadEnded { change: ChangeId },
    HoldsChanged,
    DirectoryChanged,
}

impl Order {
    /// `cause` names the event behind it; one cause gives one target one order of a kind.
    pub fn addressed(self, target: ChangeId, cause: String) -> Result<NewInternal, Failure> {
        let kind = match &self {
            Self::Supersede { .. } => "supersede",
            Self::QueueBehind { .. } => "queue_behind",
            Self::AheadEnded { .. } => "ahead_ended",
            Self::HoldsChanged => "holds_changed",
            Self::DirectoryChanged => "directory_changed",
        };
        let input =
            serde_json::to_string(&self).map_err(|error| Failure::Unreadable { what: "an order".to_owned(), why: error.to_string() })?;
        Ok(NewInternal { target, cause, kind: kind.to_owned(), input })
    }

    fn act(self) -> Act {
        match self {
            Self::Supersede { by } => Act::Supersede { by },
            Self::QueueBehind { change } => Act::QueueBehind { change },
            Self::AheadEnded { change } => Act::AheadEnded { change },
            Self::HoldsChanged => Act::HoldsChanged,
            Self::DirectoryChanged => Act::DirectoryChanged,
        }
    }
}

/// Carries out what is due; returns how much it looked at.
pub async fn pass(app: &App) -> Result<usize, Failure> {
    let claims = app.store.claim_internal(app.clock.now(), BATCH, LEASE_S).await?;
    while_renewed(app, InHand::Internal(&claims), each(app, &claims)).await?;
    Ok(claims.len())
}

async fn each(app: &App, claims: &[ClaimedInternal]) -> Result<(), Failure> {
    for claim in claims {
        let end = carry_out(app, claim).await;
        report(app, claim, end).await?;
    }
    Ok(())
}

async fn carry_out(app: &App, claim: &ClaimedInternal) -> Result<(), Failure> {
    let order: Order = serde_json::from_str(&claim.input)
        .map_err(|error| Failure::Unreadable { what: format!("internal input {}", claim.id), why: error.to_string() })?;
    if is_over(app, &order).await? {
        return Ok(());
    }
    app.apply(claim.target, Input { actor: Actor::System, act: order.act() }).await.map(drop)
}

/// Nobody waits for a change that has ended meanwhile: what told of its end may have come before this order.
async fn is_over(app: &App, order: &Order) -> Result<bool, Failure> {
    let Order::QueueBehind { change } = order else { return Ok(false) };
    let ahead = app.store.find_change(&ChangeAddress::Id(change.id)).await?;
    Ok(ahead.is_none_or(|ahead| ahead.state.is_end()))
}

async fn report(app: &App, claim: &ClaimedInternal, end: Result<(), Failure>) -> Result<(), Failure> {
    let written = match end {
        Ok(()) => app.store.internal_done(claim).await?,
        Err(failure) if failure.is_passing() && claim.attempts < MAX_ATTEMPTS => {
            let again = backoff::next(app.clock.now(), claim.attempts, None);
            app.store.internal_retry(claim, again, &failure.to_string()).await?
        }
        Err(failure) => {
            tracing::error!(change = %claim.target, %failure, "an internal input was given up");
            app.store.internal_failed(claim, &failure.to_string()).await?
        }
    };
    if written == Fenced::Lost {
        tracing::info!(change = %claim.target, "another worker took over an internal input");
    }
    Ok(())
}
