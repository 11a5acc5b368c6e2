//! The card of a change in one channel, and its thread, brought to the newest state.

use super::Sent;
use crate::app::shown::Shown;
use crate::app::{App, Failure};
use bot::{Doubt, Place, Platform, Post, SendError, ThreadLine};
use engine::Timestamp;
use engine::ids::ChangeId;
use engine::phase::State;
use entities::{ClaimedOutgoing, Placement};

/// `surface` is the platform and the channel as they are configured, `claim` the row that asks for it.
pub async fn show(app: &App, id: ChangeId, surface: (&str, &str), claim: &ClaimedOutgoing) -> Result<Sent, Failure> {
    let (platform, channel) = surface;
    let Some(platform) = app.platform(platform) else {
        return Ok(Sent::Dead { why: format!("{platform} is not configured, so the card can't be shown in {channel}") });
    };
    let shown = Shown::load(app, id).await?;
    let placement = app.store.placements(id).await?.into_iter().find(|place| place.platform == platform.name() && place.surface == channel);
    let mut card = CardAt { app, shown, platform, channel, claim };
    match card.bring_up_to_date(placement).await {
        Ok(()) => Ok(Sent::Done),
        Err(Stop::Send(error)) => Ok(Sent::of(error)),
        Err(Stop::Failure(failure)) => Err(failure),
    }
}

enum Stop {
    Send(SendError),
    Failure(Failure),
}

impl From<SendError> for Stop {
    fn from(error: SendError) -> Self {
        Self::Send(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

struct CardAt<'a> {
    app: &'a App,
    shown: Shown,
    platform: &'a dyn Platform,
    channel: &'a str,
    claim: &'a ClaimedOutgoing,
}

impl CardAt<'_> {
    async fn bring_up_to_date(&mut self, placement: Option<Placement>) -> Result<(), Stop> {
        let placement = match placement {
            // While facts are looked up nobody is asked anything, and an edit later would notify nobody.
            None if self.shown.change.state() == State::Gating => return Ok(()),
            None => self.post(None).await?,
            Some(placement) if placement.shown_seq < self.shown.change.last_seq => self.repaint(placement).await?,
            Some(placement) => placement,
        };
        self.continue_thread(placement).await
    }

    /// `replaces` is the message that showed the change here before.
    async fn post(&self, replaces: Option<&str>) -> Result<Placement, Stop> {
        let card = templates::card(&self.shown.view(self.app));
        let doubt = self.doubt(self.shown.change.opened_at);
        let known = match doubt {
            Doubt::Since(_) => self.channel_id().await?,
            Doubt::None => None,
        };
        let channel = known.as_deref().unwrap_or(self.channel);
        let posted = self.platform.post(Post { channel, replaces, doubt }, &card).await?;
        let seq = self.shown.change.last_seq;
        let placement = Placement {
            change: self.shown.change.id,
            platform: self.platform.name().to_owned(),
            surface: self.channel.to_owned(),
            channel: posted.channel,
            message: posted.message,
            shown_seq: seq,
            // A new card tells the story so far by itself.
            threaded_seq: seq,
            live: true,
        };
        self.save(&placement).await?;
        Ok(placement)
    }

    async fn repaint(&self, mut placement: Placement) -> Result<Placement, Stop> {
        let card = templates::card(&self.shown.view(self.app));
        let place = Place { channel: &placement.channel, message: &placement.message };
        match self.platform.update(place, &card).await {
            Ok(()) => {
                placement.shown_seq = self.shown.change.last_seq;
                self.save(&placement).await?;
                Ok(placement)
            }
            Err(SendError::Gone(why)) => {
                tracing::warn!(change = %self.shown.change.number, why, "a card can't be edited any more; a fresh one is posted");
                self.post(Some(&placement.message)).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Saved after each line, so that a crash repeats one line at most.
    async fn continue_thread(&self, mut placement: Placement) -> Result<(), Stop> {
        let view = self.shown.view(self.app);
        let before = placement.threaded_seq;
        let mut earlier = self.claim.unanswered;
        for event in self.shown.events.iter().filter(|event| event.seq > before) {
            let place = Place { channel: &placement.channel, message: &placement.message };
            let Some(line) = templates::thread_line(&view, event) else { continue };
            // Only the first line that is not told yet may be there already.
            let doubt = if std::mem::take(&mut earlier) { Doubt::Since(event.at) } else { Doubt::None };
            match self.platform.thread(place, ThreadLine { seq: event.seq, words: &line, doubt }).await {
                // Somebody removed the card; a fresh one tells the story so far.
                Err(SendError::Gone(_)) => return self.post(Some(&placement.message)).await.map(|_| ()),
                other => other?,
            }
            placement.threaded_seq = event.seq;
            self.save(&placement).await?;
        }
        Ok(())
    }

    /// Nothing of this row was sent before `since`.
    fn doubt(&self, since: Timestamp) -> Doubt {
        if self.claim.unanswered { Doubt::Since(since) } else { Doubt::None }
    }

    /// As the platform calls the channel, if any card was ever posted there.
    async fn channel_id(&self) -> Result<Option<String>, Stop> {
        let known = self.app.store.channel_of(self.platform.name(), self.channel).await;
        known.map_err(|error| Stop::Failure(error.into()))
    }

    async fn save(&self, placement: &Placement) -> Result<(), Stop> {
        let saved = self.app.store.save_placement(placement, self.app.clock.now()).await;
        saved.map_err(|error| Stop::Failure(error.into()))
    }
}
