//! Somebody types the command, in Slack or in Discord, and reads what comes back.

use super::World;
use super::person::SLACK_DOOR;
use crate::fakes::slack::State;
use serde_json::Value;

/// What came back for a command.
#[derive(Clone, Debug)]
pub enum Back {
    /// Only the person reads it.
    Private(String),
    /// Everybody in the channel reads it.
    Public(String),
    /// A form is the answer, or opens beside it.
    Nothing,
}

impl Back {
    pub fn private(self) -> String {
        match self {
            Self::Private(text) => text,
            other => panic!("no private answer: {other:?}"),
        }
    }
}

impl World {
    /// `/gate …` in Slack, and what follows is done.
    pub async fn types(&self, person: &str, text: &str) -> Back {
        self.types_as(person, "/gate", text).await
    }

    /// As `types`, by another command of the same app.
    pub async fn types_as(&self, person: &str, command: &str, text: &str) -> Back {
        let typed = self.slack.command(&self.account(person), command, text);
        let (status, body) = self.slack.send_form(&self.node().url(SLACK_DOOR), typed.body).await;
        assert_eq!(status, 200, "how a command was answered: {body}");
        self.settle().await;
        let words = body["text"].as_str().unwrap_or_default().to_owned();
        match body["response_type"].as_str() {
            Some("ephemeral") => Back::Private(words),
            Some(_) => Back::Public(words),
            None => Back::Nothing,
        }
    }

    /// As `types`, but nothing of what follows is done yet; the private answer.
    pub async fn acts_typed(&self, person: &str, text: &str) -> String {
        let typed = self.slack.command(&self.account(person), "/gate", text);
        let (status, body) = self.slack.send_form(&self.node().url(SLACK_DOOR), typed.body).await;
        assert_eq!((status, &body["response_type"]), (200, &Value::from("ephemeral")), "how a command was answered: {body}");
        body["text"].as_str().unwrap_or_default().to_owned()
    }

    /// What Slack shows this person alone, and everybody in the channel, after the answer to a command.
    pub async fn hears_later(&self, person: &str) -> (String, String) {
        let user = self.account(person).rsplit('/').next().unwrap_or_default().to_owned();
        let later = self.slack.until("the rest of an answer", |state| {
            let told = state.whispers.iter().find(|whisper| whisper.user == user).map(|whisper| whisper.text.clone());
            told.zip(state.lines.first().cloned())
        });
        later.await
    }

    /// The first sentence that Slack shows this person alone.
    pub async fn is_told_later(&self, person: &str) -> String {
        let user = self.account(person).rsplit('/').next().unwrap_or_default().to_owned();
        let told = |state: &State| state.whispers.iter().find(|whisper| whisper.user == user).map(|whisper| whisper.text.clone());
        self.slack.until("what became of it", told).await
    }

    /// What waits in the outbox is sent before anybody carries out anything else.
    pub async fn sends_first(&self) {
        router::dispatch::pass(&self.app()).await.expect("a store that answers");
    }

    /// As `types`, and everybody in the channel reads a line as well.
    pub async fn types_for_all(&self, person: &str, text: &str) -> (String, String) {
        let before = self.slack.state().lines.len();
        let private = self.types(person, text).await.private();
        let line = self.slack.until("a line for the channel", |state| state.lines.get(before).cloned()).await;
        (private, line)
    }

    /// As `types`; the title of the form that opens.
    pub async fn types_for_a_form(&self, person: &str, text: &str) -> Value {
        let typed = self.slack.command(&self.account(person), "/gate", text);
        let (status, body) = self.slack.send_form(&self.node().url(SLACK_DOOR), typed.body).await;
        assert_eq!((status, &body), (200, &Value::Null), "how a command that opens a form was answered");
        let opened = self.slack.until("a form", |state| state.views.iter().find(|view| view.trigger == typed.trigger).cloned()).await;
        self.settle().await;
        opened.content
    }

    /// `/gate <verb>` in Discord, its options filled in, and what follows is done.
    pub async fn types_in_discord(&self, person: &str, verb: &str, options: &[(&str, &str)]) -> Back {
        let reply = self.discord().types(person, verb, options).await;
        self.settle().await;
        let words = reply["data"]["content"].as_str().unwrap_or_default().to_owned();
        match (reply["type"].as_u64(), reply["data"]["flags"].as_u64()) {
            (Some(4), Some(64)) => Back::Private(words),
            (Some(4), _) => Back::Public(words),
            _ => Back::Nothing,
        }
    }

    /// What was recorded about pauses: the kind and the body of each entry.
    pub async fn pause_records(&self) -> Vec<(String, Value)> {
        let records = self.app().store.system_records("holds").await.expect("the records of pauses");
        records.into_iter().map(|record| (record.kind, record.body)).collect()
    }
}
