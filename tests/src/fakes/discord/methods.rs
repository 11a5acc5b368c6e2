//! The calls as Discord answers them: what changes, or its own code for what is wrong.

use super::state::{Message, State, Whisper};
use super::{APPLICATION, rules};
use engine::Timestamp;
use serde_json::{Value, json};

/// For how long a nonce is remembered, in seconds; Discord says “the past few minutes”.
const NONCE_LIFE_S: u64 = 180;

/// Status, code and what is wrong.
pub struct Refused {
    pub status: u16,
    pub code: u64,
    pub faults: Vec<String>,
}

pub type Answer = Result<Value, Refused>;

fn refused(status: u16, code: u64) -> Refused {
    Refused { status, code, faults: Vec::new() }
}

pub fn post(state: &mut State, channel: u64, body: &Value, now: Timestamp) -> Answer {
    if !state.has_channel(channel) {
        return Err(refused(404, 10_003));
    }
    check(state, body)?;
    let nonce = body["nonce"].as_str().map(str::to_owned);
    let is_enforced = body["enforce_nonce"] == true && nonce.is_some();
    let known =
        |message: &&Message| message.channel == channel && message.nonce == nonce && now.seconds_since(message.made_at) <= NONCE_LIFE_S;
    if is_enforced && let Some(known) = state.messages.iter().find(known) {
        return Ok(known.json());
    }
    let message = Message {
        channel,
        id: state.next(),
        content: body["content"].as_str().unwrap_or_default().to_owned(),
        embeds: body["embeds"].clone(),
        components: body["components"].clone(),
        notified: notified(body),
        edits: 0,
        nonce,
        made_at: now,
    };
    let answer = message.json();
    state.messages.push(message);
    Ok(answer)
}

/// What is left out of an edit stays as it is.
pub fn edit(state: &mut State, channel: u64, id: u64, body: &Value) -> Answer {
    check(state, body)?;
    let message = state.messages.iter_mut().find(|message| message.channel == channel && message.id == id);
    let message = message.ok_or_else(|| refused(404, 10_008))?;
    if let Some(content) = body["content"].as_str() {
        content.clone_into(&mut message.content);
    }
    for (field, name) in [(&mut message.embeds, "embeds"), (&mut message.components, "components")] {
        if !body[name].is_null() {
            *field = body[name].clone();
        }
    }
    message.edits += 1;
    Ok(message.json())
}

pub fn begin_thread(state: &mut State, id: u64, body: &Value) -> Answer {
    if state.message(id).is_none() {
        return Err(refused(404, 10_008));
    }
    let name = body["name"].as_str().unwrap_or_default().chars().count();
    if !(1..=100).contains(&name) {
        return Err(Refused { status: 400, code: 50_035, faults: vec![format!("name: {name} characters")] });
    }
    if !state.threads.insert(id) {
        return Err(refused(400, 160_004));
    }
    Ok(json!({ "id": id.to_string() }))
}

pub fn open_direct(state: &mut State, body: &Value) -> Answer {
    let user = body["recipient_id"].as_str().unwrap_or_default().to_owned();
    Ok(json!({ "id": state.direct(&user).to_string() }))
}

pub fn follow_up(state: &mut State, application: u64, token: &str, body: &Value) -> Answer {
    let user = state.tokens.get(token).filter(|_| application == APPLICATION).cloned().ok_or_else(|| refused(404, 10_015))?;
    check(state, body)?;
    let text = body["content"].as_str().unwrap_or_default().to_owned();
    match body["flags"].as_u64() {
        Some(64) => state.whispers.push(Whisper { user, text }),
        _ => state.lines.push(text),
    }
    Ok(json!({ "id": state.next().to_string() }))
}

fn check(state: &mut State, body: &Value) -> Result<(), Refused> {
    if body["allowed_mentions"].is_null() {
        state.unexpected.push(format!("mentions are left to Discord's defaults: {body}"));
    }
    let faults = rules::faults(body);
    if faults.is_empty() { Ok(()) } else { Err(Refused { status: 400, code: 50_035, faults }) }
}

/// The users that a message mentions, and may.
fn notified(body: &Value) -> Vec<String> {
    let content = body["content"].as_str().unwrap_or_default();
    let allowed = body["allowed_mentions"]["users"].as_array().cloned().unwrap_or_default();
    let allowed = allowed.iter().filter_map(|user| user.as_str().map(str::to_owned).or_else(|| user.as_u64().map(|id| id.to_string())));
    allowed.filter(|user| content.contains(&format!("<@{user}>"))).collect()
}
