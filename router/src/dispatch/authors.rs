//! Asking the forge who wrote a change, before anybody is asked to approve it.

use super::Sent;
use super::conversation::{End, converse, reach};
use crate::app::{App, Failure};
use crate::sources::Ask;
use engine::event::Actor;
use engine::ids::ChangeId;
use engine::{Act, Input};

/// Silent attempts; from then on the card says that the authors are not known yet, and asking goes on.
const PATIENCE: u64 = 3;
/// After a definite "no", somebody has to change something at the forge first.
const LOOK_AGAIN_S: u64 = 300;

pub async fn look_up(app: &App, id: ChangeId, attempts: u64) -> Result<Sent, Failure> {
    let change = app.change(id).await?;
    if !change.waits_for_authors() {
        return Ok(Sent::Done);
    }
    let of = change.request.subject.commit.clone();
    let unknown = |why: String| unknown(app, id, Act::AuthorsUnknown { commit: of.clone(), why });
    let Some(callback) = &change.request.origin.callback else {
        return unknown("the request named no authors".to_owned()).await;
    };
    let Some(commit) = &change.request.subject.commit else {
        return unknown("the request names no commit".to_owned()).await;
    };
    let (connection, api) = match reach(app, &callback.integration) {
        Ok(reached) => reached,
        Err(why) => return unknown(why).await,
    };
    match converse(app, connection, api, &Ask::Authors { callback, commit }).await {
        End::Authors(found) => {
            let directory = app.laws.directory_now(&app.store).await?;
            tell(app, id, Act::AuthorsKnown { commit: of, authors: found.to_authors(&directory) }).await?;
            Ok(Sent::Done)
        }
        End::Again { why, after_s } => {
            if attempts >= PATIENCE {
                tell(app, id, Act::AuthorsUnknown { commit: of, why: why.clone() }).await?;
            }
            Ok(Sent::Again { why, after_s })
        }
        End::Failed { why } => {
            tell(app, id, Act::AuthorsUnknown { commit: of, why: why.clone() }).await?;
            Ok(Sent::Again { why, after_s: Some(LOOK_AGAIN_S) })
        }
        End::Confirmed { .. } | End::Begun { .. } | End::DecidedOtherwise { .. } | End::NoteFirst { .. } => {
            Ok(End::unexpected(&callback.integration))
        }
    }
}

/// Nothing that asking again would change.
async fn unknown(app: &App, id: ChangeId, act: Act) -> Result<Sent, Failure> {
    tell(app, id, act).await?;
    Ok(Sent::Done)
}

async fn tell(app: &App, id: ChangeId, act: Act) -> Result<(), Failure> {
    app.apply(id, Input { actor: Actor::System, act }).await.map(drop)
}
