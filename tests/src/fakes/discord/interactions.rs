//! What Discord sends to an application when people press buttons, send modals and type commands: JSON, signed.

use super::rules::modal_faults;
use super::state::Message;
use super::{APPLICATION, FakeDiscord};
use serde_json::{Value, json};
use url::Url;

/// A button as it stands in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    pub label: String,
    /// Empty for a link.
    pub custom_id: String,
}

impl Message {
    /// Its buttons in reading order, links included.
    pub fn controls(&self) -> Vec<Control> {
        let rows = self.components.as_array().cloned().unwrap_or_default();
        let buttons = rows.iter().flat_map(|row| row["components"].as_array().cloned().unwrap_or_default());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        buttons.map(|button| Control { label: text(&button["label"]), custom_id: text(&button["custom_id"]) }).collect()
    }
}

impl FakeDiscord {
    /// A press as it is about to be sent.
    pub fn press(&self, user: &str, message: &Message, custom_id: &str) -> Value {
        let data = json!({ "component_type": 2, "custom_id": custom_id });
        let mut interaction = self.interaction(3, user, data);
        interaction["channel_id"] = message.channel.to_string().into();
        interaction["message"] = message.json();
        interaction
    }

    /// A modal as it is about to be sent with these answers, by the ids of the inputs; the others stay as they are.
    pub fn submission(&self, user: &str, modal: &Value, answers: &[(&str, &str)]) -> Value {
        let faults = modal_faults(modal);
        assert!(faults.is_empty(), "Discord would not open this form: {faults:?}");
        let row = |input: &Value| {
            let answer = answers.iter().find(|(id, _)| input["custom_id"] == *id).map(|(_, answer)| *answer);
            let value = answer.or(input["value"].as_str()).unwrap_or_default();
            json!({ "type": 1, "components": [{ "type": 4, "custom_id": input["custom_id"], "value": value }] })
        };
        let rows: Vec<Value> = modal["components"].as_array().into_iter().flatten().map(|it| row(&it["components"][0])).collect();
        self.interaction(5, user, json!({ "custom_id": modal["custom_id"], "components": rows }))
    }

    /// `/gate <verb>` with its options filled in, by name.
    pub fn command(&self, user: &str, verb: &str, options: &[(&str, &str)]) -> Value {
        let options: Vec<Value> = options.iter().map(|(name, value)| json!({ "name": name, "type": 3, "value": value })).collect();
        let verb = json!({ "name": verb, "type": 1, "options": options });
        self.interaction(2, user, json!({ "id": "5", "name": "gate", "type": 1, "options": [verb] }))
    }

    pub fn interaction(&self, kind: u64, user: &str, data: Value) -> Value {
        let mut state = self.state();
        let (id, token) = (state.next().to_string(), format!("token-{}", state.next()));
        state.tokens.insert(token.clone(), user.to_owned());
        json!({
            "id": id, "application_id": APPLICATION.to_string(), "type": kind, "version": 1, "token": token,
            "guild_id": "3", "channel_id": "7", "data": data,
            "member": { "user": { "id": user, "username": format!("user-{user}") }, "roles": [], "permissions": "0" },
        })
    }

    /// Sends an interaction to an application's address, signed; status and body.
    pub async fn send(&self, to: &Url, interaction: &Value) -> (u16, Value) {
        let (body, time) = (interaction.to_string(), self.time());
        let request = self.shared.http.post(to.clone()).header("content-type", "application/json");
        let request = request.header("x-signature-timestamp", &time).header("x-signature-ed25519", self.signature(&time, &body));
        let response = request.body(body).send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Now, in seconds, as the header has it.
    pub fn time(&self) -> String {
        self.now().micros().div_euclid(1_000_000).to_string()
    }

    /// Ed25519 over the time and the body, in hexadecimal digits.
    pub fn signature(&self, time: &str, body: &str) -> String {
        hex::encode(self.shared.key.sign(format!("{time}{body}").as_bytes()).as_ref())
    }
}
