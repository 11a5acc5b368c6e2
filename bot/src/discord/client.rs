//! The calls to Discord's REST API: one attempt each, bounded in time and size, failures sorted.

use super::errors::{Failed, Repeat, classify, unknown};
use super::snowflake::Snowflake;
use super::verify::PublicKey;
use crate::platform::SendError;
use crate::secret::Secret;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::Connect;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// The longest that a call may take; the outbox tries again.
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes.
const ANSWER_BYTES: usize = 1024 * 1024;
/// The version of the API that the builders write.
const VERSION_PATH: &str = "/api/v10";
/// As Discord asks for it: where it comes from, and its version.
const AGENT: &str = concat!("DiscordBot (self-hosted countersign, ", env!("CARGO_PKG_VERSION"), ")");

/// Which application we are and where Discord is.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    pub application_id: Snowflake,
    pub bot_token: Secret,
    /// `https://discord.com`, or a judge on loopback.
    pub api_url: Url,
    pub public_key: PublicKey,
    /// Where Discord is to send interactions.
    pub interactions_url: String,
}

/// One application. The connector decides which addresses may be dialled.
pub struct Discord<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    http: Client<H, Full<Bytes>>,
    settings: DiscordSettings,
}

/// One call.
pub(super) struct Call {
    verb: Method,
    path: String,
    body: Option<Value>,
    repeat: Repeat,
    credentials: Credentials,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Credentials {
    Bot,
    /// The path itself holds a token.
    InPath,
}

impl Call {
    pub fn get(path: &str) -> Self {
        Self { verb: Method::GET, path: path.to_owned(), body: None, repeat: Repeat::Harmless, credentials: Credentials::Bot }
    }

    /// Something new, each time that it is called.
    pub fn post(path: String, body: &impl Serialize) -> Self {
        let body = serde_json::to_value(body).ok();
        Self { verb: Method::POST, path, body, repeat: Repeat::Doubles, credentials: Credentials::Bot }
    }

    /// The same, however often it is called.
    pub fn put(path: String, body: &impl Serialize) -> Self {
        Self { verb: Method::PUT, repeat: Repeat::Harmless, ..Self::post(path, body) }
    }

    pub fn patch(path: String, body: &impl Serialize) -> Self {
        Self { verb: Method::PATCH, repeat: Repeat::Harmless, ..Self::post(path, body) }
    }

    pub fn harmless(self) -> Self {
        Self { repeat: Repeat::Harmless, ..self }
    }

    pub fn without_bot_token(self) -> Self {
        Self { credentials: Credentials::InPath, ..self }
    }
}

impl<H> Discord<H>
where
    H: Connect + Clone + Send + Sync + 'static,
{
    pub fn new(settings: DiscordSettings, connector: H) -> Self {
        Self { http: Client::builder(TokioExecutor::new()).build(connector), settings }
    }

    pub(super) fn settings(&self) -> &DiscordSettings {
        &self.settings
    }

    pub(super) fn application(&self) -> Snowflake {
        self.settings.application_id
    }

    /// `Null` for an answer without a body.
    pub(super) async fn call(&self, call: Call) -> Result<Value, Failed> {
        let repeat = call.repeat;
        let Ok(answered) = tokio::time::timeout(CALL_TIMEOUT, self.attempt(call)).await else {
            return Err(Failed { sort: unknown("no answer in time".to_owned(), repeat), code: 0 });
        };
        answered
    }

    async fn attempt(&self, call: Call) -> Result<Value, Failed> {
        let repeat = call.repeat;
        let request = self.request(call)?;
        let response = self.http.request(request).await.map_err(|error| not_sent(&error, repeat))?;
        let (status, wait) = (response.status(), seconds(response.headers()));
        let body = read(response).await.map_err(|what| Failed { sort: unknown(what, repeat), code: 0 })?;
        if !status.is_success() {
            return Err(classify(status, wait, &body, repeat));
        }
        if body.is_empty() {
            return Ok(Value::Null);
        }
        // An answer that is no answer: a proxy's page, a cut connection.
        serde_json::from_slice(&body).map_err(|_| Failed { sort: unknown("the answer could not be read".to_owned(), repeat), code: 0 })
    }

    fn request(&self, call: Call) -> Result<Request<Full<Bytes>>, Failed> {
        let base = self.settings.api_url.as_str().trim_end_matches('/');
        let mut request = Request::builder().method(call.verb).uri(format!("{base}{VERSION_PATH}{}", call.path)).header(USER_AGENT, AGENT);
        if call.credentials == Credentials::Bot {
            let token = HeaderValue::from_str(&format!("Bot {}", self.settings.bot_token.expose()));
            let mut token = token.map_err(|_| unwritable("the bot token holds characters that a header can't carry"))?;
            // Sensitive values are left out of debug output and out of HTTP/2's header tables.
            token.set_sensitive(true);
            request = request.header(AUTHORIZATION, token);
        }
        let body = call.body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        request.body(Full::new(body)).map_err(|_| unwritable("the address of the call is none"))
    }
}

fn unwritable(what: &str) -> Failed {
    Failed { sort: SendError::Refused(what.to_owned()), code: 0 }
}

/// Only a connection that was never made is known to have done nothing.
fn not_sent(error: &hyper_util::client::legacy::Error, repeat: Repeat) -> Failed {
    let sort =
        if error.is_connect() { SendError::Away("no connection".to_owned()) } else { unknown("the connection broke".to_owned(), repeat) };
    Failed { sort, code: 0 }
}

/// Whole seconds of `Retry-After`; Discord's own answers carry the fraction in their body.
fn seconds(headers: &HeaderMap) -> Option<u64> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

async fn read<B>(response: Response<B>) -> Result<Bytes, String>
where
    B: http_body_util::BodyExt<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let body = Limited::new(response.into_body(), ANSWER_BYTES).collect().await;
    body.map(|body| body.to_bytes()).map_err(|_| "the connection broke, or the answer is too large".to_owned())
}
