//! The methods of the Web API that we call, each with the errors that Slack gives for them.

use super::blocks;
use super::state::{Message, State, View, Whisper};
use super::views;
use engine::Timestamp;
use serde_json::{Value, json};

/// The app's own user.
const US: &str = "U000000001";
/// Seconds that a trigger lives.
const TRIGGER_LIFE_S: u64 = 3;
/// Characters of `text`: posting takes more than editing.
const POST_TEXT_MAX: usize = 40_000;
const UPDATE_TEXT_MAX: usize = 4_000;

/// `{"ok": false}`: a code, and for layouts the places that are wrong.
pub struct Refused {
    pub code: &'static str,
    pub messages: Vec<String>,
}

impl From<&'static str> for Refused {
    fn from(code: &'static str) -> Self {
        Self { code, messages: Vec::new() }
    }
}

pub type Answer = Result<Value, Refused>;

/// `None` for a method that Slack, as far as we know it, does not have.
pub fn answer(state: &mut State, method: &str, body: &Value, now: Timestamp) -> Option<Answer> {
    Some(match method {
        "chat.postMessage" => post(state, body, now),
        "chat.update" => update(state, body),
        "chat.postEphemeral" => whisper(state, body, now),
        "conversations.open" => converse(state, body),
        "views.open" => open_view(state, body, now),
        "auth.test" => Ok(json!({ "user": "countersign", "user_id": US, "team": "Example", "team_id": "T000000001" })),
        "conversations.history" => history(state, body),
        "conversations.replies" => replies(state, body),
        _ => return None,
    })
}

fn post(state: &mut State, body: &Value, now: Timestamp) -> Answer {
    let channel = state.channel(text(body, "channel")).ok_or("channel_not_found")?;
    let content = content(body, POST_TEXT_MAX)?;
    let thread = body["thread_ts"].as_str().map(str::to_owned);
    if thread.as_ref().is_some_and(|ts| state.message(&channel, ts).is_none()) {
        return Err("cannot_reply_to_message".into());
    }
    let ts = state.new_ts(now);
    let (text, blocks) = content;
    let (user, metadata) = (US.to_owned(), body["metadata"].clone());
    state.messages.push(Message { channel: channel.clone(), ts: ts.clone(), thread, text, blocks, user, metadata, edits: 0 });
    Ok(json!({ "channel": channel, "ts": ts }))
}

/// An edit takes the channel's id only, and one without blocks removes those that are there.
fn update(state: &mut State, body: &Value) -> Answer {
    let channel = text(body, "channel");
    if state.channel(channel).as_deref() != Some(channel) {
        return Err("channel_not_found".into());
    }
    let (text_shown, blocks) = content(body, UPDATE_TEXT_MAX)?;
    let message = state.message_mut(channel, text(body, "ts")).ok_or("message_not_found")?;
    (message.text, message.blocks) = (text_shown, blocks);
    if !body["metadata"].is_null() {
        message.metadata = body["metadata"].clone();
    }
    message.edits += 1;
    Ok(json!({ "channel": message.channel, "ts": message.ts, "text": message.text }))
}

fn whisper(state: &mut State, body: &Value, now: Timestamp) -> Answer {
    state.channel(text(body, "channel")).ok_or("channel_not_found")?;
    let (text_shown, _) = content(body, POST_TEXT_MAX)?;
    let user = text(body, "user");
    if user.is_empty() {
        return Err("user_not_in_channel".into());
    }
    state.whispers.push(Whisper { user: user.to_owned(), text: text_shown });
    Ok(json!({ "message_ts": state.new_ts(now) }))
}

fn converse(state: &mut State, body: &Value) -> Answer {
    let user = text(body, "users");
    if !user.starts_with(['U', 'W']) {
        return Err("user_not_found".into());
    }
    Ok(json!({ "channel": { "id": state.direct(user) } }))
}

/// What stands in no thread, the newest first.
fn history(state: &State, body: &Value) -> Answer {
    let channel = readable(state, body)?;
    let found = state.messages.iter().rev().filter(|message| message.channel == channel && message.thread.is_none());
    page(found.collect(), body)
}

/// The message that a thread begins at, and then its lines, the oldest first.
fn replies(state: &State, body: &Value) -> Answer {
    let (channel, ts) = (readable(state, body)?, text(body, "ts"));
    let first = state.message(channel, ts).ok_or("thread_not_found")?;
    page(std::iter::once(first).chain(state.thread(ts)).collect(), body)
}

/// Only by its id, and only with the scope for it.
fn readable<'a>(state: &State, body: &'a Value) -> Result<&'a str, Refused> {
    if state.may_not_read {
        return Err("missing_scope".into());
    }
    let channel = text(body, "channel");
    if state.channel(channel).as_deref() == Some(channel) { Ok(channel) } else { Err("channel_not_found".into()) }
}

/// So many messages after `oldest`, and where the next ones begin.
fn page(found: Vec<&Message>, body: &Value) -> Answer {
    let number = |field: &str| text(body, field).parse::<f64>().unwrap_or_default();
    let all: Vec<&Message> = found.into_iter().filter(|message| message.ts.parse::<f64>().unwrap_or_default() > number("oldest")).collect();
    let (begin, limit) = (number("cursor") as usize, number("limit") as usize);
    let with_metadata = text(body, "include_all_metadata") == "true";
    let shown = |message: &&Message| {
        let mut shown = json!({ "type": "message", "user": message.user, "ts": message.ts, "text": message.text });
        if with_metadata && !message.metadata.is_null() {
            shown["metadata"] = message.metadata.clone();
        }
        shown
    };
    let messages: Vec<Value> = all.iter().skip(begin).take(limit).map(shown).collect();
    let end = begin + messages.len();
    let next = if end < all.len() { end.to_string() } else { String::new() };
    Ok(json!({ "messages": messages, "has_more": !next.is_empty(), "response_metadata": { "next_cursor": next } }))
}

fn open_view(state: &mut State, body: &Value, now: Timestamp) -> Answer {
    let id = text(body, "trigger_id").to_owned();
    let trigger = state.triggers.get_mut(&id).ok_or("invalid_trigger_id")?;
    if trigger.is_used {
        return Err("exchanged_trigger_id".into());
    }
    if trigger.is_expired || now.seconds_since(trigger.made_at) > TRIGGER_LIFE_S {
        return Err("expired_trigger_id".into());
    }
    let faults = views::faults(&body["view"]);
    if !faults.is_empty() {
        return Err(Refused { code: "invalid_arguments", messages: faults });
    }
    trigger.is_used = true;
    let user = trigger.user.clone();
    let view = View { id: format!("V{:09}", state.next()), user, trigger: id, content: body["view"].clone() };
    state.views.push(view.clone());
    Ok(json!({ "view": { "id": view.id } }))
}

/// Text and blocks of a message, which must not both be missing.
fn content(body: &Value, text_max: usize) -> Result<(String, Value), Refused> {
    let (text, blocks) = (text(body, "text").to_owned(), body["blocks"].clone());
    if text.is_empty() && blocks.is_null() {
        return Err("no_text".into());
    }
    if text.chars().count() > text_max {
        return Err("msg_too_long".into());
    }
    let faults = blocks::faults(&blocks, blocks::MESSAGE_BLOCKS);
    if faults.is_empty() { Ok((text, blocks)) } else { Err(Refused { code: "invalid_blocks", messages: faults }) }
}

fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field].as_str().unwrap_or_default()
}
