//! Somebody of the installation who acts by the API, with a token of their own.

use super::installation::Installation;
use super::service::client;
use super::tokens::personal_token;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub struct Member {
    base: String,
    token: String,
    client: Client,
}

impl Member {
    /// With a token that may do everything that a person may.
    pub fn new(installation: &Installation, person: &str) -> Self {
        Self { base: installation.base(), token: personal_token(installation, person, "admin"), client: client() }
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// Asks for a change; its number. The same wish again is the same change.
    pub async fn asks(&self, wish: &Value) -> String {
        let key = hex::encode(Sha256::digest(wish.to_string()));
        let opened = self.hears(self.request(Method::POST, "/v1/changes").header("Idempotency-Key", key).json(wish)).await;
        opened["number"].as_str().expect("a number").to_owned()
    }

    /// Votes for or against a change as it is now.
    pub async fn votes(&self, number: &str, choice: &str, why: &str) {
        let change = self.hears(self.request(Method::GET, &format!("/v1/changes/{number}"))).await;
        let seen = json!({ "round": change["round"], "digest": change["subject"]["digest"] });
        let ballot = json!({ "choice": choice, "rationale": why, "seen": seen });
        self.hears(self.request(Method::POST, &format!("/v1/changes/{number}/votes")).json(&ballot)).await;
    }

    pub async fn takes_back(&self, number: &str) {
        self.hears(self.request(Method::DELETE, &format!("/v1/changes/{number}/votes/mine"))).await;
    }

    pub async fn pauses(&self, wish: &Value) {
        self.hears(self.request(Method::POST, "/v1/holds").json(wish)).await;
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    async fn hears(&self, request: RequestBuilder) -> Value {
        let answer = request.send().await.expect("an answer of the API");
        let (path, status) = (answer.url().path().to_owned(), answer.status());
        let said = answer.text().await.expect("the whole answer");
        assert!(status.is_success(), "{path}: {status} {said}");
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{path}: {error}: {said}"))
    }
}
