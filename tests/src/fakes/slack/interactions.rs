//! What Slack sends to an app when people press buttons and send forms: signed, as forms with a payload.

use super::blocks::Button;
use super::state::{ReplyAddress, Trigger};
use super::{FakeSlack, View, views};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

const APP: &str = "A000000001";
const FORM: &str = "application/x-www-form-urlencoded";

/// One press of one button by one account, with the trigger that it makes.
pub struct Click {
    pub trigger: String,
    pub payload: Value,
}

impl FakeSlack {
    /// The press as it is about to be sent. `account` is `<team>/<user>`.
    pub fn click(&self, account: &str, place: (&str, &str), button: &Button) -> Click {
        let (team, user) = account.split_once('/').expect("an account is <team>/<user>");
        let now = self.now();
        let mut state = self.state();
        let trigger = format!("{}.{user}", state.next());
        let reply = state.next().to_string();
        state.triggers.insert(trigger.clone(), Trigger { user: user.to_owned(), made_at: now, is_used: false, is_expired: false });
        state.replies.insert(reply.clone(), ReplyAddress { user: user.to_owned(), made_at: now, uses: 0 });
        let response_url = self.shared.base.join(&format!("/actions/{reply}")).expect("a URL");
        let (channel, message) = place;
        let mut payload = json!({
            "type": "block_actions",
            "api_app_id": APP,
            "user": { "id": user, "username": user.to_lowercase(), "team_id": team },
            "team": { "id": team, "domain": "example" },
            "container": { "type": "message", "message_ts": message, "channel_id": channel, "is_ephemeral": false },
            "channel": { "id": channel, "name": "deploys" },
            "trigger_id": trigger,
            "response_url": response_url,
        });
        let mut action = json!({
            "type": button.kind, "action_id": button.action_id, "block_id": button.block_id, "action_ts": state.new_ts(now),
        });
        match button.kind {
            "overflow" => {
                action["selected_option"] = json!({ "text": { "type": "plain_text", "text": button.label }, "value": button.value })
            }
            _ => action["value"] = button.value.as_str().into(),
        }
        payload["actions"] = json!([action]);
        Click { trigger, payload }
    }

    /// More than its three seconds went by.
    pub fn expires(&self, trigger: &str) {
        if let Some(trigger) = self.state().triggers.get_mut(trigger) {
            trigger.is_expired = true;
        }
    }

    /// A form as it is about to be sent with these answers, by the labels of the inputs.
    pub fn submission(&self, account: &str, view: &View, answers: &[(&str, &str)]) -> Value {
        let (team, user) = account.split_once('/').expect("an account is <team>/<user>");
        json!({
            "type": "view_submission",
            "api_app_id": APP,
            "user": { "id": user, "username": user.to_lowercase(), "team_id": team },
            "team": { "id": team, "domain": "example" },
            "view": {
                "id": view.id, "type": "modal", "team_id": team, "hash": "1.x",
                "callback_id": view.content["callback_id"], "private_metadata": view.content["private_metadata"],
                "state": { "values": views::values(&view.content, answers) },
            },
            "response_urls": [],
        })
    }

    /// Whether Slack's own client would let these answers out of the form.
    pub fn would_be_sent(&self, view: &View, answers: &[(&str, &str)]) -> bool {
        views::would_be_sent(&view.content, answers)
    }

    /// Sends a payload to an app's address, signed; status and body.
    pub async fn send(&self, to: &Url, payload: &Value) -> (u16, Value) {
        let body = serde_urlencoded::to_string([("payload", payload.to_string())]).expect("a form");
        let time = self.now().micros().div_euclid(1_000_000).to_string();
        let request = self.shared.http.post(to.clone()).header("content-type", FORM).header("x-slack-request-timestamp", &time);
        let response = request.header("x-slack-signature", self.signature(&time, &body)).body(body).send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// `v0=` and the HMAC-SHA256 of `v0:<time>:<body>`.
    pub fn signature(&self, time: &str, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.shared.signing_secret.as_bytes()).expect("any key fits");
        mac.update(format!("v0:{time}:{body}").as_bytes());
        format!("v0={}", hex::encode(mac.finalize().into_bytes()))
    }
}
