//! One HTTP call of a conversation: sent, bounded in time and size, its failures sorted.

use super::failure::{ClientFault, TransportError};
use super::guard::Guard;
use super::loans::Loans;
use super::resolve::Resolver;
use super::{retry_after, tls};
use crate::sources::{Api, Auth, Body, Call, Exchange, Verb};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer that is read, in bytes.
pub const BODY_BYTES: usize = 1024 * 1024;

const PRIVATE_TOKEN: HeaderName = HeaderName::from_static("private-token");
const FORM: &str = "application/x-www-form-urlencoded";

/// How long a call may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    /// From the first byte sent to the last one read.
    pub total: Duration,
}

impl Timeouts {
    pub fn within(total: Duration) -> Self {
        Self { connect: CONNECT_TIMEOUT.min(total), total }
    }
}

/// Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    guard: Arc<Guard>,
    loans: Arc<Loans>,
}

impl Client {
    pub fn with_timeouts(guard: Arc<Guard>, timeouts: Timeouts) -> Result<Self, ClientFault> {
        let mut tls = tls::config()?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let http = reqwest::Client::builder()
            .use_preconfigured_tls(tls)
            .dns_resolver(Arc::new(Resolver::new(guard.clone())))
            // Redirects would carry the call to a host that nobody configured; a proxy would dial in our place.
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(ClientFault::Http)?;
        Ok(Self { http, guard, loans: Arc::default() })
    }

    /// Tokens that were lent to us, shared by all clones.
    pub fn loans(&self) -> &Loans {
        &self.loans
    }

    /// Any answer below 500 but 429 is an exchange: what it means is for the source to say.
    pub async fn send(&self, api: &Api, call: &Call) -> Result<Exchange, TransportError> {
        let request = self.request(api, call)?;
        let response = request.send().await.map_err(|error| TransportError::of(error, call.verb))?;
        let status = response.status();
        // Some say 403 to whoever asks too often.
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::FORBIDDEN)
            && let Some(seconds) = retry_after::seconds(response.headers())
        {
            return Err(TransportError::RetryAfter { seconds });
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(TransportError::Away(format!("it answered {status}")));
        }
        let body = read(response, call.verb).await?;
        Ok(Exchange { call: call.clone(), status: status.as_u16(), body: understood(&body) })
    }

    fn request(&self, api: &Api, call: &Call) -> Result<reqwest::RequestBuilder, TransportError> {
        let url = below(&api.base, &call.path_and_query)?;
        self.guard.permits_url(&url).map_err(|forbidden| TransportError::Forbidden(forbidden.to_string()))?;
        let request = match call.verb {
            Verb::Get => self.http.get(url),
            Verb::Post => self.http.post(url),
        };
        let request = credentials(&api.auth)?.into_iter().fold(request, |request, (name, value)| request.header(name, value));
        let request = call.headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        Ok(match &call.body {
            Some(Body::Json(body)) => request.json(body),
            Some(Body::Form(fields)) => request.header(CONTENT_TYPE, FORM).body(form(fields)),
            None => request,
        })
    }
}

fn form(fields: &[(&'static str, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A call stays below its API's base, whatever its path says: the token goes with it.
fn below(base: &Url, path_and_query: &str) -> Result<Url, TransportError> {
    let outside = || TransportError::Forbidden("the call leads out of api_url".to_owned());
    let root = base.as_str().trim_end_matches('/');
    let url = Url::parse(&format!("{root}{path_and_query}")).map_err(|_| outside())?;
    let path = base.path().trim_end_matches('/');
    let within = path_and_query.starts_with('/') && url.origin() == base.origin() && url.path().starts_with(&format!("{path}/"));
    within.then_some(url).ok_or_else(outside)
}

fn credentials(auth: &Auth) -> Result<Option<(HeaderName, HeaderValue)>, TransportError> {
    let (name, text) = match auth {
        Auth::Signature => return Ok(None),
        Auth::Basic(token) => (AUTHORIZATION, format!("Basic {}", STANDARD.encode(token.expose()))),
        Auth::PrivateToken(token) => (PRIVATE_TOKEN, token.expose().to_owned()),
        Auth::Bearer(token) => (AUTHORIZATION, format!("Bearer {}", token.expose())),
        Auth::App(_) => return Err(TransportError::Forbidden("an application has to borrow a token before it calls".to_owned())),
    };
    let unwritable = |_| TransportError::Forbidden("the token holds characters that a header can't carry".to_owned());
    let mut value = HeaderValue::from_str(&text).map_err(unwritable)?;
    // Sensitive values are left out of debug output and out of HTTP/2's header tables.
    value.set_sensitive(true);
    Ok(Some((name, value)))
}

async fn read(mut response: Response, verb: Verb) -> Result<Vec<u8>, TransportError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| TransportError::of(error, verb))? {
        if body.len() + chunk.len() > BODY_BYTES {
            return Err(TransportError::TooLarge { limit: BODY_BYTES });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// `Null` for nothing, a string for what is not JSON.
fn understood(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}
