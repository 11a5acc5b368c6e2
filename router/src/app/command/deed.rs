//! Deeds on one change: what the buttons do, typed.

use super::answer::sentence;
use super::{Answer, Asker};
use crate::app::apply::Outcome;
use crate::app::commit_gate::CommitGate;
use crate::app::deeds::{Doer, Written};
use crate::app::reaction::Reaction;
use crate::app::recorded::deed_recorded;
use crate::app::{App, Failure};
use bot::command::Reference;
use bot::{Command, Press, Target};
use engine::event::Choice;
use std::collections::BTreeMap;
use templates::{Form, Rich, Verb};

impl App {
    /// A choice with its reason.
    pub(super) async fn vote_typed(&self, asker: &Asker<'_>, change: &Reference, vote: (Choice, &str)) -> Result<Answer, Failure> {
        let (choice, because) = vote;
        self.send_typed(asker, change, (control(choice), because)).await
    }

    pub(super) async fn withdraw_typed(&self, asker: &Asker<'_>, change: &Reference, because: &str) -> Result<Answer, Failure> {
        self.send_typed(asker, change, (Verb::Withdraw, because)).await
    }

    pub(super) async fn override_typed(&self, asker: &Asker<'_>, change: &Reference, because: &str) -> Result<Answer, Failure> {
        self.send_typed(asker, change, (Verb::Override, because)).await
    }

    /// As the form of the control, sent with this reason.
    async fn send_typed(&self, asker: &Asker<'_>, change: &Reference, sent: (Verb, &str)) -> Result<Answer, Failure> {
        let Some(target) = self.find(change).await? else { return Ok(Answer::private(self.no_such_change_typed())) };
        let (verb, rationale) = sent;
        let Asker { platform, command: Command { account, interaction, .. }, .. } = asker;
        let doer = Doer { platform, account, target, interaction };
        let written = Written { rationale, fields: &BTreeMap::new() };
        let outcome = self.send_form(doer, verb, written, &CommitGate::default()).await?;
        Ok(Answer::private(match outcome {
            Some(Outcome::Done(done)) => sentence(&deed_recorded(&done, verb)),
            Some(Outcome::Refused { refusal, done }) => sentence(&self.why_not(&refusal, &done)),
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

    /// Opens the form that a command gave, on a platform that opens forms by a call of its own.
    pub async fn open_typed(&self, platform: &str, command: &Command, form: Box<Form>) {
        let Some(platform) = self.platform(platform) else { return };
        let target = Target { number: form.number, round: form.round };
        self.carry_out(platform, &press(command, target), Reaction::Form(form)).await;
    }
}

/// The control that a typed choice stands for.
fn control(choice: Choice) -> Verb {
    match choice {
        Choice::Approve => Verb::Approve,
        Choice::Reject => Verb::Reject,
        Choice::RequestChanges => Verb::RequestChanges,
        Choice::Abstain => Verb::Abstain,
    }
}

/// The press that the command stands for.
fn press(command: &Command, target: Target) -> Press {
    let Command { account, trigger, reply, interaction, .. } = command.clone();
    Press { account, verb: bot::Verb::Known(Verb::Approve), target, trigger, reply, interaction }
}
