//! `/sign-in`: in the demo a person is chosen; elsewhere a token with `changes:read` is shown and lets its holder look.

use super::auth::{known, may};
use super::page::{chrome, failed, page, said};
use super::problem::Problem;
use super::sandbox::is_from_here;
use super::session::{clear_cookie, set_cookie};
use crate::app::{App, Failure};
use crate::sandbox::Sandbox;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use engine::directory::Directory;
use engine::ids::PersonId;
use serde::Deserialize;
use templates::html::{PersonChoice, SignInPage, TokenPage, sign_in_page, token_page};

#[derive(Debug, Default, Deserialize)]
pub struct Then {
    #[serde(default)]
    then: String,
}

#[derive(Debug, Deserialize)]
pub struct Entry {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    then: String,
}

pub async fn show(State(app): State<App>, headers: HeaderMap, Query(query): Query<Then>) -> Response {
    let then = local(&query.then);
    let Some(sandbox) = &app.sandbox else {
        return page(token_page(&TokenPage { chrome: chrome(&app), action: "/sign-in", then, problem: None }));
    };
    if !is_from_here(&app, &headers) {
        return said(&app, StatusCode::FORBIDDEN, "The sandbox is for this machine only", "Open it by the link that the demo printed.");
    }
    match app.laws.directory_now(&app.store).await {
        Ok(directory) => people(&app, sandbox, &directory, then),
        Err(failure) => failed(&app, &failure),
    }
}

fn people(app: &App, sandbox: &Sandbox, directory: &Directory, then: &str) -> Response {
    let choice = |person: &'_ engine::directory::Person| (person.id.to_string(), person.name.clone(), groups(directory, &person.id));
    let people: Vec<(String, String, String)> = directory.people().map(choice).collect();
    let people: Vec<PersonChoice<'_>> = people.iter().map(|(id, name, note)| PersonChoice { id, name, note, chosen: None }).collect();
    let csrf = sandbox.csrf("");
    page(sign_in_page(&SignInPage { chrome: chrome(app), people: &people, action: "/sign-in", csrf: &csrf, then, problem: None }))
}

fn groups(directory: &Directory, person: &PersonId) -> String {
    let names: Vec<&str> = directory.groups_of(person).map(|group| group.group.as_str()).collect();
    names.join(", ")
}

pub async fn enter(State(app): State<App>, headers: HeaderMap, Form(entry): Form<Entry>) -> Response {
    let cookie = match &app.sandbox {
        Some(sandbox) => sandbox_cookie(&app, sandbox, &headers, &entry).await,
        None => token_cookie(&app, &entry.token).await,
    };
    match cookie {
        Ok(Some(value)) => go(local(&entry.then), set_cookie(&app, &value)),
        Ok(None) if app.sandbox.is_none() => {
            let problem = Some("This token is not known, was revoked, or does not have the scope changes:read.");
            page(token_page(&TokenPage { chrome: chrome(&app), action: "/sign-in", then: local(&entry.then), problem }))
        }
        Ok(None) => said(&app, StatusCode::FORBIDDEN, "This form is not valid any more", "Open the sign-in page again."),
        Err(failure) => failed(&app, &failure),
    }
}

async fn sandbox_cookie(app: &App, sandbox: &Sandbox, headers: &HeaderMap, entry: &Entry) -> Result<Option<String>, Failure> {
    if !is_from_here(app, headers) || !sandbox.is_csrf("", &entry.csrf) {
        return Ok(None);
    }
    let directory = app.laws.directory_now(&app.store).await?;
    let person = directory.person(&PersonId::from(entry.person.as_str()));
    Ok(person.map(|person| sandbox.sign(&person.id)))
}

/// The token itself is the session, so that revoking it ends every session at once. It only lets its holder look.
async fn token_cookie(app: &App, token: &str) -> Result<Option<String>, Failure> {
    let token = token.trim();
    let found = known(app, token).await?.filter(|found| may(&found.scopes, "changes:read"));
    Ok(found.map(|_| token.to_owned()))
}

pub async fn leave(State(app): State<App>) -> Response {
    go("/sign-in", clear_cookie(&app))
}

fn go(to: &str, cookie: Option<axum::http::HeaderValue>) -> Response {
    let mut response = Redirect::to(to).into_response();
    let Some(cookie) = cookie else {
        return Problem::from(Failure::Unreadable {
            what: "a cookie".to_owned(),
            why: "it has characters that a header can't carry".to_owned(),
        })
        .into_response();
    };
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// Only to a page of ours: `//elsewhere` and `\` lead out.
fn local(then: &str) -> &str {
    let is_ours = then.starts_with('/') && !then.starts_with("//") && !then.contains(['\\', '\r', '\n']);
    if is_ours { then } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn the_way_back_never_leads_out() {
        for (then, to) in
            [("/changes/CHG-1", "/changes/CHG-1"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"), ("", "/")]
        {
            assert_eq!(local(then), to);
        }
    }
}
