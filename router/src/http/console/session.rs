//! Who is at the console: whoever showed a token, or in the demo one of its sample people; known by a random cookie.
//!
//! The cookie is not the token, and only its hash is stored. A session ends after half a day, with its token, or when
//! its holder leaves.

use super::halt::Halt;
use super::origin::{is_ours, knows_host};
use crate::app::{App, Failure};
use crate::http::auth::may;
use crate::http::page::chrome;
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::directory::Directory;
use engine::ids::PersonId;
use entities::{Holder, NewSession, SessionRecord};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use subtle::ConstantTimeEq;
use templates::html::{Account, Chrome};

/// The session's cookie.
const COOKIE: &str = "countersign_session";
const SESSION_BYTES: usize = 32;
/// Half a day, in seconds.
const LIFE_S: u64 = 43_200;
/// What the demo's people may: everything that a person may.
const SANDBOX_SCOPE: &str = "admin";

/// Somebody who may look.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// `None` for a service, which never decides.
    pub person: Option<PersonId>,
    /// What its token is called.
    token: String,
    scopes: BTreeSet<String>,
    /// Goes into every form, and comes back with it.
    pub csrf: String,
}

impl Viewer {
    pub fn may(&self, scope: &str) -> bool {
        may(&self.scopes, scope)
    }

    /// What the bar at the top calls them.
    pub fn name(&self, directory: &Directory) -> String {
        self.person.as_ref().map_or_else(|| self.token.clone(), |person| directory.name(person).to_owned())
    }

    /// Around a page at `here`.
    pub fn chrome<'a>(&'a self, app: &App, name: &'a str, here: &'a str) -> Chrome<'a> {
        Chrome { here, account: Some(Account { name, sign_out: "/sign-out", csrf: &self.csrf }), ..chrome(app) }
    }
}

/// Who reads this page; whoever is nobody has to sign in first.
pub async fn reader(app: &App, headers: &HeaderMap, here: &str) -> Result<Viewer, Halt> {
    match viewer(app, headers).await {
        Ok(Some(viewer)) => Ok(viewer),
        Ok(None) => Err(Halt::sign_in(here)),
        Err(failure) => Err(Halt::failed(app, &failure)),
    }
}

/// Who sent this form, if it comes from a page that was rendered for their session.
pub async fn sender(app: &App, headers: &HeaderMap, csrf: &str) -> Result<Viewer, Halt> {
    if !is_ours(app, headers) {
        return Err(Halt::foreign(app));
    }
    match viewer(app, headers).await {
        Ok(Some(viewer)) if is_same(&viewer.csrf, csrf) => Ok(viewer),
        Ok(_) => Err(Halt::foreign(app)),
        Err(failure) => Err(Halt::failed(app, &failure)),
    }
}

/// `None` for nobody that is known.
pub async fn viewer(app: &App, headers: &HeaderMap) -> Result<Option<Viewer>, Failure> {
    let Some(id) = cookie(headers, COOKIE).filter(|_| knows_host(app, headers)) else { return Ok(None) };
    let viewer = match app.store.session(&hash(id), app.clock.now()).await? {
        Some(SessionRecord::Token(token)) => Viewer { person: token.person, token: token.name, scopes: token.scopes, csrf: csrf(id) },
        Some(SessionRecord::Person(person)) if app.sandbox.is_some() => {
            let scopes = BTreeSet::from([SANDBOX_SCOPE.to_owned()]);
            Viewer { person: Some(person), token: String::new(), scopes, csrf: csrf(id) }
        }
        Some(SessionRecord::Person(_)) | None => return Ok(None),
    };
    Ok(viewer.may("changes:read").then_some(viewer))
}

/// A new session; the cookie that its holder shows from now on.
pub async fn begin(app: &App, holder: Holder) -> Result<HeaderValue, Failure> {
    let id = URL_SAFE_NO_PAD.encode(rand::random::<[u8; SESSION_BYTES]>());
    let now = app.clock.now();
    app.store.begin_session(&NewSession { hash: hash(&id), holder, created_at: now, expires_at: now.plus_seconds(LIFE_S) }).await?;
    set(app, COOKIE, &id, LIFE_S)
}

/// Ends the session of this request; the cookie that takes its place.
pub async fn end(app: &App, headers: &HeaderMap) -> Result<HeaderValue, Failure> {
    if let Some(id) = cookie(headers, COOKIE) {
        app.store.end_session(&hash(id)).await?;
    }
    set(app, COOKIE, "", 0)
}

/// The value of a cookie of this request.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// `value` is made of characters that a cookie may hold, such as base64url; `life_s` 0 takes the cookie away.
pub fn set(app: &App, name: &str, value: &str, life_s: u64) -> Result<HeaderValue, Failure> {
    // A browser keeps a secure cookie away from plain HTTP, which loopback is.
    let secure = if app.settings.server.public_url.scheme() == "https" { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life_s}{secure}");
    HeaderValue::from_str(&text).map_err(|error| Failure::Unreadable { what: "a cookie".to_owned(), why: error.to_string() })
}

/// An id has 256 random bits, so a plain digest can't be searched for it.
fn hash(id: &str) -> String {
    hex::encode(Sha256::digest(id.as_bytes()))
}

/// Only who knows the session's id can make it, and the id can't be read off it.
fn csrf(id: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(id.as_bytes()) else { return String::new() };
    mac.update(b"form");
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

fn is_same(ours: &str, theirs: &str) -> bool {
    !ours.is_empty() && bool::from(ours.as_bytes().ct_eq(theirs.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_belongs_to_one_session() {
        assert!(is_same(&csrf("one"), &csrf("one")));
        assert!(!is_same(&csrf("one"), &csrf("other")) && !is_same(&csrf("one"), "") && !is_same("", ""));
        assert_ne!(hash("one"), csrf("one"));
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; countersign_session=xyz"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!((cookie(&headers, COOKIE), cookie(&headers, "b"), cookie(&headers, "c")), (Some("xyz"), Some("2"), None));
    }
}
