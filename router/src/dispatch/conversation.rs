//! Carrying a source's conversation over the network: it says what comes next, we make the call.

use super::Sent;
use super::admission::{Admission, admit};
use crate::app::App;
use crate::net::TransportError;
use crate::sources::{Api, Ask, Call, Connection, ForgeAuthors, Turn};
use engine::event::ToolDecision;
use engine::ids::IntegrationName;
use std::time::Duration;

/// Calls of one conversation; a source that wants more is going in circles.
const MAX_CALLS: usize = 12;
/// HTTP's word for credentials that are not accepted.
const UNAUTHORIZED: u16 = 401;
/// All calls of one conversation together. A decision may take two, and both have to end before the row's lease does.
const WITHIN: Duration = Duration::from_secs(40);

/// What a conversation came to.
pub enum End {
    Authors(ForgeAuthors),
    /// It has to be written down first that a call follows; then the conversation begins again.
    NoteFirst {
        seen: String,
    },
    Confirmed {
        note: String,
    },
    Begun {
        note: String,
    },
    DecidedOtherwise {
        decision: ToolDecision,
        note: String,
    },
    Again {
        why: String,
        after_s: Option<u64>,
    },
    Failed {
        why: String,
    },
}

/// The connection and its API, or why there is none.
pub fn reach<'a>(app: &'a App, integration: &IntegrationName) -> Result<(&'a Connection, &'a Api), String> {
    let connection = app.sources.named(integration.as_str()).ok_or_else(|| format!("{integration} is not configured any more"))?;
    let api = connection.api.as_ref().ok_or_else(|| format!("{integration} has no credentials, so nothing can be asked or told there"))?;
    Ok((connection, api))
}

/// To its end, within a bounded time.
pub async fn converse(app: &App, connection: &Connection, api: &Api, ask: &Ask<'_>) -> End {
    let talk = talk(app, connection, api, ask);
    let too_long = || End::Again { why: format!("{} took longer than {} s", connection.name, WITHIN.as_secs()), after_s: None };
    tokio::time::timeout(WITHIN, talk).await.unwrap_or_else(|_| too_long())
}

async fn talk(app: &App, connection: &Connection, api: &Api, ask: &Ask<'_>) -> End {
    let Admission { api, held_as } = match admit(app, connection, api, ask).await {
        Ok(admission) => admission,
        Err(end) => return end,
    };
    let mut so_far = Vec::new();
    while so_far.len() < MAX_CALLS {
        let call: Call = match connection.source.converse(ask, &so_far) {
            Turn::Call(call) => call,
            Turn::NoteFirst { seen } => return End::NoteFirst { seen },
            Turn::Begun { note } => return End::Begun { note },
            Turn::Authors(authors) => return End::Authors(authors),
            Turn::Confirmed { note } => return End::Confirmed { note },
            Turn::DecidedOtherwise { decision, note } => return End::DecidedOtherwise { decision, note },
            Turn::Wait { why } => return End::Again { why, after_s: None },
            Turn::Failed { why } => return End::Failed { why },
        };
        match (app.client.send(&api, &call).await, &held_as) {
            // It was taken back before its time; the next conversation borrows another.
            (Ok(exchange), Some(what)) if exchange.status == UNAUTHORIZED => {
                app.client.loans().forget(what);
                return End::Again { why: format!("{} does not accept the token any more that it lent", connection.name), after_s: None };
            }
            (Ok(exchange), _) => so_far.push(exchange),
            (Err(error), _) => return End::of(error, &connection.name),
        }
    }
    End::Failed { why: format!("{} did not come to an end within {MAX_CALLS} calls", connection.name) }
}

impl End {
    pub(super) fn of(error: TransportError, name: &IntegrationName) -> Self {
        let why = format!("{name}: {error}");
        match error {
            TransportError::RetryAfter { seconds } => Self::Again { why, after_s: Some(seconds) },
            // A repeated conversation finds out by reading what an ambiguous call has done.
            TransportError::Away(_) | TransportError::Ambiguous(_) => Self::Again { why, after_s: None },
            TransportError::Forbidden(_) | TransportError::TooLarge { .. } => Self::Failed { why },
        }
    }

    /// For an end that the asked question can't have.
    pub fn unexpected(integration: &IntegrationName) -> Sent {
        Sent::Dead { why: format!("{integration} answered another question than was asked") }
    }
}
