//! What a form that was sent on a chat platform does, and what the person is told. The platform's own words stay in `bot`.

use super::apply::{Done, Outcome};
use super::commit_gate::CommitGate;
use super::deeds::{Doer, Written};
use super::in_time::{InTime, in_time};
use super::recorded::deed_recorded;
use super::{App, Failure};
use bot::{Platform, ReplyHandle, Submit, Target, Verb};
use engine::Refusal;
use engine::fields::FieldFault;
use entities::ChangeAddress;
use tokio::task::JoinHandle;

const NOT_RECORDED: &str = "We couldn’t record that in time, so nothing changed. Send it again, or use the web";
pub(super) const NOT_CERTAIN: &str = "This takes longer than usual. You are told here whether it was recorded.";

/// What comes of a form that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormAnswer {
    /// It is settled; the person reads this sentence.
    Told(String),
    /// It is not: the form stays open where the platform can do that.
    Keep(Kept),
}

/// Why a form was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub sentence: String,
    /// What is wrong with single answers of the form; `sentence` says it all in one.
    pub faults: Vec<FieldFault>,
}

impl From<String> for Kept {
    fn from(sentence: String) -> Self {
        Self { sentence, faults: Vec::new() }
    }
}

impl App {
    /// A form was sent. The answer comes after the commit, or says that nothing was recorded, or promises the truth.
    pub async fn submitted(&self, platform: &str, submit: Submit) -> FormAnswer {
        let (web, reply, target) = (self.web(submit.target), submit.reply.clone(), submit.target);
        let Verb::Known(verb) = submit.verb else {
            return FormAnswer::Keep(format!("This form is from another release. Decide here instead: {web}").into());
        };
        let gate = CommitGate::default();
        let (app, name, within) = (self.clone(), platform.to_owned(), gate.clone());
        match in_time(&gate, async move { app.record(&name, &submit, verb, &within).await }).await {
            InTime::Settled(answer) => answer,
            InTime::Nothing => FormAnswer::Keep(format!("{NOT_RECORDED}: {web}").into()),
            InTime::Later(recording) => {
                let (app, platform) = (self.clone(), platform.to_owned());
                tokio::spawn(async move { app.tell_later(&platform, reply, target, recording).await });
                FormAnswer::Keep(NOT_CERTAIN.to_owned().into())
            }
        }
    }

    /// What became of a commit that had begun when the form had to be answered.
    async fn tell_later(&self, platform: &str, reply: ReplyHandle, target: Target, recording: JoinHandle<FormAnswer>) {
        let sentence = match recording.await {
            Ok(FormAnswer::Told(sentence) | FormAnswer::Keep(Kept { sentence, .. })) => sentence,
            Err(_) => format!("We don’t know whether that was recorded. Look here: {}", self.web(target)),
        };
        self.whisper_near_card(platform, reply, target, &sentence).await;
    }

    async fn record(&self, platform: &str, submit: &Submit, verb: templates::Verb, gate: &CommitGate) -> FormAnswer {
        let (target, written) = (submit.target, Written { rationale: &submit.rationale, fields: &submit.fields });
        let doer = Doer { platform, account: &submit.account, target, interaction: &submit.interaction };
        match self.send_form(doer, verb, written, gate).await {
            Ok(Some(Outcome::Done(done))) => FormAnswer::Told(deed_recorded(&done, verb)),
            Ok(Some(Outcome::Refused { refusal, done })) => {
                let sentence = self.why_not(&refusal, &done);
                if refusal.is_mendable() { FormAnswer::Keep(mendable(sentence, refusal, submit)) } else { FormAnswer::Told(sentence) }
            }
            Ok(None) => FormAnswer::Keep(format!("There is no such change here. Look at the list: {}", self.web(target)).into()),
            Err(Failure::TooLate) => FormAnswer::Keep(format!("{NOT_RECORDED}: {}", self.web(target)).into()),
            Err(failure) => {
                tracing::error!(%failure, change = %target, "what a form said could not be recorded");
                FormAnswer::Keep(format!("{NOT_RECORDED}: {}", self.web(target)).into())
            }
        }
    }

    /// A form may know no channel, so the private sentence goes to where the card is.
    pub async fn whisper_near_card(&self, platform: &str, reply: ReplyHandle, target: Target, sentence: &str) {
        let Some(platform) = self.platform(platform) else { return };
        let placements = match self.store.find_change(&ChangeAddress::Number(target.number)).await {
            Ok(Some(summary)) => self.store.placements(summary.id).await.unwrap_or_default(),
            Ok(None) | Err(_) => Vec::new(),
        };
        let here = placements.into_iter().find(|placement| placement.platform == platform.name());
        let reply = match here {
            Some(placement) => reply.in_channel(&placement.channel),
            None => reply,
        };
        self.whisper(platform, &reply, sentence).await;
    }

    pub(super) async fn whisper(&self, platform: &dyn Platform, reply: &ReplyHandle, sentence: &str) {
        if let Err(error) = platform.whisper(reply, sentence).await {
            tracing::warn!(%error, "a private sentence did not reach its reader");
        }
    }

    /// Why not, and where it can be done if not here.
    pub(super) fn why_not(&self, refusal: &Refusal, done: &Done) -> String {
        let sentence = refusal.sentence(&done.directory);
        if !matches!(refusal, Refusal::NeedsSignIn { .. }) {
            return sentence;
        }
        format!("{sentence} {}/changes/{}", self.settings.server.web(), done.change.number)
    }

    pub(super) fn web(&self, target: Target) -> String {
        format!("{}/changes/{}", self.settings.server.web(), target.number)
    }
}

/// Faults of answers that the form has; a platform takes them for those only.
fn mendable(sentence: String, refusal: Refusal, submit: &Submit) -> Kept {
    let faults = if let Refusal::FieldsUnfit { faults } = refusal { faults } else { Vec::new() };
    Kept { sentence, faults: faults.into_iter().filter(|fault| submit.fields.contains_key(&fault.name)).collect() }
}
