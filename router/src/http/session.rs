//! Who is looking at the console: in the demo one of its sample people, otherwise the holder of a token.

use super::auth::{known, may};
use crate::app::{App, Failure};
use axum::http::{HeaderMap, HeaderValue, header};
use engine::ids::PersonId;

/// The session's cookie: the demo's signed name of a person, or a token.
const COOKIE: &str = "countersign_session";
/// Half a day, in seconds.
const LIFE_S: u32 = 43_200;

/// Somebody who may look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// In the demo; may also vote.
    Sandbox(PersonId),
    /// The holder of a token with `changes:read`; what they are called.
    Token(String),
}

/// `None` for nobody that is known.
pub async fn viewer(app: &App, headers: &HeaderMap) -> Result<Option<Viewer>, Failure> {
    let Some(value) = cookie(headers) else { return Ok(None) };
    if let Some(sandbox) = &app.sandbox {
        return Ok(sandbox.person(value).map(Viewer::Sandbox));
    }
    let token = known(app, value).await?.filter(|token| may(&token.scopes, "changes:read"));
    Ok(token.map(|token| Viewer::Token(token.name)))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// `value` is made of characters that a cookie may hold: base64url, digits and dots.
pub fn set_cookie(app: &App, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LIFE_S}{}", secure(app))).ok()
}

pub fn clear_cookie(app: &App) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{}", secure(app))).ok()
}

/// A browser keeps a secure cookie away from plain HTTP, which loopback is.
fn secure(app: &App) -> &'static str {
    if app.settings.server.public_url.scheme() == "https" { "; Secure" } else { "" }
}
