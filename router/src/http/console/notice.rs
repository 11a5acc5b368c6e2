//! The sentence after a form: it goes with the redirect in a cookie, is shown once, and is gone.

use super::session::{cookie, set};
use crate::app::{App, Failure};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const COOKIE: &str = "countersign_notice";
/// Long enough to follow a redirect, in seconds.
const LIFE_S: u64 = 60;
/// Characters; cookies are small.
const LENGTH_MAX: usize = 600;

/// To a page that shows this sentence.
pub fn go(app: &App, to: &str, sentence: &str) -> Result<Response, Failure> {
    let short: String = sentence.chars().take(LENGTH_MAX).collect();
    let cookie = set(app, COOKIE, &URL_SAFE_NO_PAD.encode(short), LIFE_S)?;
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// What the form before this page came to.
pub fn read(headers: &HeaderMap) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cookie(headers, COOKIE)?).ok()?;
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

/// The page with the sentence on it takes the cookie away.
pub fn shown(app: &App, headers: &HeaderMap, mut response: Response) -> Response {
    if cookie(headers, COOKIE).is_some()
        && let Ok(gone) = set(app, COOKIE, "", 0)
    {
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}
