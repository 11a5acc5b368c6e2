//! Direct messages: reminders, escalations, and what requesters and owners are told.

use super::Sent;
use crate::app::outgoing::Audience;
use crate::app::shown::Shown;
use crate::app::{App, Failure};
use bot::SendError;
use engine::directory::Directory;
use engine::ids::{ChangeId, PersonId};
use templates::Notice;

pub struct Recipient {
    pub platform: String,
    pub person: PersonId,
    /// The event that it is about.
    pub seq: u64,
    pub to: Audience,
}

/// A person on a platform.
pub struct Address {
    pub platform: String,
    pub person: PersonId,
}

pub async fn tell(app: &App, id: ChangeId, recipient: &Recipient) -> Result<Sent, Failure> {
    let shown = Shown::load(app, id).await?;
    let Some(notice) = notice(app, &shown, recipient) else { return Ok(Sent::Done) };
    let address = Address { platform: recipient.platform.clone(), person: recipient.person.clone() };
    direct(app, &shown.directory, &address, &notice).await
}

pub async fn direct(app: &App, directory: &Directory, address: &Address, notice: &Notice) -> Result<Sent, Failure> {
    let Address { platform: name, person } = address;
    let Some(platform) = app.platform(name) else { return Ok(Sent::Dead { why: format!("{name} is not configured any more") }) };
    let Some(account) = directory.person(person).and_then(|person| person.accounts.get(name)) else {
        tracing::info!(%person, platform = name, "has no account there and is not reached by direct message");
        return Ok(Sent::Done);
    };
    match platform.direct(account, notice).await {
        Ok(_) => Ok(Sent::Done),
        // Sent again it might be read twice; a reminder that is missing is made up for by the next step.
        Err(SendError::Ambiguous(why)) => {
            tracing::warn!(%person, why, "a direct message may not have arrived");
            Ok(Sent::Done)
        }
        Err(error) => Ok(Sent::of(error)),
    }
}

/// `None` when it has no point any more: nobody is asked about a change that is decided.
fn notice(app: &App, shown: &Shown, recipient: &Recipient) -> Option<Notice> {
    let view = shown.view(app);
    match recipient.to {
        Audience::Requester => Some(templates::requester_notice(&view)),
        Audience::Owner => Some(templates::owners_notice(&view)),
        Audience::Step => {
            let event = shown.events.iter().find(|event| event.seq == recipient.seq)?;
            let still_asked = shown.change.state() == engine::phase::State::Pending;
            if still_asked { templates::step_notice(&view, event, &recipient.person) } else { None }
        }
    }
}
