//! What a form that was sent on a chat platform does, and what the person is told. The platform's own words stay in `bot`.

use super::apply::{Done, Outcome};
use super::commit_gate::CommitGate;
use super::{App, Failure};
use crate::clock::pause;
use bot::{Platform, ReplyHandle, Submit, Target, Verb};
use engine::event::{Actor, Choice};
use engine::ids::InteractionId;
use engine::input::{Ballot, Sight, Voter};
use engine::standing::standing;
use engine::{Act, Input, Refusal};
use entities::ChangeAddress;
use std::time::Duration;
use tokio::task::JoinHandle;

/// A form is answered after its commit, at the latest after this long (the platform gives up after 3 s).
pub const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);

const NOT_RECORDED: &str = "We couldn’t record that in time, so nothing changed. Send it again, or use the web";
const NOT_CERTAIN: &str = "This takes longer than usual. You are told here whether it was recorded.";

/// What comes of a form that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormAnswer {
    /// It is settled; the person reads this sentence.
    Told(String),
    /// It is not: the form stays open with this sentence where the platform can do that.
    Keep(String),
}

/// A vote that is being cast on a platform.
pub(super) struct Cast<'a> {
    pub platform: &'a str,
    pub account: &'a str,
    pub choice: Choice,
    pub target: Target,
    pub rationale: &'a str,
    pub interaction: &'a InteractionId,
}

/// The vote that a control asks for, if it asks for one.
pub(super) fn choice(verb: &Verb) -> Option<Choice> {
    match verb {
        Verb::Approve => Some(Choice::Approve),
        Verb::Reject => Some(Choice::Reject),
        Verb::Details | Verb::Older | Verb::Unknown(_) => None,
    }
}

impl App {
    /// A form was sent. The answer comes after the commit, or says that nothing was recorded, or promises the truth.
    pub async fn submitted(&self, platform: &str, submit: Submit) -> FormAnswer {
        let (web, reply, target) = (self.web(submit.target), submit.reply.clone(), submit.target);
        let Some(choice) = choice(&submit.verb) else {
            return FormAnswer::Keep(format!("This form is from another release. Decide here instead: {web}"));
        };
        let gate = CommitGate::default();
        let (app, name, within) = (self.clone(), platform.to_owned(), gate.clone());
        // A task of its own, so that a commit that has begun is carried through and told even after our answer.
        let mut recording = tokio::spawn(async move { app.record(&name, &submit, choice, &within).await });
        tokio::select! {
            recorded = &mut recording => recorded.unwrap_or_else(|_| FormAnswer::Keep(format!("{NOT_RECORDED}: {web}"))),
            () = pause(ANSWER_WITHIN) => {
                if gate.close() {
                    return FormAnswer::Keep(format!("{NOT_RECORDED}: {web}"));
                }
                let (app, platform) = (self.clone(), platform.to_owned());
                tokio::spawn(async move { app.tell_later(&platform, reply, target, recording).await });
                FormAnswer::Keep(NOT_CERTAIN.to_owned())
            }
        }
    }

    /// What became of a commit that had begun when the form had to be answered.
    async fn tell_later(&self, platform: &str, reply: ReplyHandle, target: Target, recording: JoinHandle<FormAnswer>) {
        let sentence = match recording.await {
            Ok(FormAnswer::Told(sentence) | FormAnswer::Keep(sentence)) => sentence,
            Err(_) => format!("We don’t know whether that was recorded. Look here: {}", self.web(target)),
        };
        self.whisper_near_card(platform, reply, target, &sentence).await;
    }

    async fn record(&self, platform: &str, submit: &Submit, choice: Choice, gate: &CommitGate) -> FormAnswer {
        let (target, rationale, interaction) = (submit.target, submit.rationale.as_str(), &submit.interaction);
        let cast = Cast { platform, account: &submit.account, choice, target, rationale, interaction };
        match self.cast(&cast, Act::Vote, gate).await {
            Ok(Some(Outcome::Done(done))) => FormAnswer::Told(recorded(&done, choice)),
            Ok(Some(Outcome::Refused { refusal, done })) => {
                let sentence = refusal.sentence(&done.directory);
                if refusal.is_mendable() { FormAnswer::Keep(sentence) } else { FormAnswer::Told(sentence) }
            }
            Ok(None) => FormAnswer::Keep(format!("There is no such change here. Look at the list: {}", self.web(target))),
            Err(Failure::TooLate) => FormAnswer::Keep(format!("{NOT_RECORDED}: {}", self.web(target))),
            Err(failure) => {
                tracing::error!(%failure, change = %target, "a vote could not be recorded");
                FormAnswer::Keep(format!("{NOT_RECORDED}: {}", self.web(target)))
            }
        }
    }

    pub(super) async fn cast(&self, cast: &Cast<'_>, act: fn(Ballot) -> Act, gate: &CommitGate) -> Result<Option<Outcome>, Failure> {
        let Some(summary) = self.store.find_change(&ChangeAddress::Number(cast.target.number)).await? else { return Ok(None) };
        let directory = self.laws.directory_now(&self.store).await?;
        let (platform, account) = (cast.platform.to_owned(), cast.account.to_owned());
        let (voter, actor) = match directory.by_account(&platform, &account) {
            Some(id) => (Voter::Person(id.clone()), Actor::Person { id: id.clone(), via: platform.clone() }),
            None => (
                Voter::Unlinked { platform: platform.clone(), account: account.clone() },
                Actor::Account { platform: platform.clone(), account },
            ),
        };
        let ballot = Ballot {
            voter,
            choice: cast.choice,
            rationale: cast.rationale.to_owned(),
            requirement: None,
            seen: Sight { round: cast.target.round, digest: None },
            via: platform,
            interaction: cast.interaction.clone(),
        };
        self.apply_within(summary.id, Input { actor, act: act(ballot) }, gate).await.map(Some)
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

    pub(super) fn web(&self, target: Target) -> String {
        format!("{}/changes/{}", self.settings.server.web(), target.number)
    }
}

/// “Recorded: you approved CHG-1042 (2 of 2).”
pub fn recorded(done: &Done, choice: Choice) -> String {
    let number = done.change.number;
    match choice {
        Choice::Reject => format!("Recorded: you rejected {number}. That ends it."),
        Choice::RequestChanges => format!("Recorded: you asked for changes to {number}. Its requester is asked to mend it."),
        Choice::Abstain => format!("Recorded: you abstained on {number}. You can still vote otherwise until the stage is decided."),
        Choice::Approve => {
            let standing = standing(&done.change, &done.directory);
            format!("Recorded: you approved {number} ({} of {}).", standing.given(), standing.needed())
        }
    }
}

/// What a refusal says at a door that speaks of problems.
pub fn refused(refusal: &Refusal, done: &Done) -> String {
    refusal.sentence(&done.directory)
}
