//! `POST /discord/interactions`: everything that Discord sends. Each is answered in the response; there is no second try.

use super::document::operation::{Content, Operation};
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::chat::FormAnswer;
use crate::app::reaction::Reaction;
use crate::settings::Discord;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bot::discord::{Received, decode, details_reply, modal_reply, no_choices, pong, whisper_reply};
use bot::{Inbound, Submit};
use serde_json::Value;

/// The platform's name among those of the process.
const DISCORD: &str = "discord";

pub fn documented() -> Operation {
    Operation::post("/discord/interactions", "Interactions, signed by Discord")
        .signed()
        .takes(Content::Foreign("application/json"))
        .answers(200, "The answer, as Discord shows it", Content::Foreign("application/json"))
        .answers(202, "Nothing of ours", Content::Nothing)
        .problems(&[Kind::NotFound])
}

pub async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let settings = app.settings.discord.as_ref().ok_or_else(|| Problem::new(Kind::NotFound, "Discord is not configured here."))?;
    verify(&app, settings, &headers, &body)?;
    let received = decode(settings.application_id, &body).map_err(|error| Problem::new(Kind::Malformed, format!("{error}.")))?;
    Ok(match received {
        Received::Ping => Json(pong()).into_response(),
        Received::Autocomplete(_) => Json(no_choices()).into_response(),
        Received::Inbound(inbound) => match answer(&app, inbound).await {
            Some(answer) => Json(answer).into_response(),
            // Nothing of ours; Discord tells the person that the interaction failed.
            None => StatusCode::ACCEPTED.into_response(),
        },
    })
}

/// On the raw bytes, before anything is read from them.
fn verify(app: &App, settings: &Discord, headers: &HeaderMap, body: &[u8]) -> Result<(), Problem> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (time, signature) = (header("X-Signature-Timestamp"), header("X-Signature-Ed25519"));
    let verified = settings.public_key.verify(time, signature, body, app.clock.now());
    verified.map_err(|forged| Problem::new(Kind::BadSignature, format!("{forged}.")))
}

async fn answer(app: &App, inbound: Inbound) -> Option<Value> {
    match inbound {
        Inbound::Press(press) => {
            let opened_by = press.interaction.as_str().rsplit('/').next().unwrap_or_default().to_owned();
            Some(shown(&app.react_in_time(DISCORD, press).await, &opened_by))
        }
        Inbound::Command(command) => Some(shown(&app.commanded(&command).await, "")),
        Inbound::Submit(submit) => Some(submitted(app, submit).await),
        Inbound::Challenge(_) | Inbound::Closed | Inbound::Ignored => None,
    }
}

fn shown(reaction: &Reaction, opened_by: &str) -> Value {
    match reaction {
        Reaction::Form(form) => modal_reply(form, opened_by),
        Reaction::Details(details) => details_reply(details),
        Reaction::Whisper(sentence) => whisper_reply(sentence),
    }
}

/// A modal can't stay open, so what somebody wrote in vain is given back to them.
async fn submitted(app: &App, submit: Submit) -> Value {
    let written = submit.rationale.clone();
    match app.submitted(DISCORD, submit).await {
        FormAnswer::Told(sentence) => whisper_reply(&sentence),
        FormAnswer::Keep(sentence) if written.trim().is_empty() => whisper_reply(&sentence),
        FormAnswer::Keep(sentence) => whisper_reply(&format!("You wrote: “{written}”. {sentence}")),
    }
}
