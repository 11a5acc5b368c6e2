//! `POST /discord/interactions`: everything that Discord sends. Each is answered in the response; there is no second try.

use super::document::operation::{Content, Operation};
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::chat::FormAnswer;
use crate::app::command::Answer;
use crate::app::reaction::Reaction;
use crate::settings::Discord;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bot::discord::{Received, Written, choices_reply, decode, details_reply, kept_reply, modal_reply, pong, said_reply, whisper_reply};
use bot::{Audience, Command, Inbound, Submit};
use engine::fields::label;
use engine::ids::InteractionId;
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
        Received::Typing(typing) => Json(choices_reply(&app.offers(DISCORD, &typing).await)).into_response(),
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
            let opened_by = opened_by(&press.interaction);
            Some(shown(&app.react_in_time(DISCORD, press).await, &opened_by))
        }
        Inbound::Command(command) => Some(commanded(app, command).await),
        Inbound::Submit(submit) => Some(submitted(app, submit).await),
        Inbound::Challenge(_) | Inbound::Closed | Inbound::Ignored => None,
    }
}

/// What a modal knows of the press or command that opened it.
fn opened_by(interaction: &InteractionId) -> String {
    interaction.as_str().rsplit('/').next().unwrap_or_default().to_owned()
}

/// There is one response: where others are to read what was done, it is the line for all of them.
async fn commanded(app: &App, command: Command) -> Value {
    let opened_by = opened_by(&command.interaction);
    match app.command_in_time(DISCORD, command).await {
        Answer::Form(form) => modal_reply(&form, &opened_by),
        Answer::Said { line: Some(line), .. } => said_reply(&line, Audience::Everybody),
        Answer::Said { private, line: None } => said_reply(&private, Audience::Asker),
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
    let (rationale, fields) = (submit.rationale.clone(), submit.fields.clone());
    match app.submitted(DISCORD, submit).await {
        FormAnswer::Told(sentence) => whisper_reply(&sentence),
        FormAnswer::Keep(kept) => {
            let answers = fields.iter().map(|(name, text)| Written { label: label(name), text });
            let written: Vec<Written<'_>> = answers.chain([Written { label: "your reason".to_owned(), text: &rationale }]).collect();
            kept_reply(&kept.sentence, &written)
        }
    }
}
