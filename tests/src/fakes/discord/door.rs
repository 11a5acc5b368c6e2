//! The HTTP side of the fake: the token, faults, and Discord's way of saying no.

use super::faults::Fault;
use super::methods::{self, Answer};
use super::state::State;
use super::{APPLICATION, FakeDiscord, Route};
use crate::fakes::fault::broken;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};

pub fn router(discord: FakeDiscord) -> Router {
    let api = Router::new()
        .route("/channels/{channel}/messages", post(send))
        .route("/channels/{channel}/messages/{message}", patch(edit))
        .route("/channels/{channel}/messages/{message}/threads", post(begin_thread))
        .route("/users/@me/channels", post(open_direct))
        .route("/webhooks/{application}/{token}", post(follow_up))
        .route("/applications/@me", get(ours))
        .route("/applications/{application}/commands", put(register))
        .route("/applications/{application}/guilds/{server}/commands", put(register_in));
    Router::new().nest("/api/v10", api).fallback(unknown).with_state(discord)
}

async fn send(Shared(discord): Shared<FakeDiscord>, Path(channel): Path<u64>, headers: HeaderMap, body: Bytes) -> Response {
    let now = discord.now();
    with_token(&discord, &headers, Route::Post, |state| methods::post(state, channel, &json_of(&body), now))
}

async fn edit(
    Shared(discord): Shared<FakeDiscord>,
    Path((channel, message)): Path<(u64, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    with_token(&discord, &headers, Route::Edit, |state| methods::edit(state, channel, message, &json_of(&body)))
}

async fn begin_thread(
    Shared(discord): Shared<FakeDiscord>,
    Path((_, message)): Path<(u64, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    with_token(&discord, &headers, Route::BeginThread, |state| methods::begin_thread(state, message, &json_of(&body)))
}

async fn open_direct(Shared(discord): Shared<FakeDiscord>, headers: HeaderMap, body: Bytes) -> Response {
    with_token(&discord, &headers, Route::OpenDirect, |state| methods::open_direct(state, &json_of(&body)))
}

/// The token in the path is all that it takes.
async fn follow_up(Shared(discord): Shared<FakeDiscord>, Path((application, token)): Path<(u64, String)>, body: Bytes) -> Response {
    around(&discord, Route::FollowUp, |state| methods::follow_up(state, application, &token, &json_of(&body)))
}

async fn ours(Shared(discord): Shared<FakeDiscord>, headers: HeaderMap) -> Response {
    let url = discord.state().interactions_url.clone();
    let url = Some(url).filter(|url| !url.is_empty());
    let key = discord.public_key();
    let ours = json!({ "id": APPLICATION.to_string(), "name": "countersign", "verify_key": key, "interactions_endpoint_url": url });
    refused_token(&discord, &headers).unwrap_or_else(|| Json(ours).into_response())
}

async fn register(Shared(discord): Shared<FakeDiscord>, headers: HeaderMap, body: Bytes) -> Response {
    if let Some(refused) = refused_token(&discord, &headers) {
        return refused;
    }
    let commands = json_of(&body);
    discord.state().commands.clone_from(&commands);
    Json(commands).into_response()
}

async fn register_in(
    Shared(discord): Shared<FakeDiscord>,
    Path((_, server)): Path<(u64, u64)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(refused) = refused_token(&discord, &headers) {
        return refused;
    }
    let commands = json_of(&body);
    discord.state().server_commands.insert(server, commands.clone());
    Json(commands).into_response()
}

async fn unknown(Shared(discord): Shared<FakeDiscord>, verb: Method, uri: Uri) -> StatusCode {
    discord.state().unexpected.push(format!("{verb} {uri}"));
    StatusCode::NOT_FOUND
}

fn json_of(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

fn with_token(discord: &FakeDiscord, headers: &HeaderMap, route: Route, call: impl FnOnce(&mut State) -> Answer) -> Response {
    refused_token(discord, headers).unwrap_or_else(|| around(discord, route, call))
}

/// How Discord refuses whoever has not our token.
fn refused_token(discord: &FakeDiscord, headers: &HeaderMap) -> Option<Response> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bot "));
    let refused = || said(StatusCode::UNAUTHORIZED, &json!({ "code": 0, "message": "401: Unauthorized" }));
    (given != Some(discord.shared.token.as_str())).then(refused)
}

fn around(discord: &FakeDiscord, route: Route, call: impl FnOnce(&mut State) -> Answer) -> Response {
    let mut state = discord.state();
    state.calls.push(route);
    match state.faults.next(route) {
        None => answered(call(&mut state)),
        Some(Fault::Limited(ms)) => {
            let body = json!({ "message": "You are being rate limited.", "retry_after": ms as f64 / 1_000.0, "global": false });
            said(StatusCode::TOO_MANY_REQUESTS, &body)
        }
        Some(Fault::Status(status)) => StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
        Some(Fault::Code(code)) => said(StatusCode::BAD_REQUEST, &json!({ "code": code, "message": "as the story wants it" })),
        Some(Fault::DoneButDropped) => {
            drop(answered(call(&mut state)));
            broken()
        }
    }
}

fn answered(answer: Answer) -> Response {
    match answer {
        Ok(body) => Json(body).into_response(),
        Err(refused) => {
            let status = StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST);
            said(status, &json!({ "code": refused.code, "message": "refused", "errors": refused.faults }))
        }
    }
}

fn said(status: StatusCode, body: &Value) -> Response {
    (status, Json(body.clone())).into_response()
}
