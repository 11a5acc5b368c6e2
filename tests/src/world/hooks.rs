//! Posting to the doors for machines, as their senders do, and reading what is answered.

use super::{GITHUB_SECRET, Node, World, gitlab};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderMap;
use serde_json::Value;
use sha2::Sha256;

/// What a caller gets back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// `Null` for a body that is not JSON.
    pub body: Value,
    pub text: String,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The name of the problem, without what all begin with.
    pub fn problem(&self) -> &str {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status, "{self:?}");
        self.body["type"].as_str().and_then(|kind| kind.strip_prefix("urn:countersign:problem:")).unwrap_or_default()
    }
}

impl World {
    /// Posts a hook; nothing that follows from it is done yet.
    pub async fn posts(&self, integration: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        self.posts_to(&self.node(), integration, headers, body.as_bytes().to_vec()).await
    }

    pub async fn posts_to(&self, node: &Node, integration: &str, headers: HeaderMap, body: Vec<u8>) -> Answer {
        let url = node.url(&format!("/hooks/{integration}"));
        Answer::of(self.http.post(url).headers(headers).body(body).send().await.unwrap()).await
    }

    /// Without a session and without a token.
    pub async fn gets(&self, path: &str) -> Answer {
        Answer::of(self.http.get(self.node().url(path)).send().await.unwrap()).await
    }
}

/// `webhook-signature` of a body, by the hook's secret as it is.
pub fn gitlab_signature(id: &str, sent_s: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(gitlab::SECRET.as_bytes()).unwrap();
    mac.update(format!("{id}.{sent_s}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// `X-Hub-Signature-256` of a body.
pub fn github_signature(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(GITHUB_SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
