//! `/sign-in`: in the demo a person is chosen; elsewhere a token is shown and exchanged for a session.

use super::halt::Halt;
use super::origin::{is_ours, knows_host};
use super::session::{begin, end, sender};
use crate::app::{App, Failure};
use crate::http::auth::{known, may};
use crate::http::page::{chrome, failed, page, said};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use engine::directory::{Directory, Person};
use engine::ids::PersonId;
use entities::Holder;
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
    person: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    then: String,
}

#[derive(Debug, Deserialize)]
pub struct Leave {
    #[serde(default)]
    csrf: String,
}

pub async fn show(State(app): State<App>, headers: HeaderMap, Query(query): Query<Then>) -> Response {
    let then = local(&query.then);
    if app.sandbox.is_none() {
        return page(token_page(&TokenPage { chrome: chrome(&app), action: "/sign-in", then, problem: None }));
    }
    if !knows_host(&app, &headers) {
        return said(&app, StatusCode::FORBIDDEN, "The sandbox is for this machine only", "Open it by the link that the demo printed.");
    }
    match app.laws.directory_now(&app.store).await {
        Ok(directory) => people(&app, &directory, then),
        Err(failure) => failed(&app, &failure),
    }
}

fn people(app: &App, directory: &Directory, then: &str) -> Response {
    let choice = |person: &Person| (person.id.to_string(), person.name.clone(), groups(directory, &person.id));
    let people: Vec<(String, String, String)> = directory.people().map(choice).collect();
    let people: Vec<PersonChoice<'_>> = people.iter().map(|(id, name, note)| PersonChoice { id, name, note, chosen: None }).collect();
    page(sign_in_page(&SignInPage { chrome: chrome(app), people: &people, action: "/sign-in", then, problem: None }))
}

fn groups(directory: &Directory, person: &PersonId) -> String {
    let names: Vec<&str> = directory.groups_of(person).map(|group| group.group.as_str()).collect();
    names.join(", ")
}

pub async fn enter(State(app): State<App>, headers: HeaderMap, Form(entry): Form<Entry>) -> Result<Response, Halt> {
    if !is_ours(&app, &headers) {
        return Err(Halt::foreign(&app));
    }
    let entered = async {
        match holder(&app, &entry).await? {
            Some(holder) => begin(&app, holder).await.map(Some),
            None => Ok(None),
        }
    };
    match entered.await {
        Ok(Some(cookie)) => Ok(go(local(&entry.then), cookie)),
        Ok(None) => Ok(refused(&app, &entry)),
        Err(failure) => Err(Halt::failed(&app, &failure)),
    }
}

/// Whom the entry proves; in the demo nothing is proven.
async fn holder(app: &App, entry: &Entry) -> Result<Option<Holder>, Failure> {
    if app.sandbox.is_some() {
        let directory = app.laws.directory_now(&app.store).await?;
        let person = directory.person(&PersonId::from(entry.person.as_str()));
        return Ok(person.map(|person| Holder::Person(person.id.clone())));
    }
    let token = known(app, entry.token.trim()).await?.filter(|token| may(&token.scopes, "changes:read"));
    Ok(token.map(|token| Holder::Token(token.id)))
}

/// A token that is right is always let in; wrong ones are turned away at less length when there are many.
fn refused(app: &App, entry: &Entry) -> Response {
    metrics::counter!("countersign_sign_ins_refused_total").increment(1);
    if app.failed_sign_ins.failed(app.clock.now()) {
        let detail = "Too many sign-ins have failed within this minute. Wait a minute, and look at the token again.";
        return said(app, StatusCode::TOO_MANY_REQUESTS, "That was not the right token", detail);
    }
    let problem = Some("This token is not known, was revoked, or does not have the scope changes:read.");
    let then = local(&entry.then);
    let mut response = page(token_page(&TokenPage { chrome: chrome(app), action: "/sign-in", then, problem }));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

pub async fn leave(State(app): State<App>, headers: HeaderMap, Form(leave): Form<Leave>) -> Result<Response, Halt> {
    sender(&app, &headers, &leave.csrf).await?;
    let cookie = end(&app, &headers).await.map_err(|failure| Halt::failed(&app, &failure))?;
    Ok(go("/sign-in", cookie))
}

fn go(to: &str, cookie: HeaderValue) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
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
