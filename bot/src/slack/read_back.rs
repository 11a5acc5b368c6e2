//! Looking for what an earlier attempt may have left: Slack takes no nonce, but shows the metadata of messages.
//!
//! It needs the scopes `channels:history` and `groups:history`, and the channel's id. Where nothing can be looked at, that
//! is said once, and the message goes out again.

use super::client::{Failed, Method, Slack};
use super::outgoing::{self, APPROVAL, CARD, LINE, REVISION, SEQ};
use crate::platform::{Doubt, Place, Post, Posted, SendError, ThreadLine};
use engine::Timestamp;
use hyper_util::client::legacy::connect::Connect;
use serde::Deserialize;
use serde_json::{Value, json};
use templates::Card;

/// Messages of a page, and pages that are read. What lies further back is not found.
const PAGE: &str = "200";
const PAGES: usize = 5;
/// How far our clock may be ahead of Slack's, in seconds.
const CLOCKS_APART_S: i64 = 300;
/// A channel that nobody has; looking at it tells whether we may look at all.
const NOWHERE: &str = "C000000000";
const MENDING: &str = "a message whose answer got lost may be posted twice. Give the app the scopes channels:history and \
                       groups:history, install it again, and name channels by their ids";

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    messages: Vec<Seen>,
    response_metadata: Option<Next>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next_cursor: String,
}

#[derive(Deserialize)]
struct Seen {
    ts: String,
    #[serde(default)]
    user: String,
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    event_type: String,
    #[serde(default)]
    event_payload: Value,
}

#[derive(Deserialize)]
struct Us {
    user_id: String,
}

impl Seen {
    /// What the metadata of this kind says under a name.
    fn says(&self, kind: &str, name: &str) -> Option<&str> {
        let metadata = self.metadata.as_ref().filter(|metadata| metadata.event_type == kind)?;
        metadata.event_payload.get(name)?.as_str()
    }
}

/// Where is looked, and from when on.
struct Stretch<'a> {
    method: Method,
    channel: &'a str,
    /// The message that a thread begins at.
    thread: Option<&'a str>,
    /// Slack's `ts`; this one is not looked at itself.
    after: String,
}

impl<H> Slack<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    /// The card that an earlier attempt has left, brought up to date; `None` if there is none.
    pub(super) async fn posted_before(&self, post: Post<'_>, card: &Card) -> Result<Option<Posted>, SendError> {
        let Doubt::Since(since) = post.doubt else { return Ok(None) };
        if !is_id(post.channel) {
            self.can_not_look("the channel’s id is not known");
            return Ok(None);
        }
        let after = post.replaces.map_or_else(|| stamp(since), str::to_owned);
        let stretch = Stretch { method: Method::HISTORY, channel: post.channel, thread: None, after };
        let number = card.number.to_string();
        let Some(seen) = self.found(&stretch, |seen| seen.says(CARD, APPROVAL) == Some(&number)).await? else { return Ok(None) };
        let posted = Posted { channel: post.channel.to_owned(), message: seen.ts.clone() };
        if seen.says(CARD, REVISION) != Some(&card.seq.to_string()) {
            let place = Place { channel: &posted.channel, message: &posted.message };
            self.edit(outgoing::edit(place, outgoing::card_content(card))).await?;
        }
        Ok(Some(posted))
    }

    /// Whether an earlier attempt has left this line.
    pub(super) async fn told_before(&self, place: Place<'_>, line: ThreadLine<'_>) -> Result<bool, SendError> {
        let Doubt::Since(since) = line.doubt else { return Ok(false) };
        let stretch = Stretch { method: Method::REPLIES, channel: place.channel, thread: Some(place.message), after: stamp(since) };
        let seq = line.seq.to_string();
        Ok(self.found(&stretch, |seen| seen.says(LINE, SEQ) == Some(&seq)).await?.is_some())
    }

    /// What keeps us from looking, with what to do about it.
    pub(super) async fn blindness(&self) -> Option<String> {
        let stretch = Stretch { method: Method::HISTORY, channel: NOWHERE, thread: None, after: stamp_of(0) };
        match self.page(&stretch, "").await {
            Err(Failed { sort: SendError::Unreachable(why), .. }) if why == "missing_scope" => Some(format!("{why}: {MENDING}")),
            Ok(_) | Err(_) => None,
        }
    }

    /// Only what we said ourselves counts: others can write any metadata.
    async fn found(&self, stretch: &Stretch<'_>, is_it: impl Fn(&Seen) -> bool) -> Result<Option<Seen>, SendError> {
        let us: Us = self.call(Method::AUTH_TEST, &json!({})).await?;
        let mut cursor = String::new();
        for _ in 0..PAGES {
            let page = match self.page(stretch, &cursor).await {
                Ok(page) => page,
                Err(Failed { sort: SendError::Unreachable(why), .. }) => {
                    self.can_not_look(&why);
                    return Ok(None);
                }
                Err(failed) => return Err(failed.sort),
            };
            let found = page.messages.into_iter().find(|seen| seen.user == us.user_id && is_it(seen));
            cursor = page.response_metadata.map(|next| next.next_cursor).unwrap_or_default();
            if found.is_some() || cursor.is_empty() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn page(&self, stretch: &Stretch<'_>, cursor: &str) -> Result<Page, Failed> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let wanted = [
            ("channel", some(stretch.channel)),
            ("ts", stretch.thread.and_then(some)),
            ("oldest", some(&stretch.after)),
            ("include_all_metadata", some("true")),
            ("limit", some(PAGE)),
            ("cursor", some(cursor)),
        ];
        self.read(stretch.method, &wanted).await
    }

    fn can_not_look(&self, why: &str) {
        self.blind.call_once(|| tracing::warn!(why, "Slack does not let us look for an earlier attempt: {MENDING}"));
    }
}

