//! What a click or a form on a chat platform does, and what the person is told. The platform's own words stay in `bot`.

use super::apply::{Done, Outcome};
use super::commit_gate::CommitGate;
use super::{App, Failure};
use crate::app::shown::Shown;
use crate::clock::pause;
use bot::{Platform, Press, ReplyHandle, Submit, Target, Verb};
use engine::event::{Actor, Choice};
use engine::ids::InteractionId;
use engine::input::{Ballot, Sight, Voter};
use engine::standing::standing;
use engine::{Act, Input, Refusal};
use entities::ChangeAddress;
use std::time::Duration;

/// A form is answered after its commit, at the latest after this long (the platform gives up after 3 s).
pub const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);

const NOT_RECORDED: &str = "We couldn’t record that in time, so nothing changed. Send it again, or use the web";
const NOT_CERTAIN: &str = "This takes longer than usual. You are told here whether it was recorded.";

/// What happens to the form after it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormAnswer {
    Close,
    /// It stays open with this sentence; what was written is kept.
    Keep(String),
}

/// A vote that is being cast on a platform.
struct Cast<'a> {
    platform: &'a str,
    account: &'a str,
    choice: Choice,
    target: Target,
    rationale: &'a str,
    interaction: &'a InteractionId,
}

impl App {
    /// A button was pressed: a form opens, or a sentence says why not. Runs after the platform was acknowledged.
    pub async fn pressed(&self, platform: &dyn Platform, press: Press) {
        if let Err(failure) = self.answer_press(platform, &press).await {
            tracing::error!(%failure, change = %press.target, "a click could not be answered");
            let sentence = format!("We couldn’t look that up, so nothing changed. Try again, or use {}.", self.web(press.target));
            self.whisper(platform, &press.reply, &sentence).await;
        }
    }

    async fn answer_press(&self, platform: &dyn Platform, press: &Press) -> Result<(), Failure> {
        let choice = match &press.verb {
            Verb::Approve => Choice::Approve,
            Verb::Reject => Choice::Reject,
            Verb::Details => return self.open_details(platform, press).await,
            Verb::Older => return self.say(platform, press, "This card is from another release. Here is the current one").await,
            Verb::Unknown(_) => return self.say(platform, press, "This control is not in this build. Decide here instead").await,
        };
        let cast = Cast {
            platform: platform.name(),
            account: &press.account,
            choice,
            target: press.target,
            rationale: "",
            interaction: &press.interaction,
        };
        match self.cast(&cast, Act::Ask, &CommitGate::default()).await? {
            None => self.say(platform, press, "There is no such change here. Look at the list").await,
            Some(Outcome::Refused { refusal, done }) => {
                self.whisper(platform, &press.reply, &refusal.sentence(&done.directory)).await;
                Ok(())
            }
            Some(Outcome::Done(done)) => self.open_form(platform, press, &done, choice).await,
        }
    }

    async fn open_form(&self, platform: &dyn Platform, press: &Press, done: &Done, choice: Choice) -> Result<(), Failure> {
        let shown = Shown::of(self, done.change.clone(), done.directory.clone());
        let opened = platform.open_form(&press.trigger, &templates::form(&shown.view(self), choice)).await;
        self.or_click_again(platform, press, opened).await
    }

    async fn open_details(&self, platform: &dyn Platform, press: &Press) -> Result<(), Failure> {
        let Some(shown) = Shown::find(self, &ChangeAddress::Number(press.target.number)).await? else {
            return self.say(platform, press, "There is no such change here. Look at the list").await;
        };
        let opened = platform.open_details(&press.trigger, &templates::details(&shown.view(self))).await;
        self.or_click_again(platform, press, opened).await
    }

    /// The platform's trigger lives for seconds; when it has expired the person only has to click again.
    async fn or_click_again(&self, platform: &dyn Platform, press: &Press, opened: Result<(), bot::SendError>) -> Result<(), Failure> {
        if let Err(error) = opened {
            tracing::warn!(%error, change = %press.target, "a form could not be opened");
            self.say(platform, press, "The form could not be opened, so nothing changed. Click again, or decide here").await?;
        }
        Ok(())
    }

