//! Taking the decision back to the tool, until it confirms that it holds it.

use super::Sent;
use super::conversation::{End, converse, reach};
use crate::app::comment::comment;
use crate::app::{App, Failure};
use crate::sources::{Ask, Earlier, Occasion};
use engine::change::Change;
use engine::event::{Actor, ToolDecision};
use engine::ids::ChangeId;
use engine::phase::Phase;
use engine::rules::Superseded;
use engine::{Act, Input};
use entities::{ClaimedOutgoing, Fenced};

/// Silent attempts; from then on the card says that the decision has not arrived yet, and sending goes on.
const PATIENCE: u64 = 5;

/// `claim` is the row that asks for it.
pub async fn answer(app: &App, id: ChangeId, attempt: u32, claim: &ClaimedOutgoing) -> Result<Sent, Failure> {
    // A hold that was placed a moment ago stops what is on its way as well.
    let outcome = app.apply(id, Input { actor: Actor::System, act: Act::HoldsChanged }).await?;
    let change = outcome.into_done().change;
    let (Some(decision), Some(callback)) = (decision(&change), &change.request.origin.callback) else { return Ok(Sent::Done) };
    if attempt != change.attempt {
        return Ok(Sent::Done);
    }
    let failed = |error: String| Act::AnswerFailed { decision, attempt, error };
    let (connection, api) = match reach(app, &callback.integration) {
        Ok(reached) => reached,
        Err(why) => return dead(app, id, failed(why.clone()), why).await,
    };
    let directory = app.laws.directory_now(&app.store).await?;
    let comment = comment(app, &change, &directory);
    let talk = async |earlier: Earlier| {
        let fields = change.request.subject.fields.clone();
        let occasion = Occasion { change: id, number: change.number, attempt, now: app.clock.now(), earlier, fields };
        converse(app, connection, api, &Ask::Decision { callback, decision, comment: &comment, occasion: &occasion }).await
    };
    let end = match talk(earlier(claim)).await {
        // From here on, whoever takes the row up after a crash knows that the tool may have been called.
        End::NoteFirst { seen } => match app.store.outgoing_note(claim, &seen).await? {
            Fenced::Held => talk(Earlier::Noted { seen }).await,
            Fenced::Lost => End::Again { why: "another worker took the row over".to_owned(), after_s: None },
        },
        end => end,
    };
    match end {
        End::Confirmed { note } => {
            tell(app, id, Act::Answered { decision, attempt, note }).await?;
            Ok(Sent::Done)
        }
        End::Begun { note } => {
            tell(app, id, Act::Answered { decision, attempt, note }).await?;
            tell(app, id, Act::DeploymentStarted { run: callback.run().unwrap_or_default().to_owned() }).await?;
            Ok(Sent::Done)
        }
        End::DecidedOtherwise { decision: theirs, note } => {
            tell(app, id, Act::DecidedOutside { decision: theirs, by: callback.integration.to_string() }).await?;
            dead(app, id, failed(note.clone()), note).await
        }
        End::Again { why, after_s } => {
            if claim.attempts >= PATIENCE {
                tell(app, id, failed(why.clone())).await?;
            }
            Ok(Sent::Again { why, after_s })
        }
        End::Failed { why } => dead(app, id, failed(why.clone()), why).await,
        End::Authors(_) | End::NoteFirst { .. } => Ok(End::unexpected(&callback.integration)),
    }
}

fn earlier(claim: &ClaimedOutgoing) -> Earlier {
    claim.note.clone().map_or(Earlier::Nothing, |seen| Earlier::Noted { seen })
}

/// What a two-valued tool hears now; `None` while nothing is decided, or when there is nothing to say.
fn decision(change: &Change) -> Option<ToolDecision> {
    match &change.phase {
        Phase::Approved { .. } if !change.holds.is_empty() => None,
        Phase::Approved { .. } => Some(ToolDecision::Approve),
        Phase::Rejected { .. } | Phase::Expired { .. } | Phase::Cancelled { .. } => Some(ToolDecision::Reject),
        Phase::Superseded { .. } => {
            let rejects = change.rules.as_ref().is_some_and(|rules| rules.superseded == Superseded::Reject);
            rejects.then_some(ToolDecision::Reject)
        }
        Phase::Draft { .. }
        | Phase::Gating
        | Phase::Blocked { .. }
        | Phase::Pending { .. }
        | Phase::Released { .. }
        | Phase::Deploying { .. }
        | Phase::Finished { .. } => None,
    }
}

async fn dead(app: &App, id: ChangeId, act: Act, why: String) -> Result<Sent, Failure> {
    tell(app, id, act).await?;
    Ok(Sent::Dead { why })
}

async fn tell(app: &App, id: ChangeId, act: Act) -> Result<(), Failure> {
    app.apply(id, Input { actor: Actor::System, act }).await.map(drop)
}
