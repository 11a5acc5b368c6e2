//! Platforms wait three seconds for the answer to a command. What takes longer goes on, and its truth follows.

use super::Answer;
use super::answer::sentence;
use crate::app::App;
use crate::app::in_time::ANSWER_WITHIN;
use crate::clock::pause;
use bot::{Audience, Command, ReplyHandle};
use std::time::Duration;
use templates::Rich;
use tokio::task::JoinHandle;

const LATER: &str = "This takes longer than usual. The answer follows here; until it does, take it as not done.";
const TOO_LATE: &str = "That took too long to open a form, so nothing changed. Type it again, with “because” and your reason.";
/// Attempts to tell what became of it, and the time between two.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_secs(2);

impl App {
    /// As [`App::commanded`], answered within [`ANSWER_WITHIN`].
    pub async fn command_in_time(&self, platform: &str, command: Command) -> Answer {
        let (app, name, asked) = (self.clone(), platform.to_owned(), command.clone());
        // A task of its own, so that what has begun is carried through and told even after our answer.
        let mut obeying = tokio::spawn(async move { app.commanded(&name, &asked).await });
        tokio::select! {
            answer = &mut obeying => answer.unwrap_or_else(|_| self.not_known()),
            () = pause(ANSWER_WITHIN) => {
                let (app, name) = (self.clone(), platform.to_owned());
                tokio::spawn(async move { app.tell_late(&name, &command.reply, obeying).await });
                Answer::private(Rich::from(LATER))
            }
        }
    }

    async fn tell_late(&self, platform: &str, reply: &ReplyHandle, obeying: JoinHandle<Answer>) {
        let (private, line) = match obeying.await.unwrap_or_else(|_| self.not_known()) {
            Answer::Said { private, line } => (private, line),
            Answer::Form(_) => (Rich::from(TOO_LATE), None),
        };
        self.tell_asker(platform, reply, &private).await;
        if let Some(line) = line {
            self.tell_everybody(platform, reply, &line).await;
        }
    }

    async fn tell_asker(&self, platform: &str, reply: &ReplyHandle, words: &Rich) {
        self.tell(platform, reply, (words, Audience::Asker)).await;
    }

    /// The line for the channel in which the command was typed. The cards say the same, so one that is lost misleads nobody.
    pub async fn tell_everybody(&self, platform: &str, reply: &ReplyHandle, line: &Rich) {
        self.tell(platform, reply, (line, Audience::Everybody)).await;
    }

    async fn tell(&self, platform: &str, reply: &ReplyHandle, words: (&Rich, Audience)) {
        let Some(platform) = self.platform(platform) else { return };
        for attempt in 1..=TRIES {
            let Err(error) = platform.tell(reply, words.0, words.1).await else { return };
            tracing::warn!(%error, attempt, "the answer to a command did not arrive");
            if attempt < TRIES {
                pause(BETWEEN).await;
            }
        }
    }

    fn not_known(&self) -> Answer {
        Answer::private(sentence(&format!("We don’t know whether that was done. Look here: {}", self.settings.server.web())))
    }
}