    async fn say(&self, platform: &dyn Platform, press: &Press, sentence: &str) -> Result<(), Failure> {
        self.whisper(platform, &press.reply, &format!("{sentence}: {}", self.web(press.target))).await;
        Ok(())
    }

    /// A form was sent. The answer comes after the commit, or says that nothing was recorded, or promises the truth.
    pub async fn submitted(&self, platform: String, submit: Submit) -> FormAnswer {
        let choice = match &submit.verb {
            Verb::Approve => Choice::Approve,
            Verb::Reject => Choice::Reject,
            Verb::Details | Verb::Older | Verb::Unknown(_) => {
                return FormAnswer::Keep(format!("This form is from another release. Decide here instead: {}", self.web(submit.target)));
            }
        };
        let gate = CommitGate::default();
        let (app, within) = (self.clone(), gate.clone());
        let web = self.web(submit.target);
        // A task of its own, so that a commit that has begun is carried through and told even after our answer.
        let recording = tokio::spawn(async move { app.record(&platform, &submit, choice, &within).await });
        tokio::pin!(recording);
        tokio::select! {
            recorded = &mut recording => recorded.unwrap_or_else(|_| FormAnswer::Keep(format!("{NOT_RECORDED}: {web}"))),
            () = pause(ANSWER_WITHIN) => FormAnswer::Keep(if gate.close() { format!("{NOT_RECORDED}: {web}") } else { NOT_CERTAIN.to_owned() }),
        }
    }

    async fn record(&self, platform: &str, submit: &Submit, choice: Choice, gate: &CommitGate) -> FormAnswer {
        let (target, rationale, interaction) = (submit.target, submit.rationale.as_str(), &submit.interaction);
        let cast = Cast { platform, account: &submit.account, choice, target, rationale, interaction };
        let (answer, sentence) = match self.cast(&cast, Act::Vote, gate).await {
            Ok(Some(Outcome::Done(done))) => (FormAnswer::Close, recorded(&done, choice)),
            Ok(Some(Outcome::Refused { refusal, done })) if refusal.is_mendable() => {
                return FormAnswer::Keep(refusal.sentence(&done.directory));
            }
            Ok(Some(Outcome::Refused { refusal, done })) => (FormAnswer::Close, refusal.sentence(&done.directory)),
            Ok(None) => return FormAnswer::Keep(format!("There is no such change here. Look at the list: {}", self.web(target))),
            Err(Failure::TooLate) => return FormAnswer::Keep(format!("{NOT_RECORDED}: {}", self.web(target))),
            Err(failure) => {
                tracing::error!(%failure, change = %target, "a vote could not be recorded");
                return FormAnswer::Keep(format!("{NOT_RECORDED}: {}", self.web(target)));
            }
        };
        let (app, platform, reply, number) = (self.clone(), platform.to_owned(), submit.reply.clone(), target.number);
        tokio::spawn(async move { app.whisper_near_card(&platform, reply, &ChangeAddress::Number(number), &sentence).await });
        answer
    }

    async fn cast(&self, cast: &Cast<'_>, act: fn(Ballot) -> Act, gate: &CommitGate) -> Result<Option<Outcome>, Failure> {
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

    /// A form knows no channel, so the private sentence goes to where the card is.
    async fn whisper_near_card(&self, platform: &str, reply: ReplyHandle, change: &ChangeAddress, sentence: &str) {
        let Some(platform) = self.platform(platform) else { return };
        let placements = match self.store.find_change(change).await {
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

    async fn whisper(&self, platform: &dyn Platform, reply: &ReplyHandle, sentence: &str) {
        if let Err(error) = platform.whisper(reply, sentence).await {
            tracing::warn!(%error, "a private sentence did not reach its reader");
        }
    }

    fn web(&self, target: Target) -> String {
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
