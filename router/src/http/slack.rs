//! `POST /slack/events`: everything that Slack sends, on one address.

use super::document::operation::{Content, Operation};
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::app::chat::FormAnswer;
use crate::app::command::Answer;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bot::slack::{decode, form_errors, said, verify};
use bot::{Audience, Command, Inbound, Press, Secret, Submit};
use templates::Rich;

/// The platform's name among those of the process.
const SLACK: &str = "slack";

pub fn documented() -> Operation {
    Operation::post("/slack/events", "Events, interactivity and slash commands, signed by Slack")
        .signed()
        .takes(Content::Foreign("application/x-www-form-urlencoded"))
        .answers(200, "Taken; a form may be answered with what to mend", Content::Foreign("application/json"))
        .problems(&[Kind::NotFound])
}

pub async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response, Problem> {
    let settings = app.settings.slack.as_ref().ok_or_else(|| Problem::new(Kind::NotFound, "Slack is not configured here."))?;
    let secrets: Vec<Secret> = settings.signing_secret.iter().map(|secret| Secret::new(secret.expose())).collect();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    verify(&secrets, header("X-Slack-Request-Timestamp"), header("X-Slack-Signature"), &body, app.clock.now())
        .map_err(|forged| Problem::new(Kind::BadSignature, format!("{forged}.")))?;
    let inbound = decode(header("Content-Type"), &body).map_err(|error| Problem::new(Kind::Malformed, format!("{error}.")))?;
    Ok(match inbound {
        Inbound::Challenge(text) => text.into_response(),
        Inbound::Press(press) => {
            tokio::spawn(pressed(app, press));
            StatusCode::OK.into_response()
        }
        Inbound::Submit(submit) => submitted(app, submit).await,
        Inbound::Command(command) => {
            let ours = settings.command.clone();
            commanded(app, &ours, command).await
        }
        Inbound::Closed | Inbound::Ignored => StatusCode::OK.into_response(),
    })
}

/// After the acknowledgement: Slack waits three seconds for that, and for nothing else.
async fn pressed(app: App, press: Press) {
    let Some(platform) = app.platform(SLACK) else { return };
    let reaction = app.react_in_time(SLACK, press.clone()).await;
    app.carry_out(platform, &press, reaction).await;
}

/// A form closes without a word, so its sentence follows beside it.
async fn submitted(app: App, submit: Submit) -> Response {
    let (reply, target) = (submit.reply.clone(), submit.target);
    match app.submitted(SLACK, submit).await {
        FormAnswer::Keep(kept) => Json(form_errors(&kept.sentence, &kept.faults)).into_response(),
        FormAnswer::Told(sentence) => {
            tokio::spawn(async move { app.whisper_near_card(SLACK, reply, target, &sentence).await });
            StatusCode::OK.into_response()
        }
    }
}

/// A command is answered in the response; its line for the channel and its form are calls of their own.
async fn commanded(app: App, ours: &str, command: Command) -> Response {
    if command.command != ours {
        let words = format!("{} is not ours. Type {ours} help.", command.command);
        return Json(said(&Rich::from(words), Audience::Asker)).into_response();
    }
    match app.command_in_time(SLACK, command.clone()).await {
        Answer::Form(form) => {
            tokio::spawn(async move { app.open_typed(SLACK, &command, form).await });
            StatusCode::OK.into_response()
        }
        Answer::Said { private, line } => {
            if let Some(line) = line {
                tokio::spawn(async move { app.tell_everybody(SLACK, &command.reply, &line).await });
            }
            Json(said(&private, Audience::Asker)).into_response()
        }
    }
}
