//! What a person does in Slack, signed as Slack signs it and sent to the running program.

use super::installation::SIGNING_SECRET;
use super::patience::now_micros;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use serde_json::{Value, json};
use sha2::Sha256;

/// The workspace of everybody in these tests.
pub const TEAM: &str = "T000000001";

/// One form as it is sent: the same `view` again is the same interaction.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Slack's id of the person.
    pub user: String,
    /// `approve` or `reject`.
    pub verb: &'static str,
    /// `CHG-1042.r1`
    pub target: String,
    pub rationale: String,
    /// Slack's id of the form.
    pub view: String,
}

/// What became of it, as far as the person's client can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The form closed.
    Closed,
    /// It stays open with this sentence.
    Kept(String),
    /// Another status than 200, or no answer at all.
    Failed(String),
}

impl Sheet {
    pub async fn send(&self, client: &Client, base: &str) -> Reply {
        let body = serde_urlencoded::to_string([("payload", self.payload().to_string())]).expect("a form");
        let sent = signed(client, &format!("{base}/slack/events"), body).await;
        let Ok(answer) = sent else { return Reply::Failed("no answer".to_owned()) };
        let status = answer.status().as_u16();
        let Ok(text) = answer.text().await else { return Reply::Failed("half an answer".to_owned()) };
        match (status, serde_json::from_str::<Value>(&text)) {
            (200, Err(_)) if text.is_empty() => Reply::Closed,
            (200, Ok(kept)) => Reply::Kept(kept["errors"]["why"].as_str().unwrap_or(&text).to_owned()),
            _ => Reply::Failed(format!("{status} {text}")),
        }
    }

    /// The interaction under which the vote is on record.
    pub fn interaction(&self) -> String {
        format!("slack/view/{}", self.view)
    }

    /// `CHG-1042`
    pub fn number(&self) -> &str {
        self.target.split('.').next().unwrap_or_default()
    }

    fn payload(&self) -> Value {
        json!({
            "type": "view_submission",
            "user": { "id": self.user, "team_id": TEAM },
            "team": { "id": TEAM, "domain": "example" },
            "view": {
                "id": self.view, "callback_id": format!("gate:v1:{}", self.verb), "private_metadata": self.target,
                "state": { "values": { "why": { "rationale": { "type": "plain_text_input", "value": self.rationale } } } },
            },
        })
    }
}

async fn signed(client: &Client, url: &str, body: String) -> reqwest::Result<reqwest::Response> {
    let time = (now_micros() / 1_000_000).to_string();
    let request = client.post(url).header("Content-Type", "application/x-www-form-urlencoded");
    let request = request.header("X-Slack-Signature", signature(&time, &body)).header("X-Slack-Request-Timestamp", time);
    request.body(body).send().await
}

fn signature(time: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SIGNING_SECRET.as_bytes()).expect("a key");
    mac.update(format!("v0:{time}:{body}").as_bytes());
    format!("v0={}", hex::encode(mac.finalize().into_bytes()))
}
