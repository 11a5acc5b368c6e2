//! What pressing a button gives: a form, the details, or a sentence. How that reaches the person is the door's.

use super::apply::Outcome;
use super::chat::{ANSWER_WITHIN, Cast, choice};
use super::commit_gate::CommitGate;
use super::shown::Shown;
use super::{App, Failure};
use crate::clock::pause;
use bot::{Platform, Press, SendError, Target, Verb};
use engine::Act;
use entities::ChangeAddress;
use templates::{Details, Form};

/// What the person who pressed gets to see, and nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    Form(Box<Form>),
    Details(Box<Details>),
    Whisper(String),
}

impl App {
    /// A button was pressed. Nothing is recorded but a refusal, and nothing is sent.
    pub async fn react(&self, platform: &str, press: &Press) -> Reaction {
        self.reaction(platform, press).await.unwrap_or_else(|failure| {
            tracing::error!(%failure, change = %press.target, "a click could not be answered");
            Reaction::Whisper(format!("We couldn’t look that up, so nothing changed. Try again, or use {}.", self.web(press.target)))
        })
    }

    /// As [`App::react`], for a platform that waits for it: a sentence where it takes too long.
    pub async fn react_in_time(&self, platform: &str, press: Press) -> Reaction {
        let (app, name, target) = (self.clone(), platform.to_owned(), press.target);
        // A task of its own, so that a refusal that is being recorded is not cut off.
        let reacting = tokio::spawn(async move { app.react(&name, &press).await });
        let late = || Reaction::Whisper(format!("That took too long, so nothing changed. Press again, or use {}.", self.web(target)));
        tokio::select! {
            reaction = reacting => reaction.unwrap_or_else(|_| late()),
            () = pause(ANSWER_WITHIN) => late(),
        }
    }

    async fn reaction(&self, platform: &str, press: &Press) -> Result<Reaction, Failure> {
        match &press.verb {
            Verb::Details => self.details_of(press.target).await,
            Verb::Older => Ok(self.elsewhere("This card is from another release. Here is the current one", press.target)),
            Verb::Unknown(_) => Ok(self.elsewhere("This control is not in this build. Decide here instead", press.target)),
            Verb::Approve | Verb::Reject => self.asked(platform, press).await,
        }
    }

    /// Whether this person could vote like this now: the form if so, else why not.
    async fn asked(&self, platform: &str, press: &Press) -> Result<Reaction, Failure> {
        let Some(choice) = choice(&press.verb) else {
            return Ok(self.elsewhere("This control is not in this build. Decide here instead", press.target));
        };
        let cast = Cast { platform, account: &press.account, choice, target: press.target, rationale: "", interaction: &press.interaction };
        Ok(match self.cast(&cast, Act::Ask, &CommitGate::default()).await? {
            None => self.no_such_change(press.target),
            Some(Outcome::Refused { refusal, done }) => Reaction::Whisper(refusal.sentence(&done.directory)),
            Some(Outcome::Done(done)) => {
                let shown = Shown::of(self, done.change.clone(), done.directory.clone());
                Reaction::Form(Box::new(templates::form(&shown.view(self), choice)))
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
