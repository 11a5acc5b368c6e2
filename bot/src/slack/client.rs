//! The calls to Slack's Web API: one attempt each, bounded in time, failures sorted.

use super::errors::{Repeat, classify, is_layout, timed_out};
use crate::inbound::ReplyHandle;
use crate::platform::SendError;
use crate::secret::Secret;
use hyper_util::client::legacy::connect::Connect;
use serde::{Deserialize, Serialize};
use slack_morphism::prelude::*;
use slack_morphism::{ClientResult, SlackClientApiCallContext, SlackClientHttpConnector};
use std::future::Future;
use std::sync::Once;
use std::time::Duration;
use url::Url;

/// The longest that a message may take; the outbox tries again.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest that a form may take to open: its trigger lives for 3 s, and the click is answered within them.
const FORM_TIMEOUT: Duration = Duration::from_millis(2_000);
/// Where `response_url` leads at slack.com.
const RESPONSE_HOST: &str = "hooks.slack.com";

/// Where Slack is and how we speak to it.
#[derive(Clone, Debug)]
pub struct SlackSettings {
    pub bot_token: Secret,
    /// `https://slack.com/api`, GovSlack's, or a judge on loopback.
    pub api_url: Url,
}

/// A workspace. The connector decides which addresses may be dialled.
pub struct Slack<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    client: SlackClient<SlackClientHyperConnector<H>>,
    token: SlackApiToken,
    api_url: Url,
    /// That we can't look for our own messages is said once.
    pub(super) blind: Once,
}

/// A call that failed.
pub(super) struct Failed {
    pub sort: SendError,
    /// The content is welcome, its layout was refused.
    pub is_layout: bool,
}

/// A call of the Web API and how it may be treated.
#[derive(Clone, Copy)]
pub(super) struct Method {
    name: &'static str,
    repeat: Repeat,
    limit: Duration,
}

impl Method {
    pub const POST: Self = Self { name: "chat.postMessage", repeat: Repeat::Doubles, limit: CALL_TIMEOUT };
    pub const UPDATE: Self = Self { name: "chat.update", repeat: Repeat::Harmless, limit: CALL_TIMEOUT };
    pub const WHISPER: Self = Self { name: "chat.postEphemeral", repeat: Repeat::Doubles, limit: CALL_TIMEOUT };
    pub const CONVERSE: Self = Self { name: "conversations.open", repeat: Repeat::Harmless, limit: CALL_TIMEOUT };
    pub const AUTH_TEST: Self = Self { name: "auth.test", repeat: Repeat::Harmless, limit: CALL_TIMEOUT };
    pub const HISTORY: Self = Self { name: "conversations.history", repeat: Repeat::Harmless, limit: CALL_TIMEOUT };
    pub const REPLIES: Self = Self { name: "conversations.replies", repeat: Repeat::Harmless, limit: CALL_TIMEOUT };
    pub const OPEN_VIEW: Self = Self { name: "views.open", repeat: Repeat::Harmless, limit: FORM_TIMEOUT };
}

/// An answer of which only success matters.
#[derive(Deserialize)]
pub(super) struct Done {}

impl<H> Slack<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    pub fn new(settings: &SlackSettings, connector: H) -> Self {
        let base = settings.api_url.as_str().trim_end_matches('/');
        // No rate control of the library's: its waiting dies with the process, the outbox does not.
        let connector = SlackClientHyperConnector::with_connector(connector).with_slack_api_url(base);
        let token = SlackApiToken::new(settings.bot_token.expose().to_owned().into());
        Self { client: SlackClient::new(connector), token, api_url: settings.api_url.clone(), blind: Once::new() }
    }

    pub(super) async fn call<Q, A>(&self, method: Method, request: &Q) -> Result<A, Failed>
    where
        Q: Serialize + Send + Sync,
        A: for<'de> Deserialize<'de> + Send,
    {
        let session = self.client.open_session(&self.token);
        within(method, session.http_session_api.http_post(method.name, request, None)).await
    }

    /// A call that only reads; what it asks for goes into the address.
    pub(super) async fn read<A>(&self, method: Method, wanted: &[(&str, Option<String>); 6]) -> Result<A, Failed>
    where
        A: for<'de> Deserialize<'de> + Send,
    {
        let session = self.client.open_session(&self.token);
        within(method, session.http_session_api.http_get(method.name, wanted, None)).await
    }

    /// Posts to a reply address, which takes no token.
    pub(super) async fn reply<Q>(&self, url: Url, body: &Q) -> Result<Done, Failed>
    where
        Q: Serialize + Send + Sync,
    {
        let span = tracing::Span::none();
        let context = SlackClientApiCallContext { rate_control_params: None, token: None, tracing_span: &span, is_sensitive_url: true };
        within(Method::WHISPER, self.client.http_api.connector.http_post_uri(url, body, context)).await
    }

    /// A reply address is called only where Slack's replies are: it came from outside.
    pub(super) fn reply_url(&self, reply: &ReplyHandle) -> Option<Url> {
        let url = Url::parse(reply.url.as_ref()?.expose()).ok()?;
        let is_our_api = url.host() == self.api_url.host() && url.scheme() == self.api_url.scheme();
        let is_slacks = url.host_str() == Some(RESPONSE_HOST) && url.scheme() == "https";
        (is_our_api || is_slacks).then_some(url)
    }
}

async fn within<A>(method: Method, call: impl Future<Output = ClientResult<A>>) -> Result<A, Failed> {
    let Ok(answer) = tokio::time::timeout(method.limit, call).await else {
        return Err(Failed { sort: timed_out(method.repeat), is_layout: false });
    };
    answer.map_err(|error| Failed { sort: classify(&error, method.repeat), is_layout: is_layout(&error) })
}

impl From<Failed> for SendError {
    fn from(failed: Failed) -> Self {
        failed.sort
    }
}
