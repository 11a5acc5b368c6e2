//! Discord as a [`Platform`]: which call carries what.

use super::client::{Call, Discord};
use super::errors::{Failed, THREAD_EXISTS, UNKNOWN_CHANNEL};
use super::limits::CONTENT_MAX;
use super::markdown::{PLATFORM, escape_sentence};
use super::snowflake::Snowflake;
use super::{outgoing, permalink};
use crate::inbound::ReplyHandle;
use crate::platform::{Audience, Checked, FormOpener, Place, Platform, Post, Posted, SendError, ThreadLine};
use async_trait::async_trait;
use hyper_util::client::legacy::connect::Connect;
use serde_json::{Value, json};
use templates::{Card, Notice, Rich};

impl<H> Discord<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    async fn message(&self, channel: Snowflake, body: &impl serde::Serialize) -> Result<Value, Failed> {
        self.call(Call::post(format!("/channels/{channel}/messages"), body)).await
    }

    async fn edit(&self, at: At, card: &Card) -> Result<(), SendError> {
        let path = format!("/channels/{}/messages/{}", at.channel, at.message);
        match self.call(Call::patch(path.clone(), &outgoing::edit(card))).await {
            Err(failed) if failed.is_layout() => self.call(Call::patch(path, &outgoing::edit_as_text(card))).await?,
            other => other?,
        };
        Ok(())
    }

    async fn follow_up(&self, reply: &ReplyHandle, body: &Value) -> Result<(), SendError> {
        let token = reply.url.as_ref().map(crate::Secret::expose).filter(|token| is_token(token));
        let token = token.ok_or_else(|| SendError::Unreachable("there is no token to answer by".to_owned()))?;
        let path = format!("/webhooks/{}/{token}", self.application());
        self.call(Call::post(path, body).without_bot_token()).await?;
        Ok(())
    }

    /// Begins the thread of a card; another node may have been faster.
    async fn begin_thread(&self, at: At) -> Result<(), SendError> {
        let path = format!("/channels/{}/messages/{}/threads", at.channel, at.message);
        match self.call(Call::post(path, &outgoing::thread(THREAD)).harmless()).await {
            Err(failed) if failed.code == THREAD_EXISTS => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

/// The name of a card's thread; the card above it says which change it is.
const THREAD: &str = "What happened";

/// A message, by ids that are some.
#[derive(Clone, Copy)]
struct At {
    channel: Snowflake,
    message: Snowflake,
}

impl At {
    fn of(place: Place<'_>) -> Result<Self, SendError> {
        Ok(Self { channel: id(place.channel)?, message: id(place.message)? })
    }
}

fn id(text: &str) -> Result<Snowflake, SendError> {
    text.parse().map_err(|error: super::NotASnowflake| SendError::Unreachable(error.to_string()))
}

/// Where Discord says that a message is.
fn posted(answer: &Value) -> Result<Posted, SendError> {
    let text = |name: &str| answer[name].as_str().map(ToOwned::to_owned);
    let there = text("channel_id").zip(text("id"));
    let there = there.ok_or_else(|| SendError::Ambiguous("the answer names no message".to_owned()))?;
    Ok(Posted { channel: there.0, message: there.1 })
}

/// Whether the message that is there shows what we wished to post; it does not where an earlier attempt posted an
/// older card and only its answer was lost.
fn is_current(answer: &Value, wished: &Value) -> bool {
    let of = |message: &Value, field: &str| message["embeds"][0][field].as_str().unwrap_or_default().trim().to_owned();
    ["title", "description"].iter().all(|field| of(answer, field) == of(wished, field))
}

#[async_trait]
impl<H> Platform for Discord<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    fn name(&self) -> &'static str {
        PLATFORM
    }

    async fn post(&self, post: Post<'_>, card: &Card) -> Result<Posted, SendError> {
        let channel = id(post.channel)?;
        let wished = json!(outgoing::post(post, card));
        let answer = match self.message(channel, &wished).await {
            Err(failed) if failed.is_layout() => return posted(&self.message(channel, &outgoing::post_as_text(post, card)).await?),
            other => other?,
        };
        let posted = posted(&answer)?;
        if !is_current(&answer, &wished) {
            self.edit(At::of(Place { channel: &posted.channel, message: &posted.message })?, card).await?;
        }
        Ok(posted)
    }

    async fn update(&self, place: Place<'_>, card: &Card) -> Result<(), SendError> {
        self.edit(At::of(place)?, card).await
    }

    /// A thread that begins at a message has the message's id.
    async fn thread(&self, place: Place<'_>, line: ThreadLine<'_>) -> Result<(), SendError> {
        let at = At::of(place)?;
        let body = outgoing::line(place, line);
        match self.message(at.message, &body).await {
            Err(failed) if failed.code == UNKNOWN_CHANNEL => {
                self.begin_thread(at).await?;
                self.message(at.message, &body).await?;
            }
            other => drop(other?),
        }
        Ok(())
    }

    /// The message goes to the channel that opening the conversation answers.
    async fn direct(&self, account: &str, notice: &Notice) -> Result<Posted, SendError> {
        let opening = json!({ "recipient_id": id(account)?.to_string() });
        let opened = self.call(Call::post("/users/@me/channels".to_owned(), &opening).harmless()).await?;
        let channel = id(opened["id"].as_str().unwrap_or_default())?;
        posted(&self.message(channel, &outgoing::notice(notice)).await?)
    }

    /// The answer to the press itself opens what it asks for.
    fn form_opener(&self) -> Option<&dyn FormOpener> {
        None
    }

    async fn check(&self) -> Result<Checked, SendError> {
        let identity = self.identity().await?;
        Ok(Checked {
            identity: format!("the application “{}” ({})", identity.name, identity.application), faults: self.faults(&identity)
        })
    }

    async fn register(&self, server: Option<&str>) -> Result<String, SendError> {
        let server = server.map(id).transpose()?;
        self.register_command(server).await?;
        Ok(match server {
            Some(server) => format!("knows the command in the server {server}"),
            None => "knows the command; it shows everywhere within an hour".to_owned(),
        })
    }

    /// Beside the answer to the interaction, by its token, which lives for 15 minutes.
    async fn whisper(&self, reply: &ReplyHandle, text: &str) -> Result<(), SendError> {
        self.follow_up(reply, &outgoing::follow_up(&escape_sentence(text, CONTENT_MAX))).await
    }

    async fn tell(&self, reply: &ReplyHandle, words: &Rich, audience: Audience) -> Result<(), SendError> {
        self.follow_up(reply, &outgoing::said(words, audience)).await
    }

    fn linked(&self, link: &str) -> Option<Posted> {
        permalink::read(link)
    }
}

/// What can stand in a path without meaning anything in it.
fn is_token(token: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'=');
    !token.is_empty() && token.bytes().all(is_plain) && token != "." && token != ".."
}
