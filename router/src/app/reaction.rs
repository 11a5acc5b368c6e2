//! What pressing a button gives: a form, the details, or a sentence. How that reaches the person is the door's.

use super::apply::Outcome;
use super::chat::NOT_CERTAIN;
use super::commit_gate::CommitGate;
use super::deeds::Doer;
use super::in_time::{InTime, in_time};
use super::recorded::deed_recorded;
use super::shown::Shown;
use super::{App, Failure};
use bot::{Platform, Press, ReplyHandle, SendError, Target, Verb};
use entities::ChangeAddress;
use templates::{Details, Form};
use tokio::task::JoinHandle;

/// What the person who pressed gets to see, and nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    Form(Box<Form>),
    Details(Box<Details>),
    Whisper(String),
}

impl App {
    /// A button was pressed. What needs a form is only judged, what needs none is done; nothing is sent.
    pub async fn react(&self, platform: &str, press: &Press) -> Reaction {
        self.react_within(platform, press, &CommitGate::default()).await
    }

    /// As [`App::react`], for a platform that waits for it: the truth follows where it takes too long.
    pub async fn react_in_time(&self, platform: &str, press: Press) -> Reaction {
        let gate = CommitGate::default();
        let (app, name, within) = (self.clone(), platform.to_owned(), gate.clone());
        let (target, reply) = (press.target, press.reply.clone());
        match in_time(&gate, async move { app.react_within(&name, &press, &within).await }).await {
            InTime::Settled(reaction) => reaction,
            InTime::Nothing => Reaction::Whisper(self.too_late(target)),
            InTime::Later(reacting) => {
                let (app, platform) = (self.clone(), platform.to_owned());
                tokio::spawn(async move { app.react_later(&platform, reply, target, reacting).await });
                Reaction::Whisper(NOT_CERTAIN.to_owned())
            }
        }
    }

    /// What became of a commit that had begun when the press had to be answered.
    async fn react_later(&self, platform: &str, reply: ReplyHandle, target: Target, reacting: JoinHandle<Reaction>) {
        let sentence = match reacting.await {
            Ok(Reaction::Whisper(sentence)) => sentence,
            // A form can't open any more.
            Ok(Reaction::Form(_) | Reaction::Details(_)) => self.too_late(target),
            Err(_) => format!("We don’t know whether that was recorded. Look here: {}", self.web(target)),
        };
        self.whisper_near_card(platform, reply, target, &sentence).await;
    }

    fn too_late(&self, target: Target) -> String {
        format!("That took too long, so nothing changed. Press again, or use {}.", self.web(target))
    }

    async fn react_within(&self, platform: &str, press: &Press, gate: &CommitGate) -> Reaction {
        self.reaction(platform, press, gate).await.unwrap_or_else(|failure| {
            tracing::error!(%failure, change = %press.target, "a click could not be answered");
            Reaction::Whisper(format!("We couldn’t look that up, so nothing changed. Try again, or use {}.", self.web(press.target)))
        })
    }

    async fn reaction(&self, platform: &str, press: &Press, gate: &CommitGate) -> Result<Reaction, Failure> {
        match press.verb {
            Verb::Known(templates::Verb::Details) => self.details_of(press.target).await,
            Verb::Known(verb) => self.pressed(platform, press, verb, gate).await,
            Verb::Older => Ok(self.elsewhere("This card is from another release. Here is the current one", press.target)),
            Verb::Unknown(_) => Ok(self.elsewhere("This control is not in this build. Decide here instead", press.target)),
        }
    }

    /// The form if this person may do it now, what was done where it needs no form, else why not.
    async fn pressed(&self, platform: &str, press: &Press, verb: templates::Verb, gate: &CommitGate) -> Result<Reaction, Failure> {
        let doer = Doer { platform, account: &press.account, target: press.target, interaction: &press.interaction };
        Ok(match self.press_control(doer, verb, gate).await? {
            None => self.no_such_change(press.target),
            Some(Outcome::Refused { refusal, done }) => Reaction::Whisper(self.why_not(&refusal, &done)),
            Some(Outcome::Done(done)) => {
                let shown = Shown::of(self, done.change.clone(), done.directory.clone());
                let form = templates::form_for(&shown.view(self), verb);
                form.map_or_else(|| Reaction::Whisper(deed_recorded(&done, verb)), |form| Reaction::Form(Box::new(form)))
            }
        })
    }

    async fn details_of(&self, target: Target) -> Result<Reaction, Failure> {
        let shown = Shown::find(self, &ChangeAddress::Number(target.number)).await?;
        Ok(match shown {
            Some(shown) => Reaction::Details(Box::new(templates::details(&shown.view(self)))),
            None => self.no_such_change(target),
        })
    }

    /// Carries a reaction out on a platform that has acknowledged the press and opens forms by a call of its own.
    pub async fn carry_out(&self, platform: &dyn Platform, press: &Press, reaction: Reaction) {
        let opened = match (reaction, platform.form_opener()) {
            (Reaction::Whisper(sentence), _) => return self.whisper(platform, &press.reply, &sentence).await,
            (Reaction::Form(form), Some(opener)) => opener.open_form(&press.trigger, &form).await,
            (Reaction::Details(details), Some(opener)) => opener.open_details(&press.trigger, &details).await,
            (Reaction::Form(_) | Reaction::Details(_), None) => {
                Err(SendError::Refused("it opens forms only as the answer to a press".to_owned()))
            }
        };
        // The platform's trigger lives for seconds; when it has expired the person only has to click again.
        if let Err(error) = opened {
            tracing::warn!(%error, change = %press.target, "a form could not be opened");
            let sentence = "The form could not be opened, so nothing changed. Click again, or decide here";
            self.whisper(platform, &press.reply, &format!("{sentence}: {}", self.web(press.target))).await;
        }
    }

    fn no_such_change(&self, target: Target) -> Reaction {
        self.elsewhere("There is no such change here. Look at the list", target)
    }

    fn elsewhere(&self, sentence: &str, target: Target) -> Reaction {
        Reaction::Whisper(format!("{sentence}: {}", self.web(target)))
    }
}
