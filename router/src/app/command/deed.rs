//! Deeds on one change: what the buttons do, typed.

use super::answer::sentence;
use super::{Answer, Asker};
use crate::app::apply::Outcome;
use crate::app::chat::{Cast, recorded};
use crate::app::commit_gate::CommitGate;
use crate::app::reaction::Reaction;
use crate::app::{App, Failure};
use bot::command::Reference;
use bot::{Command, Press, Target, Verb};
use engine::event::Choice;
use engine::input::{Deed, Sight};
use engine::{Act, Input};
use entities::ChangeAddress;
use templates::{Form, Rich};

impl App {
    /// A choice with its reason.
    pub(super) async fn vote_typed(&self, asker: &Asker<'_>, change: &Reference, vote: (Choice, &str)) -> Result<Answer, Failure> {
        let Some(target) = self.find(change).await? else { return Ok(Answer::private(self.no_such_change_typed())) };
        let (choice, rationale) = vote;
        let Asker { platform, command: Command { account, interaction, .. }, .. } = asker;
        let cast = Cast { platform, account, choice, target, rationale, interaction };
        let outcome = self.cast(&cast, Act::Vote, &CommitGate::default()).await?;
        Ok(Answer::private(match outcome {
            Some(Outcome::Done(done)) => sentence(&recorded(&done, choice)),
            Some(Outcome::Refused { refusal, done }) => sentence(&refusal.sentence(&done.directory)),
            None => self.no_such_change_typed(),
        }))
    }

    /// As a press of the button: judged before the form opens.
    pub(super) async fn open_form(&self, asker: &Asker<'_>, change: &Reference) -> Result<Answer, Failure> {
        let Some(target) = self.find(change).await? else { return Ok(Answer::private(self.no_such_change_typed())) };
        Ok(match self.react(asker.platform, &press(asker.command, target)).await {
            Reaction::Form(form) => Answer::Form(form),
            Reaction::Whisper(told) => Answer::private(sentence(&told)),
            Reaction::Details(details) => Answer::private(Rich::from(details.number.to_string())),
        })
    }

    pub(super) async fn withdraw_typed(&self, asker: &Asker<'_>, change: &Reference, because: &str) -> Result<Answer, Failure> {
        let Some(target) = self.find(change).await? else { return Ok(Answer::private(self.no_such_change_typed())) };
        let Some(summary) = self.store.find_change(&ChangeAddress::Number(target.number)).await? else {
            return Ok(Answer::private(self.no_such_change_typed()));
        };
        let deed = Deed {
            by: asker.voter.clone(),
            seen: Sight { round: target.round, digest: None },
            via: asker.platform.to_owned(),
            interaction: asker.command.interaction.clone(),
        };
        let act = Act::Withdraw { deed, rationale: because.to_owned() };
        Ok(Answer::private(match self.apply(summary.id, Input { actor: asker.actor(), act }).await? {
            Outcome::Done(done) => Rich::from(format!("Recorded: you withdrew {}. That ends it.", done.change.number)),
            Outcome::Refused { refusal, done } => sentence(&refusal.sentence(&done.directory)),
        }))
    }

    /// Opens the form that a command gave, on a platform that opens forms by a call of its own.
    pub async fn open_typed(&self, platform: &str, command: &Command, form: Box<Form>) {
        let Some(platform) = self.platform(platform) else { return };
        let target = Target { number: form.number, round: form.round };
        self.carry_out(platform, &press(command, target), Reaction::Form(form)).await;
    }
}

/// The press that the command stands for.
fn press(command: &Command, target: Target) -> Press {
    let Command { account, trigger, reply, interaction, .. } = command.clone();
    Press { account, verb: Verb::Approve, target, trigger, reply, interaction }
}
