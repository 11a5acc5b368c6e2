//! Why a page is not shown: an answer of its own, which ends the handler.

use crate::app::{App, Failure};
use crate::http::page::{failed, said};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

/// Boxed, because an answer is large and rarely this one.
pub struct Halt(Box<Response>);

impl Halt {
    pub fn with(response: Response) -> Self {
        Self(Box::new(response))
    }

    /// First one has to sign in; `then` is the page to come back to.
    pub fn sign_in(then: &str) -> Self {
        let to = if then == "/" { "/sign-in".to_owned() } else { format!("/sign-in?then={then}") };
        Self::with(Redirect::to(&to).into_response())
    }

    pub fn failed(app: &App, failure: &Failure) -> Self {
        Self::with(failed(app, failure))
    }

    /// The form was not rendered for this session, or does not come from a page of ours.
    pub fn foreign(app: &App) -> Self {
        let detail = format!("Nothing was recorded. Open {} again, sign in, and send it once more.", app.settings.server.web());
        Self::with(said(app, StatusCode::FORBIDDEN, "This form is not valid here", &detail))
    }

    pub fn unknown_change(app: &App) -> Self {
        let detail = "Use its number, like CHG-1042, or look at the list.";
        Self::with(said(app, StatusCode::NOT_FOUND, "There is no such change", detail))
    }

    pub fn forbidden(app: &App, detail: &str) -> Self {
        Self::with(said(app, StatusCode::FORBIDDEN, "That is not for this session", detail))
    }
}

impl IntoResponse for Halt {
    fn into_response(self) -> Response {
        *self.0
    }
}
