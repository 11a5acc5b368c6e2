//! The way to a server that the user names on the command line: private addresses too, because it is their own.
//!
//! One call, its failures sorted by whether asking again can help. Nothing is tried again here.

use super::failure::{ClientFault, root};
use super::{retry_after, tls};
use crate::secret::Secret;
use reqwest::redirect::Policy;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use std::time::Duration;
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes.
const BODY_BYTES: usize = 4 * 1024 * 1024;

/// A server and the token that opens it.
#[derive(Debug)]
pub struct Direct {
    http: reqwest::Client,
    base: Url,
    token: Secret,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub method: &'a Method,
    /// Path and query below the server's address.
    pub path: &'a str,
    /// The `Idempotency-Key` and the body of a question that changes something.
    pub wish: Option<(&'a str, &'a Value)>,
    /// From the first byte sent to the last one read.
    pub within: Duration,
}

/// Why there is no answer to go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody is there, or nobody who is able to answer now. Asking again may help, after so many seconds if it said so.
    Away { why: String, wished_s: Option<u64> },
    /// It answered, and will answer the same again.
    Refused { status: u16, problem: Value },
    /// The question can't be sent at all.
    Unsendable(String),
}

impl Direct {
    pub fn new(base: Url, token: Secret) -> Result<Self, ClientFault> {
        let mut tls = tls::config()?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let builder = reqwest::Client::builder()
            .use_preconfigured_tls(tls)
            // The token goes to the address that was named, and nowhere that it points to.
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("countersign-cli/", env!("CARGO_PKG_VERSION")));
        // A proxy has another loopback than this machine.
        let builder = if is_loopback(&base) { builder.no_proxy() } else { builder };
        Ok(Self { http: builder.build().map_err(ClientFault::Http)?, base, token })
    }

    /// The JSON of a 2xx answer.
    pub async fn call(&self, ask: &Ask<'_>) -> Result<Value, Trouble> {
        let url = format!("{}{}", self.base.as_str().trim_end_matches('/'), ask.path);
        let request = self.http.request(ask.method.clone(), url).bearer_auth(self.token.expose()).timeout(ask.within);
        let request = match ask.wish {
            Some((key, body)) => request.header("Idempotency-Key", key).json(body),
            None => request,
        };
        let response = request.send().await.map_err(unanswered)?;
        let (status, wished_s) = (response.status(), retry_after::seconds(response.headers()));
        let moved = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
        let body = read(response).await?;
        sorted(status, body, wished_s, moved)
    }
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// What does not come from Countersign itself, such as the page of a proxy in front of it, is no answer.
fn sorted(status: StatusCode, body: Option<Value>, wished_s: Option<u64>, moved: Option<String>) -> Result<Value, Trouble> {
    let away = |why: String| Trouble::Away { why, wished_s };
    if status.is_redirection() {
        let to = moved.unwrap_or_else(|| "elsewhere".to_owned());
        return Err(Trouble::Unsendable(format!(
            "it answered {status} and points to {to}; name that address as the server if it is right"
        )));
    }
    let passes = matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
        || (status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED);
    match body {
        _ if passes => Err(away(format!("it answered {status}"))),
        Some(body) if status.is_success() => Ok(body),
        Some(problem) if problem.get("type").is_some() => Err(Trouble::Refused { status: status.as_u16(), problem }),
        Some(_) | None => Err(away(format!("it answered {status} with something that is not Countersign’s"))),
    }
}

fn unanswered(error: reqwest::Error) -> Trouble {
    let error = error.without_url();
    let is_builder = error.is_builder();
    let why = root(&error);
    if is_builder { Trouble::Unsendable(why) } else { Trouble::Away { why, wished_s: None } }
}

/// `None` for what is not JSON.
async fn read(mut response: Response) -> Result<Option<Value>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unanswered)? {
        if body.len() + chunk.len() > BODY_BYTES {
            return Err(Trouble::Unsendable(format!("its answer is larger than {BODY_BYTES} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(serde_json::from_slice(&body).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn word(result: &Result<Value, Trouble>) -> &'static str {
        match result {
            Ok(_) => "answer",
            Err(Trouble::Away { .. }) => "away",
            Err(Trouble::Refused { .. }) => "refused",
            Err(Trouble::Unsendable(_)) => "unsendable",
        }
    }

    #[test]
    fn only_countersign_itself_answers() {
        let (problem, page) = (Some(json!({ "type": "urn:countersign:problem:x" })), Some(json!({ "error": "down" })));
        let table = [
            (200, Some(json!({})), "answer"),
            (201, Some(json!({})), "answer"),
            (200, None, "away"),
            (302, None, "unsendable"),
            (401, problem.clone(), "refused"),
            (404, problem.clone(), "refused"),
            (404, page.clone(), "away"),
            (404, None, "away"),
            (408, problem.clone(), "away"),
            (429, problem.clone(), "away"),
            (500, problem.clone(), "away"),
            (501, problem.clone(), "refused"),
            (502, page, "away"),
            (503, problem, "away"),
        ];
        for (status, body, expected) in table {
            let result = sorted(StatusCode::from_u16(status).unwrap(), body, None, None);
            assert_eq!(word(&result), expected, "{status}");
        }
    }

    #[test]
    fn loopback_is_known_by_its_address() {
        for (url, expected) in
            [("http://127.0.0.2:1", true), ("http://[::1]/", true), ("http://localhost:8080", true), ("https://gate.example.com", false)]
        {
            assert_eq!(is_loopback(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
