//! Somebody at the console, with a browser that sends what pages hold and nothing else.

use super::World;
use super::hooks::Answer;
use reqwest::header::{COOKIE, HOST, ORIGIN, SET_COOKIE};

pub struct Visitor<'w> {
    world: &'w World,
    cookie: String,
}

impl World {
    /// Signs in as one of the sandbox's people.
    pub async fn visitor(&self, person: &str) -> Visitor<'_> {
        let page = self.gets("/sign-in").await;
        let csrf = field(&page.text, "csrf").expect("the sign-in page has a form");
        let form = [("csrf", csrf.as_str()), ("person", person), ("then", "/")];
        let answer = self.sends_form("/sign-in", "", &self.origin(), &form).await;
        let cookie = answer.headers.get(SET_COOKIE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
        Visitor { world: self, cookie: cookie.expect("a session").to_owned() }
    }

    /// Where our own pages come from.
    pub fn origin(&self) -> String {
        self.node().base.as_str().trim_end_matches('/').to_owned()
    }

    pub async fn sends_form(&self, path: &str, cookie: &str, origin: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(self.node().url(path)).header(ORIGIN, origin).header(COOKIE, cookie).form(form);
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn reads_with(&self, path: &str, cookie: &str) -> Answer {
        Answer::of(self.http.get(self.node().url(path)).header(COOKIE, cookie).send().await.unwrap()).await
    }

    /// As a browser whose name server was lied to.
    pub async fn gets_as_host(&self, path: &str, host: &str) -> Answer {
        Answer::of(self.http.get(self.node().url(path)).header(HOST, host).send().await.unwrap()).await
    }
}

impl Visitor<'_> {
    pub async fn reads(&self, path: &str) -> Answer {
        self.world.reads_with(path, &self.cookie).await
    }

    /// Votes by the form on the page; what the page says then.
    pub async fn votes(&self, number: &str, choice: &str, why: &str) -> String {
        let page = self.reads(&format!("/changes/{number}")).await;
        let csrf = field(&page.text, "csrf").expect("the page has a form");
        let round = field(&page.text, "round").expect("the page has a form to vote with");
        let form = [("csrf", csrf.as_str()), ("round", round.as_str()), ("choice", choice), ("rationale", why)];
        let answer = self.world.sends_form(&format!("/changes/{number}/vote"), &self.cookie, &self.world.origin(), &form).await;
        self.world.settle().await;
        message(&answer.text).unwrap_or_else(|| panic!("the page does not say what came of it: {answer:?}"))
    }

    pub fn cookie(&self) -> &str {
        &self.cookie
    }
}

/// The value of a hidden field.
pub fn field(page: &str, name: &str) -> Option<String> {
    let mut tags = page.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")));
    tags.next_back()?.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// Everywhere that a page leads on this host, by links.
pub fn links(page: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|link| link.starts_with('/') && !link.starts_with("//")).map(|link| link.replace("&amp;", "&")).collect()
}

/// A page's text without its tags.
pub fn words(page: &str) -> String {
    let text: String = page.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| format!("{text} ")).collect();
    let plain = text.replace("&#x27;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The remark on top of a page, or below its form.
fn message(page: &str) -> Option<String> {
    let begin = page.find("role=\"status\"").or_else(|| page.find("role=\"alert\""))?;
    let text = page.get(begin..)?.split('>').nth(1)?.split('<').next()?;
    Some(words(&format!("<p>{text}")))
}
