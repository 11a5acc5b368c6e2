//! The service as a program with a token sees it: changes by the API, counts by the metrics.

use super::installation::Installation;
use super::service::client;
use super::tokens::service_token;
use reqwest::Client;
use serde_json::Value;

pub struct Reader {
    base: String,
    token: String,
    client: Client,
}

impl Reader {
    /// With a token that may read changes, made on the command line.
    pub fn new(installation: &Installation, owner: &str) -> Self {
        Self { base: installation.base(), token: service_token(installation, owner), client: client() }
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// Every change in this state, or in any.
    pub async fn changes(&self, state: Option<&str>) -> Vec<Value> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        loop {
            let state = state.map(|state| format!("&state={state}")).unwrap_or_default();
            let page = self.get(&format!("/v1/changes?{}{state}", cursor)).await;
            found.extend(page["changes"].as_array().cloned().unwrap_or_default());
            let Some(next) = page["cursor"].as_str() else { return found };
            cursor = format!("cursor={next}");
        }
    }

    /// One change by its number or id.
    pub async fn change(&self, id: &str) -> Value {
        self.get(&format!("/v1/changes/{id}")).await
    }

    /// A value of `/metrics` that has no labels.
    pub async fn metric(&self, name: &str) -> f64 {
        let text = self.client.get(format!("{}/metrics", self.base)).send().await.expect("metrics").text().await.expect("metrics");
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok());
        value.unwrap_or_else(|| panic!("there is no metric {name}"))
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}
