//! Saying in the tool how far a change is. Nothing hangs on it, so a tool that does not take it is left alone.

use super::Sent;
use super::conversation::{End, converse, reach};
use crate::app::report::report;
use crate::app::{App, Failure};
use crate::sources::Ask;
use engine::event::Actor;
use engine::ids::ChangeId;
use engine::{Act, Input};

/// So many words GitHub takes for one deployment; no other tool takes any.
const AT_MOST: usize = 10;

pub async fn show(app: &App, id: ChangeId) -> Result<Sent, Failure> {
    let change = app.change(id).await?;
    let directory = app.laws.directory_now(&app.store).await?;
    let (Some(words), Some(callback)) = (report(app, &change, &directory), &change.request.origin.callback) else { return Ok(Sent::Done) };
    let Ok((connection, api)) = reach(app, &callback.integration) else { return Ok(Sent::Done) };
    if change.reports.last() == Some(&words) || change.reports.len() >= AT_MOST {
        return Ok(Sent::Done);
    }
    match converse(app, connection, api, &Ask::Report { callback, words: &words }).await {
        End::Confirmed { .. } => {
            let act = Act::Reported { attempt: change.attempt, words };
            app.apply(id, Input { actor: Actor::System, act }).await?;
            Ok(Sent::Done)
        }
        End::Again { why, after_s } => Ok(Sent::Again { why, after_s }),
        End::Failed { why } => {
            tracing::warn!(change = %change.number, why, "the tool does not show how far it is");
            Ok(Sent::Done)
        }
        End::Authors(_) | End::NoteFirst { .. } | End::Begun { .. } | End::DecidedOtherwise { .. } => {
            Ok(End::unexpected(&callback.integration))
        }
    }
}
