//! The decision, posted to the configured address in the form of Standard Webhooks. An answer of 2xx confirms it.

use crate::secret::Secret;
use crate::sources::reading::cut;
use crate::sources::step::Step;
use crate::sources::{Api, Call, Earlier, Exchange, Integration, Occasion, SettingsFault, Turn, standard_webhooks};
use engine::event::ToolDecision;
use engine::ids::{ChangeKey, IntegrationName};
use engine::request::Callback;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

/// As the published change schema names it.
const CALLBACK: &str = "http";
/// How much of an answer is repeated to people, in bytes.
const MESSAGE_BYTES: usize = 300;

/// Where decisions are posted to. It is configured, and never taken from a payload.
pub struct Receiver {
    pub origin: Url,
    path_and_query: String,
    secret: Secret,
}

pub struct Told<'a> {
    pub callback: &'a Callback,
    pub decision: ToolDecision,
    pub comment: &'a str,
    pub occasion: &'a Occasion,
}

/// What of the step is told back beside the decision.
pub fn of(integration: &IntegrationName, step: &Step, key: &ChangeKey) -> Callback {
    let build = step.build.map(|build| build.to_string());
    let said = [
        ("service", Some(&step.service)),
        ("environment", Some(&step.environment)),
        ("sha", Some(&step.sha)),
        ("version", step.version.as_ref()),
        ("build_url", step.build_url.as_ref()),
        ("job", step.job.as_ref()),
        ("build", build.as_ref()),
        ("input_id", step.input_id.as_ref()),
    ];
    let said = said.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
    let params = said.chain([(Callback::RUN.to_owned(), key.to_string())]).collect();
    Callback { integration: integration.clone(), kind: CALLBACK.to_owned(), params }
}

impl Receiver {
    pub fn of(integration: &Integration) -> Result<Option<Self>, SettingsFault> {
        let name = || integration.name.to_string();
        let missing = |key, why| SettingsFault::MissingKey { name: name(), key, why };
        let (url, secret) = match (&integration.callback_url, &integration.token) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(missing("callback_url", "a token signs what is posted there")),
            (Some(_), None) => return Err(missing("token", "callbacks are signed with it: whsec_ and base64")),
            (Some(url), Some(secret)) => (url, secret),
        };
        let bad = |key, why| SettingsFault::BadKey { name: name(), key, why };
        standard_webhooks::key(secret).map_err(|why| bad("token", why))?;
        let mut origin = url.clone();
        origin.set_path("");
        origin.set_query(None);
        if !Api::check_base(&origin) {
            return Err(bad("callback_url", "it is http or https, without user and fragment".to_owned()));
        }
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(Some(Self { origin, path_and_query: format!("{}{query}", url.path()), secret: secret.clone() }))
    }

    pub fn next(&self, told: &Told<'_>, so_far: &[Exchange]) -> Turn {
        match (so_far.last(), written_down(told)) {
            (Some(answer), _) => judged(answer),
            (None, Some(body)) => self.post(told, body),
            (None, None) => Turn::NoteFirst { seen: body(told).to_string() },
        }
    }

    /// Id and body are the same however often it is sent; the receiver knows a repeat by them.
    fn post(&self, told: &Told<'_>, body: Value) -> Turn {
        let (word, occasion) = (word(told.decision), told.occasion);
        let id = format!("msg_{}_{}_{word}", occasion.change, occasion.attempt);
        match standard_webhooks::signed(&self.secret, &id, occasion.now, body.to_string().as_bytes()) {
            Ok(headers) => Turn::Call(Call { headers, ..Call::post(self.path_and_query.clone(), Some(body)) }),
            Err(why) => Turn::Failed { why: format!("the callback can’t be signed: {why}") },
        }
    }
}

/// The body of the first attempt: names may change between two, and time does. `None` if that told another decision.
fn written_down(told: &Told<'_>) -> Option<Value> {
    let Earlier::Noted { seen } = &told.occasion.earlier else { return None };
    let body: Value = serde_json::from_str(seen).ok()?;
    (body.pointer("/data/decision")?.as_str()? == word(told.decision)).then_some(body)
}

fn word(decision: ToolDecision) -> &'static str {
    match decision {
        ToolDecision::Approve => "approved",
        ToolDecision::Reject => "rejected",
    }
}

fn body(told: &Told<'_>) -> Value {
    let said: BTreeMap<&String, &String> = told.callback.params.iter().filter(|(name, _)| *name != Callback::RUN).collect();
    json!({
        "type": "approval.closed",
        "timestamp": told.occasion.now,
        "data": {
            "change": { "id": told.occasion.change, "number": told.occasion.number.to_string() },
            "decision": word(told.decision),
            "comment": told.comment,
            "request": said,
        },
    })
}

fn judged(answer: &Exchange) -> Turn {
    let said = match &answer.body {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => answer.body.to_string(),
    };
    let why = format!("the callback was answered {}: {}", answer.status, cut(said.trim(), MESSAGE_BYTES));
    match answer.status {
        200..=299 => Turn::Confirmed { note: String::new() },
        408 | 425 | 429 | 500.. => Turn::Wait { why },
        _ => Turn::Failed { why },
    }
}
