//! Somebody at the console, with a browser that sends what pages hold and nothing else.

use super::World;
use super::hooks::Answer;
use reqwest::header::{COOKIE, HOST, ORIGIN};
use std::time::Duration;
use tokio::time::timeout;

/// A push that was announced on this node arrives in a moment; this is for a machine that is busy.
const A_MOMENT: Duration = Duration::from_secs(20);

pub struct Visitor<'w> {
    world: &'w World,
    cookie: String,
}

impl World {
    /// Signs in as one of the sandbox's people.
    pub async fn visitor(&self, person: &str) -> Visitor<'_> {
        self.enters(&[("person", person), ("then", "/")]).await
    }

    /// Signs in with a token.
    pub async fn signs_in(&self, token: &str) -> Visitor<'_> {
        self.enters(&[("token", token), ("then", "/")]).await
    }

    async fn enters(&self, form: &[(&str, &str)]) -> Visitor<'_> {
        let answer = self.sends_form("/sign-in", "", &self.origin(), form).await;
        let cookie = cookies(&answer).into_iter().find(|cookie| cookie.starts_with("countersign_session="));
        Visitor { world: self, cookie: cookie.unwrap_or_else(|| panic!("nobody was signed in: {answer:?}")) }
    }

    /// Where our own pages come from.
    pub fn origin(&self) -> String {
        self.node().base.as_str().trim_end_matches('/').to_owned()
    }

    pub async fn sends_form(&self, path: &str, cookie: &str, origin: &str, form: &[(&str, &str)]) -> Answer {
        self.sends_form_with(path, cookie, &[(ORIGIN.as_str(), origin)], form).await
    }

    /// As `sends_form`, with the headers that a browser adds by itself.
    pub async fn sends_form_with(&self, path: &str, cookie: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Answer {
        let request = self.http.post(self.node().url(path)).header(COOKIE, cookie).form(form);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
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

impl<'w> Visitor<'w> {
    pub async fn reads(&self, path: &str) -> Answer {
        self.world.reads_with(path, &self.cookie).await
    }

    /// Votes by the form on the page; what the page says then.
    pub async fn votes(&self, number: &str, deed: &str, why: &str) -> String {
        self.does(number, &[("deed", deed), ("rationale", why)]).await
    }

    /// Sends a form of the page with this filled in; what the page says then.
    pub async fn does(&self, number: &str, filled: &[(&str, &str)]) -> String {
        let answer = self.sends(number, filled).await;
        self.world.settle().await;
        self.hears(answer).await
    }

    /// As `does`, as it is answered at once.
    pub async fn sends(&self, number: &str, filled: &[(&str, &str)]) -> Answer {
        let form = self.form(number).await;
        self.sends_again(number, &form, filled).await
    }

    /// What a form of the page holds by itself.
    pub async fn form(&self, number: &str) -> Vec<(String, String)> {
        let page = self.reads(&format!("/changes/{number}")).await;
        let hidden =
            |name: &str| (name.to_owned(), field(&page.text, name).unwrap_or_else(|| panic!("no form with {name}: {}", page.text)));
        ["csrf", "interaction", "round", "digest"].map(hidden).into()
    }

    pub async fn sends_again(&self, number: &str, form: &[(String, String)], filled: &[(&str, &str)]) -> Answer {
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(filled.iter().copied()).collect();
        self.posts(&format!("/changes/{number}"), &form).await
    }

    pub async fn posts(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.world.sends_form(path, &self.cookie, &self.world.origin(), form).await
    }

    /// The remark on the page that a form led to.
    pub async fn hears(&self, answer: Answer) -> String {
        let page = match answer.status {
            303 => {
                let cookie = [vec![self.cookie.clone()], cookies(&answer)].concat().join("; ");
                self.world.reads_with(answer.header("location"), &cookie).await
            }
            _ => answer,
        };
        message(&page.text).unwrap_or_else(|| panic!("the page does not say what came of it: {page:?}"))
    }

    /// Begins to listen for what moves on a page that shows `seen`.
    pub async fn listens(&self, path: &str, seen: &str) -> Listening {
        let url = self.world.node().url(&format!("{path}?seen={seen}"));
        let response = self.world.http.get(url).header(COOKIE, &self.cookie).send().await.unwrap();
        let mut listening = Listening { response, heard: String::new() };
        listening.until("listening").await;
        listening
    }

    pub fn cookie(&self) -> &str {
        &self.cookie
    }
}

/// A page that is kept current.
pub struct Listening {
    response: reqwest::Response,
    heard: String,
}

impl Listening {
    /// Until the stream has said this; what it said in all.
    pub async fn until(&mut self, words: &str) -> &str {
        while !self.heard.contains(words) {
            let chunk = timeout(A_MOMENT, self.response.chunk()).await.unwrap_or_else(|_| panic!("only heard {:?}", self.heard)).unwrap();
            self.heard += std::str::from_utf8(&chunk.unwrap_or_else(|| panic!("it ended after {:?}", self.heard))).unwrap();
        }
        &self.heard
    }

    /// Until it ends; what it said in all.
    pub async fn to_the_end(mut self) -> String {
        while let Some(chunk) = timeout(A_MOMENT, self.response.chunk()).await.expect("it ends").unwrap() {
            self.heard += std::str::from_utf8(&chunk).unwrap();
        }
        self.heard
    }
}

/// Name and value of each cookie that was set.
pub fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").into_iter().filter_map(|value| value.to_str().ok());
    all.filter_map(|value| value.split(';').next()).map(str::to_owned).collect()
}

/// The value of a hidden field.
pub fn field(page: &str, name: &str) -> Option<String> {
    let mut tags = page.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")));
    tags.next_back()?.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// What the buttons of the page's forms send.
pub fn deeds(page: &str) -> Vec<String> {
    let buttons = page.split('<').filter(|tag| tag.starts_with("button") && tag.contains("name=\"deed\""));
    buttons.filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)).collect()
}

/// Everywhere that a page leads on this host, by links.
pub fn links(page: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|link| link.starts_with('/') && !link.starts_with("//")).map(|link| link.replace("&amp;", "&")).collect()
}

/// A page's text without its tags.
pub fn words(page: &str) -> String {
    let text: String = page.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| format!("{text} ")).collect();
    let plain = text.replace("&#x27;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The remark on top of a page, or above its form.
fn message(page: &str) -> Option<String> {
    let begin = ["good", "bad"].iter().find_map(|tone| page.find(&format!("class=\"message tone-{tone}\"")))?;
    let text = page.get(begin..)?.split('>').nth(1)?.split('<').next()?;
    Some(words(&format!("<p>{text}")))
}
