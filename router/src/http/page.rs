//! A rendered page with the headers that every page carries, or the page that says what went wrong.

use super::problem::Problem;
use crate::app::{App, Failure};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use templates::html::{CONTENT_SECURITY_POLICY, Chrome, ErrorPage, PageError, error_page};

/// What the console shows beside its name.
pub fn chrome(app: &App) -> Chrome<'static> {
    Chrome { badge: app.sandbox.as_ref().map(|_| "Sandbox"), ..Chrome::default() }
}

pub fn page(rendered: Result<String, PageError>) -> Response {
    match rendered {
        Ok(html) => with_headers(Html(html).into_response()),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Problem::from(Failure::Unreadable { what: "a page".to_owned(), why: error.to_string() }).into_response()
        }
    }
}

/// What happened, and what to do.
pub fn said(app: &App, status: StatusCode, title: &str, detail: &str) -> Response {
    let mut response = page(error_page(&ErrorPage { chrome: chrome(app), status: status.as_u16(), title, detail }));
    *response.status_mut() = status;
    response
}

pub fn failed(app: &App, failure: &Failure) -> Response {
    tracing::error!(%failure, "a page could not be shown");
    let status = if failure.is_passing() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    said(app, status, "This can’t be shown now", "Nothing was changed. Try again in a moment; the log says more.")
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
