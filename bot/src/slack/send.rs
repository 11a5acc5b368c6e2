//! Slack as a [`Platform`]: which call carries what.

use super::answers::said;
use super::client::{Done, Failed, Method, Slack};
use super::lower::SECTION_MAX;
use super::modal::{details_view, form_view};
use super::mrkdwn::{escape_within, is_user};
use super::outgoing;
use super::permalink;
use crate::inbound::ReplyHandle;
use crate::platform::{Audience, Checked, FormOpener, Place, Platform, Post, Posted, SendError, ThreadLine};
use crate::secret::Secret;
use async_trait::async_trait;
use hyper_util::client::legacy::connect::Connect;
use serde::Deserialize;
use serde_json::json;
use slack_morphism::prelude::*;
use templates::{Card, Details, Form, Notice, Rich, rich_text};

/// What we need of an answer; the library's own type would refuse messages with blocks that it does not know.
#[derive(Deserialize)]
struct Message {
    channel: String,
    ts: String,
}

#[derive(Deserialize)]
struct Conversation {
    channel: ConversationId,
}

/// Who the token belongs to.
#[derive(Deserialize)]
struct Us {
    user: String,
    team: String,
    team_id: String,
}

#[derive(Deserialize)]
struct ConversationId {
    id: String,
}

impl<H> Slack<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    /// A message, or the same as text where its layout is refused.
    async fn send(&self, request: SlackApiChatPostMessageRequest) -> Result<Posted, SendError> {
        let sent: Result<Message, Failed> = self.call(Method::POST, &request).await;
        let message = match sent {
            Err(failed) if failed.is_layout => self.call(Method::POST, &outgoing::post_as_text(request)).await?,
            other => other?,
        };
        Ok(Posted { channel: message.channel, message: message.ts })
    }

    pub(super) async fn edit(&self, request: SlackApiChatUpdateRequest) -> Result<(), SendError> {
        let edited: Result<Done, Failed> = self.call(Method::UPDATE, &request).await;
        let _: Done = match edited {
            Err(failed) if failed.is_layout => self.call(Method::UPDATE, &outgoing::edit_as_text(request)).await?,
            other => other?,
        };
        Ok(())
    }

    async fn open(&self, trigger: &Secret, view: SlackView) -> Result<(), SendError> {
        let request = SlackApiViewsOpenRequest::new(trigger.expose().to_owned().into(), view);
        let _: Done = self.call(Method::OPEN_VIEW, &request).await?;
        Ok(())
    }

    async fn ephemeral(&self, reply: &ReplyHandle, text: &str) -> Result<(), SendError> {
        let Some(channel) = &reply.channel else {
            return Err(SendError::Unreachable("neither a reply address nor a channel".to_owned()));
        };
        let _: Done = self.call(Method::WHISPER, &outgoing::whisper(channel, &reply.user, text)).await?;
        Ok(())
    }
}

#[async_trait]
impl<H> Platform for Slack<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    fn name(&self) -> &'static str {
        "slack"
    }

    async fn post(&self, post: Post<'_>, card: &Card) -> Result<Posted, SendError> {
        match self.posted_before(post, card).await? {
            Some(posted) => Ok(posted),
            None => self.send(outgoing::post(post.channel, outgoing::card_content(card))).await,
        }
    }

    async fn update(&self, place: Place<'_>, card: &Card) -> Result<(), SendError> {
        self.edit(outgoing::edit(place, outgoing::card_content(card))).await
    }

    async fn thread(&self, place: Place<'_>, line: ThreadLine<'_>) -> Result<(), SendError> {
        if self.told_before(place, line).await? {
            return Ok(());
        }
        let post = outgoing::post(place.channel, outgoing::line_content(line)).with_thread_ts(place.message.into());
        self.send(post).await.map(|_| ())
    }

    /// The message goes to the channel that opening the conversation answers.
    async fn direct(&self, account: &str, notice: &Notice) -> Result<Posted, SendError> {
        let user = account.split_once('/').map(|(_, user)| user).filter(|user| is_user(user));
        let user = user.ok_or_else(|| SendError::Unreachable("the account is not <team>/<user>".to_owned()))?;
        let opened: Conversation = self.call(Method::CONVERSE, &json!({ "users": user })).await?;
        self.send(outgoing::post(&opened.channel.id, outgoing::notice_content(notice))).await
    }

    fn form_opener(&self) -> Option<&dyn FormOpener> {
        Some(self)
    }

    async fn check(&self) -> Result<Checked, SendError> {
        let us: Us = self.call(Method::AUTH_TEST, &json!({})).await?;
        let identity = format!("“{}” in the workspace “{}”; accounts in people.yaml begin with {}/", us.user, us.team, us.team_id);
        Ok(Checked { identity, faults: self.blindness().await.into_iter().collect() })
    }

    async fn register(&self, _server: Option<&str>) -> Result<String, SendError> {
        Ok("takes the command from the app’s manifest, so there is nothing to register".to_owned())
    }

    async fn whisper(&self, reply: &ReplyHandle, text: &str) -> Result<(), SendError> {
        let Some(url) = self.reply_url(reply) else { return self.ephemeral(reply, text).await };
        let words = escape_within(text, SECTION_MAX);
        let replied = self.reply(url, &json!({ "response_type": "ephemeral", "replace_original": false, "text": words })).await;
        match replied {
            Ok(Done {}) => Ok(()),
            // An address is good for five answers within half an hour; the person is told all the same.
            Err(Failed { sort: SendError::Refused(_), .. }) if reply.channel.is_some() => self.ephemeral(reply, text).await,
            Err(failed) => Err(failed.sort),
        }
    }

    async fn tell(&self, reply: &ReplyHandle, words: &Rich, audience: Audience) -> Result<(), SendError> {
        match (self.reply_url(reply), audience) {
            (Some(url), _) => Ok(self.reply(url, &said(words, audience)).await.map(|Done {}| ())?),
            (None, Audience::Asker) => self.ephemeral(reply, &rich_text(words)).await,
            // The app may not be in that channel; only the command's own address reaches it.
            (None, Audience::Everybody) => Err(SendError::Unreachable("no reply address".to_owned())),
        }
    }

    fn linked(&self, link: &str) -> Option<Posted> {
        permalink::read(link)
    }
}

