//! Leases: how soon the work of a node that died is taken over, and how a node that lives keeps what it has in hand.

use super::App;
use crate::clock::pause;
use entities::{ClaimedDelivery, ClaimedInternal, ClaimedOutgoing, StoreError};
use std::convert::Infallible;
use std::time::Duration;

/// Seconds for which work is lent. With the look that finds it due, a dead node's work is taken over within ten.
pub const LEASE_S: u64 = 8;
/// A renewal that fails, or comes late, is followed by others before the lease runs out.
const RENEW_EVERY: Duration = Duration::from_secs(2);

/// What is lent to this node.
#[derive(Clone, Copy)]
pub enum InHand<'a> {
    Deliveries(&'a [ClaimedDelivery]),
    Internal(&'a [ClaimedInternal]),
    Outgoing(&'a ClaimedOutgoing),
}

/// Does the work, and prolongs its lease for as long as that takes. A lease that is lost all the same does not end the
/// work: it may be done twice, and the fence keeps the second report from being written.
pub async fn while_renewed<T>(app: &App, in_hand: InHand<'_>, work: impl Future<Output = T>) -> T {
    tokio::select! {
        done = work => done,
        never = renewing(app, in_hand) => match never {},
    }
}

async fn renewing(app: &App, in_hand: InHand<'_>) -> Infallible {
    loop {
        pause(RENEW_EVERY).await;
        if let Err(failure) = renew(app, in_hand).await {
            tracing::warn!(%failure, "a lease could not be prolonged; it is tried again until it runs out");
        }
    }
}

async fn renew(app: &App, in_hand: InHand<'_>) -> Result<(), StoreError> {
    let now = app.clock.now();
    match in_hand {
        InHand::Deliveries(claims) => app.store.renew_deliveries(claims, now, LEASE_S).await,
        InHand::Internal(claims) => app.store.renew_internal(claims, now, LEASE_S).await,
        InHand::Outgoing(claim) => app.store.renew_outgoing(std::slice::from_ref(claim), now, LEASE_S).await,
    }
}
