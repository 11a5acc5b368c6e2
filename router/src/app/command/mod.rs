//! What somebody types after the command’s name, on whichever platform: the same acts as the buttons, through the same
//! door, with the same refusals.

mod answer;
mod deed;
mod find;
mod help;
mod in_time;
mod lists;
mod offers;
mod pause;
mod status;
mod who;

pub use answer::Answer;

use self::answer::sentence;
use super::{App, Failure};
use bot::Command;
use bot::command::{Reference, Wish, parse};
use engine::Refusal;
use engine::directory::Directory;
use engine::event::{Actor, Choice};
use engine::ids::PersonId;
use engine::input::Voter;
use std::sync::Arc;

/// Somebody who types, as far as an explicit link tells who that is.
pub(super) struct Asker<'a> {
    pub platform: &'a str,
    pub command: &'a Command,
    pub voter: Voter,
    pub directory: Arc<Directory>,
}

impl App {
    /// The one place that every platform's commands come to.
    pub async fn commanded(&self, platform: &str, command: &Command) -> Answer {
        self.obey(platform, command).await.unwrap_or_else(|failure| {
            tracing::error!(%failure, platform, "a command could not be carried out");
            let web = self.settings.server.web();
            Answer::private(sentence(&format!("We couldn’t do that, so nothing changed. Type it again, or use {web}")))
        })
    }

    async fn obey(&self, platform: &str, command: &Command) -> Result<Answer, Failure> {
        let wish = match parse(&command.text) {
            Ok(wish) => wish,
            Err(unclear) => return Ok(Answer::private(unclear.words(&command.command))),
        };
        let directory = self.laws.directory_now(&self.store).await?;
        let asker = Asker { platform, command, voter: voter(&directory, platform, &command.account), directory };
        match wish {
            Wish::Help(topic) => Ok(self.help(&asker, topic)),
            Wish::NotBuilt(verb) => Ok(self.not_built(verb)),
            Wish::WhoAmI => Ok(Answer::private(asker.who())),
            Wish::Approve { change, because: None } => self.open_form(&asker, &change).await,
            Wish::Approve { change, because: Some(why) } => self.vote_typed(&asker, &change, (Choice::Approve, &why)).await,
            Wish::Reject { change, because } => self.vote_typed(&asker, &change, (Choice::Reject, &because)).await,
            Wish::Abstain { change, because } => self.vote_typed(&asker, &change, (Choice::Abstain, &because)).await,
            Wish::Override { change, because } => self.override_typed(&asker, &change, &because).await,
            Wish::Withdraw { change, because } => self.withdraw_typed(&asker, &change, &because).await,
            Wish::Pause { scope, end, because } => self.pause_typed(&asker, scope, (end, because)).await,
            Wish::Resume { scope, because } => self.resume_typed(&asker, scope, because).await,
            Wish::Inbox | Wish::List { .. } | Wish::Show { .. } | Wish::Status { .. } => self.look(&asker, wish).await,
        }
    }

    /// What only shows something; people of other workspaces are shown nothing.
    async fn look(&self, asker: &Asker<'_>, wish: Wish) -> Result<Answer, Failure> {
        let Some(person) = asker.person() else { return Ok(Answer::private(asker.not_linked())) };
        Ok(Answer::private(match wish {
            Wish::List { environment, whose } => self.list(person, environment, whose).await?,
            Wish::Show { change } => self.show(&change).await?,
            Wish::Status { scope } => self.status(asker, scope.as_ref()).await?,
            Wish::Inbox
            | Wish::Help(_)
            | Wish::Approve { .. }
            | Wish::Reject { .. }
            | Wish::Abstain { .. }
            | Wish::Withdraw { .. }
            | Wish::Override { .. }
            | Wish::Pause { .. }
            | Wish::Resume { .. }
            | Wish::WhoAmI
            | Wish::NotBuilt(_) => self.inbox(asker, person).await?,
        }))
    }

    async fn show(&self, change: &Reference) -> Result<templates::Rich, Failure> {
        let Some(target) = self.find(change).await? else { return Ok(self.no_such_change_typed()) };
        let address = entities::ChangeAddress::Number(target.number);
        Ok(match super::shown::Shown::find(self, &address).await? {
            Some(shown) => answer::card(&templates::card(&shown.read_only(self))),
            None => self.no_such_change_typed(),
        })
    }
}

fn voter(directory: &Directory, platform: &str, account: &str) -> Voter {
    match directory.by_account(platform, account) {
        Some(person) => Voter::Person(person.clone()),
        None => Voter::Unlinked { platform: platform.to_owned(), account: account.to_owned() },
    }
}

impl Asker<'_> {
    fn person(&self) -> Option<&PersonId> {
        match &self.voter {
            Voter::Person(person) => Some(person),
            Voter::Unlinked { .. } => None,
        }
    }

    fn actor(&self) -> Actor {
        match &self.voter {
            Voter::Person(id) => Actor::Person { id: id.clone(), via: self.platform.to_owned() },
            Voter::Unlinked { platform, account } => Actor::Account { platform: platform.clone(), account: account.clone() },
        }
    }

    fn refusal(&self) -> Refusal {
        Refusal::NotLinked { platform: self.platform.to_owned() }
    }

    fn not_linked(&self) -> templates::Rich {
        sentence(&self.refusal().sentence(&self.directory))
    }
}