/// Names are taken for posting, but not for looking.
fn is_id(channel: &str) -> bool {
    channel.starts_with(['C', 'G', 'D'])
        && channel.len() > 1
        && channel.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Slack's way to write an instant: seconds and a fraction.
fn stamp(since: Timestamp) -> String {
    stamp_of(since.micros().div_euclid(1_000_000).saturating_sub(CLOCKS_APART_S).max(0))
}

fn stamp_of(seconds: i64) -> String {
    format!("{seconds}.000000")
}

#[cfg(test)]
mod tests {
    use super::super::SlackSettings;
    use super::super::fake::{Answer, FakeSlack};
    use super::*;
    use crate::platform::Platform;
    use crate::secret::Secret;
    use hyper_util::client::legacy::connect::HttpConnector;
    use templates::samples::{directory, samples};
    use templates::view::Controls;

    const US: Answer = Answer::Json(200, r#"{"ok":true,"user":"gate","team":"T","team_id":"T1","user_id":"U0US"}"#);
    const POSTED: Answer = Answer::Json(200, r#"{"ok":true,"channel":"C000000001","ts":"1795.0002"}"#);
    const DONE: Answer = Answer::Json(200, r#"{"ok":true}"#);

    fn post() -> Post<'static> {
        Post { channel: "C000000001", replaces: None, doubt: Doubt::Since(Timestamp::from_micros(1_795_000_000_000_000).unwrap()) }
    }

    fn card() -> Card {
        let sample = samples().unwrap().into_iter().find(|sample| sample.name == "pending-escalated").unwrap();
        templates::card(&sample.view(&directory(), Controls::Vote))
    }

    /// What was called when a card that may be there already is posted, and where it is.
    async fn posted(post: Post<'_>, answers: Vec<Answer>) -> (Vec<String>, Posted) {
        let fake = FakeSlack::answering(answers).await;
        let settings = SlackSettings { bot_token: Secret::new("xoxb-1"), api_url: fake.url.clone() };
        let posted = Slack::new(&settings, HttpConnector::new()).post(post, &card()).await.unwrap();
        let name = |path: &str| path.trim_start_matches("/api/").split('?').next().unwrap_or_default().to_owned();
        (fake.requests().iter().map(|request| name(&request.path)).collect(), posted)
    }

    #[tokio::test]
    async fn only_a_card_of_ours_that_shows_the_change_is_taken_for_it() {
        const OURS: Answer = Answer::Json(
            200,
            r#"{"ok":true,"messages":[{"ts":"1795.0003"},
               {"ts":"1795.0001","user":"U0US","metadata":{"event_type":"gate_card","event_payload":{"approval":"CHG-1042","revision":"6"}}}]}"#,
        );
        const OLDER: Answer = Answer::Json(
            200,
            r#"{"ok":true,"messages":[{"ts":"1795.0001","user":"U0US","metadata":{"event_type":"gate_card","event_payload":{"approval":"CHG-1042","revision":"5"}}}]}"#,
        );
        const FOREIGN: Answer = Answer::Json(
            200,
            r#"{"ok":true,"messages":[{"ts":"1795.0001","user":"U0ELSE","metadata":{"event_type":"gate_card","event_payload":{"approval":"CHG-1042","revision":"6"}}},
               {"ts":"1795.0000","user":"U0US","metadata":{"event_type":"gate_card","event_payload":{"approval":"CHG-1","revision":"6"}}}]}"#,
        );
        const MORE: Answer = Answer::Json(200, r#"{"ok":true,"messages":[],"response_metadata":{"next_cursor":"abc="}}"#);
        const BLIND: Answer = Answer::Json(200, r#"{"ok":false,"error":"missing_scope"}"#);
        let (looked, posts) = (["auth.test", "conversations.history"], "chat.postMessage");
        let table = [
            (vec![US, OURS], looked.to_vec(), "1795.0001"),
            (vec![US, MORE, OURS], [&looked[..], &["conversations.history"]].concat(), "1795.0001"),
            (vec![US, OLDER, DONE], [&looked[..], &["chat.update"]].concat(), "1795.0001"),
            (vec![US, FOREIGN, POSTED], [&looked[..], &[posts]].concat(), "1795.0002"),
            (vec![US, BLIND, POSTED], [&looked[..], &[posts]].concat(), "1795.0002"),
        ];
        for (answers, calls, message) in table {
            let (called, posted) = posted(post(), answers).await;
            assert_eq!((called, posted.message.as_str()), (calls.iter().map(|call| (*call).to_owned()).collect(), message));
        }
    }

    #[tokio::test]
    async fn nothing_is_looked_for_without_doubt_or_by_a_name() {
        for post in [Post { doubt: Doubt::None, ..post() }, Post { channel: "deploys", ..post() }] {
            assert_eq!(posted(post, vec![POSTED]).await.0, ["chat.postMessage"]);
        }
    }

    #[tokio::test]
    async fn while_slack_is_away_nothing_is_posted_on_suspicion() {
        let fake = FakeSlack::answering(vec![US, Answer::Limited(7)]).await;
        let settings = SlackSettings { bot_token: Secret::new("xoxb-1"), api_url: fake.url.clone() };
        let refused = Slack::new(&settings, HttpConnector::new()).post(post(), &card()).await;
        assert_eq!(refused, Err(SendError::RetryAfter { seconds: 7 }));
    }
}