#[async_trait]
impl<H> FormOpener for Slack<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    async fn open_form(&self, trigger: &Secret, form: &Form) -> Result<(), SendError> {
        self.open(trigger, form_view(form)).await
    }

    async fn open_details(&self, trigger: &Secret, details: &Details) -> Result<(), SendError> {
        self.open(trigger, details_view(details)).await
    }
}

#[cfg(test)]
mod tests {
    use super::super::SlackSettings;
    use super::super::fake::{Answer, FakeSlack};
    use super::*;
    use crate::platform::Doubt;
    use engine::event::Choice;
    use hyper_util::client::legacy::connect::HttpConnector;
    use templates::samples::{Sample, directory, samples};
    use templates::view::Controls;
    use url::Url;

    const POSTED: Answer =
        Answer::Json(200, r#"{"ok":true,"channel":"C000000001","ts":"1795.0001","message":{"blocks":[{"type":"of next year"}]}}"#);
    const DONE: Answer = Answer::Json(200, r#"{"ok":true}"#);
    const POST: Post<'static> = Post { channel: "deploys", replaces: None, doubt: Doubt::None };
    const PLACE: Place<'static> = Place { channel: "C000000001", message: "1795.0001" };

    fn slack(url: &Url) -> Slack<HttpConnector> {
        Slack::new(&SlackSettings { bot_token: Secret::new("xoxb-1"), api_url: url.clone() }, HttpConnector::new())
    }

    fn sample() -> Sample {
        samples().unwrap().into_iter().find(|sample| sample.name == "pending-escalated").unwrap()
    }

    fn card() -> Card {
        templates::card(&sample().view(&directory(), Controls::Vote))
    }

    fn reply(url: Option<&str>, channel: Option<&str>) -> ReplyHandle {
        ReplyHandle { url: url.map(Secret::new), channel: channel.map(ToOwned::to_owned), user: "U000000002".to_owned() }
    }

    #[tokio::test]
    async fn a_card_is_posted_with_text_blocks_and_ids() {
        let fake = FakeSlack::answering(vec![POSTED]).await;
        let posted = slack(&fake.url).post(POST, &card()).await.unwrap();
        assert_eq!(posted, Posted { channel: "C000000001".to_owned(), message: "1795.0001".to_owned() });
        let request = &fake.requests()[0];
        assert_eq!(request.path, "/api/chat.postMessage");
        assert!(request.head.to_lowercase().contains("authorization: bearer xoxb-1"));
        assert_eq!(request.body["channel"], "deploys");
        assert_eq!((&request.body["parse"], &request.body["unfurl_links"]), (&"none".into(), &false.into()));
        assert_eq!(request.body["metadata"]["event_payload"], json!({ "approval": "CHG-1042", "revision": "6" }));
        assert!(request.body["text"].as_str().unwrap().starts_with("Approval needed: checkout-api 2.31.0 to production."));
    }

    #[tokio::test]
    async fn a_refused_layout_goes_out_as_text() {
        let refused = Answer::Json(200, r#"{"ok":false,"error":"invalid_blocks"}"#);
        let fake = FakeSlack::answering(vec![refused.clone(), POSTED, refused, DONE]).await;
        let slack = slack(&fake.url);
        slack.post(POST, &card()).await.unwrap();
        slack.update(PLACE, &card()).await.unwrap();
        let requests = fake.requests();
        assert!(requests[1].body["blocks"].is_null());
        assert!(requests[1].body["text"].as_str().unwrap().contains("https://gate.example.com/changes/CHG-1042"));
        assert_eq!(requests[3].body["blocks"][0]["text"]["type"], "plain_text");
    }

    #[tokio::test]
    async fn an_edit_names_its_message_and_brings_its_blocks() {
        let fake = FakeSlack::answering(vec![DONE]).await;
        slack(&fake.url).update(PLACE, &card()).await.unwrap();
        let request = &fake.requests()[0];
        assert_eq!((request.path.as_str(), &request.body["ts"]), ("/api/chat.update", &"1795.0001".into()));
        assert_eq!((&request.body["parse"], request.body["blocks"].as_array().unwrap().len()), (&"none".into(), 7));
    }

    #[tokio::test]
    async fn failures_say_what_to_do() {
        let gone = Answer::Json(200, r#"{"ok":false,"error":"message_not_found"}"#);
        let fake =
            FakeSlack::answering(vec![Answer::Limited(7), Answer::Drop, Answer::Json(503, "{}"), gone, Answer::Json(502, "{}")]).await;
        let slack = slack(&fake.url);
        assert_eq!(slack.post(POST, &card()).await, Err(SendError::RetryAfter { seconds: 7 }));
        assert!(matches!(slack.post(POST, &card()).await, Err(SendError::Ambiguous(_))));
        assert!(matches!(slack.post(POST, &card()).await, Err(SendError::Ambiguous(_))));
        assert_eq!(slack.update(PLACE, &card()).await, Err(SendError::Gone("message_not_found".to_owned())));
        assert!(matches!(slack.update(PLACE, &card()).await, Err(SendError::Away(_))));
    }

    #[tokio::test]
    async fn nothing_happened_where_nobody_listens() {
        let url = Url::parse("http://127.0.0.1:1/api").unwrap();
        assert!(matches!(slack(&url).post(POST, &card()).await, Err(SendError::Away(_))));
    }

    #[tokio::test]
    async fn a_form_that_does_not_open_in_time_is_given_up() {
        let fake = FakeSlack::answering(vec![DONE, Answer::Hang]).await;
        let (slack, sample, directory) = (slack(&fake.url), sample(), directory());
        let form = templates::form(&sample.view(&directory, Controls::Vote), Choice::Approve);
        slack.open_form(&Secret::new("trigger"), &form).await.unwrap();
        assert_eq!(fake.requests()[0].body["view"]["private_metadata"], "CHG-1042.r1");
        assert!(matches!(slack.open_form(&Secret::new("trigger"), &form).await, Err(SendError::Away(_))));
    }

    #[tokio::test]
    async fn a_direct_message_goes_to_the_channel_that_was_opened() {
        let opened = Answer::Json(200, r#"{"ok":true,"channel":{"id":"D000000001"}}"#);
        let fake = FakeSlack::answering(vec![opened, POSTED, POSTED]).await;
        let (slack, sample, directory) = (slack(&fake.url), sample(), directory());
        let notice = templates::requester_notice(&sample.view(&directory, Controls::Vote));
        slack.direct("T000000001/U000000002", &notice).await.unwrap();
        let requests = fake.requests();
        assert_eq!(requests[0].body, json!({ "users": "U000000002" }));
        assert_eq!(requests[1].body["channel"], "D000000001");
        assert!(matches!(slack.direct("nobody", &notice).await, Err(SendError::Unreachable(_))));
    }

    #[tokio::test]
    async fn a_thread_line_hangs_below_its_card() {
        let fake = FakeSlack::answering(vec![POSTED]).await;
        slack(&fake.url)
            .thread(PLACE, ThreadLine { seq: 5, words: &Rich::from("✓ <!channel> approved"), doubt: Doubt::None })
            .await
            .unwrap();
        let body = &fake.requests()[0].body;
        assert_eq!(body["thread_ts"], "1795.0001");
        assert_eq!(
            (&body["text"], &body["blocks"][0]["text"]["text"]),
            (&"✓ &lt;!channel&gt; approved".into(), &"✓ &lt;!channel&gt; approved".into())
        );
    }

    #[tokio::test]
    async fn a_whisper_uses_a_reply_address_only_where_slack_is() {
        let fake = FakeSlack::answering(vec![DONE, DONE]).await;
        let slack = slack(&fake.url);
        let ours = fake.url.join("/actions/T/1").unwrap();
        slack.whisper(&reply(Some(ours.as_str()), None), "You can’t.").await.unwrap();
        slack.whisper(&reply(Some("http://169.254.169.254/x"), Some("C000000001")), "You can’t.").await.unwrap();
        let requests = fake.requests();
        assert_eq!((requests[0].path.as_str(), &requests[0].body["response_type"]), ("/actions/T/1", &"ephemeral".into()));
        assert!(!requests[0].head.to_lowercase().contains("authorization"));
        assert_eq!((requests[1].path.as_str(), &requests[1].body["user"]), ("/api/chat.postEphemeral", &"U000000002".into()));
        assert!(matches!(slack.whisper(&reply(None, None), "x").await, Err(SendError::Unreachable(_))));
    }

    #[tokio::test]
    async fn a_used_up_reply_address_is_no_silence() {
        let fake = FakeSlack::answering(vec![Answer::Json(404, r#"{"ok":false,"error":"used_url"}"#), DONE]).await;
        let url = fake.url.join("/actions/T/1").unwrap();
        slack(&fake.url).whisper(&reply(Some(url.as_str()), Some("C000000001")), "You can’t.").await.unwrap();
        assert_eq!(fake.requests()[1].path, "/api/chat.postEphemeral");
    }
}
