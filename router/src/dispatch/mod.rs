//! The way out: rows of the outbox become cards, notices, answers and questions. Every row may be sent twice, late,
//! after a newer one, by any node.

mod admission;
pub mod answers;
pub mod authors;
pub mod cards;
pub mod conversation;
pub mod notices;
pub mod reports;

use crate::app::lease::{InHand, LEASE_S, while_renewed};
use crate::app::outgoing::Wish;
use crate::app::{App, Failure};
use crate::backoff;
use bot::SendError;
use entities::{ClaimedOutgoing, Fenced};
use futures_util::stream::{self, StreamExt};

/// Rows that are in hand at once; a slow receiver holds one of them, not all.
pub const AT_ONCE: usize = 32;
/// Attempts before a row is put aside; with the longest pause between them that is most of a day.
const MAX_ATTEMPTS: u64 = 150;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    Done,
    /// Again later, not before `after_s` if the receiver said so.
    Again {
        why: String,
        after_s: Option<u64>,
    },
    /// No answer came, so it may have arrived: again later, by somebody who knows that.
    Unanswered {
        why: String,
    },
    /// Somebody has to look: it stands in `outbox list` until it is sent again by hand.
    Dead {
        why: String,
    },
}

/// Sends what is due; returns how much it looked at.
pub async fn pass(app: &App) -> Result<usize, Failure> {
    let claims = claim(app, AT_ONCE).await?;
    let count = claims.len();
    stream::iter(claims).for_each_concurrent(AT_ONCE, |claim| send_one(app.clone(), claim)).await;
    Ok(count)
}

/// At most so many rows that are due, lent to this node.
pub async fn claim(app: &App, at_most: usize) -> Result<Vec<ClaimedOutgoing>, Failure> {
    Ok(app.store.claim_outgoing(app.clock.now(), at_most as u64, LEASE_S).await?)
}

/// Sends one row and reports how that ended. Where the report fails, the lease runs out and the row is sent again.
pub async fn send_one(app: App, claim: ClaimedOutgoing) {
    let sent = match while_renewed(&app, InHand::Outgoing(&claim), send(&app, &claim)).await {
        Ok(sent) => sent,
        Err(failure) if failure.is_passing() => Sent::Again { why: failure.to_string(), after_s: None },
        Err(failure) => Sent::Dead { why: failure.to_string() },
    };
    match report(&app, &claim, sent).await {
        Ok(Fenced::Held) => {}
        Ok(Fenced::Lost) => tracing::info!(row = claim.id, "another worker took over a row of the outbox"),
        Err(failure) => tracing::error!(row = claim.id, %failure, "how a row was sent could not be written; it is sent again"),
    }
}

async fn report(app: &App, claim: &ClaimedOutgoing, sent: Sent) -> Result<Fenced, Failure> {
    let now = app.clock.now();
    Ok(match sent {
        Sent::Done => app.endings.write(claim.clone()).await?,
        Sent::Again { why, after_s } if claim.attempts < MAX_ATTEMPTS => {
            tracing::warn!(row = claim.id, kind = claim.kind, attempt = claim.attempts, why, "will be sent again");
            app.store.outgoing_retry(claim, backoff::next(now, claim.attempts, after_s), &why).await?
        }
        Sent::Unanswered { why } if claim.attempts < MAX_ATTEMPTS => {
            tracing::warn!(row = claim.id, kind = claim.kind, attempt = claim.attempts, why, "may have arrived, and will be looked for");
            app.store.outgoing_unanswered(claim, backoff::next(now, claim.attempts, None), &why).await?
        }
        Sent::Again { why, .. } | Sent::Unanswered { why } | Sent::Dead { why } => {
            tracing::error!(row = claim.id, kind = claim.kind, why, "could not be sent and is put aside; see `countersign outbox list`");
            app.store.outgoing_dead(claim, now, &why).await?
        }
    })
}

async fn send(app: &App, claim: &ClaimedOutgoing) -> Result<Sent, Failure> {
    let unreadable = |why: String| Failure::Unreadable { what: format!("outbox row {}", claim.id), why };
    let wish: Wish = serde_json::from_str(&claim.payload).map_err(|error| unreadable(error.to_string()))?;
    let change = || claim.change.ok_or_else(|| unreadable("it names no change".to_owned()));
    match wish {
        Wish::Authors => authors::look_up(app, change()?, claim.attempts).await,
        Wish::Report => reports::show(app, change()?).await,
        Wish::Answer { attempt } => answers::answer(app, change()?, attempt, claim).await,
        Wish::Card { platform, channel } => cards::show(app, change()?, (&platform, &channel), claim).await,
        Wish::Notice { platform, person, seq, to } => {
            notices::tell(app, change()?, &notices::Recipient { platform, person, seq, to }).await
        }
        Wish::Unapproved { platform, person, service, environment } => {
            let notice = templates::unapproved_notice(&service, &environment, app.settings.server.web());
            let directory = app.laws.directory_now(&app.store).await?;
            notices::direct(app, &directory, &notices::Address { platform, person }, &notice).await
        }
    }
}

impl Sent {
    /// What a platform's refusal means for the row.
    pub(crate) fn of(error: SendError) -> Self {
        match error {
            SendError::RetryAfter { seconds } => Self::Again { why: error.to_string(), after_s: Some(seconds) },
            SendError::Ambiguous(_) => Self::Unanswered { why: error.to_string() },
            SendError::Away(_) | SendError::Gone(_) => Self::Again { why: error.to_string(), after_s: None },
            SendError::Unreachable(_) | SendError::Refused(_) => Self::Dead { why: error.to_string() },
        }
    }
}
