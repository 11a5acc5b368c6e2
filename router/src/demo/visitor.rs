//! Somebody at the console: signs in, votes by the form on the page, reads what it says.

use super::Stage;
use anyhow::{Context, bail};
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};

pub struct Visitor<'a> {
    stage: &'a Stage,
    cookie: String,
}

impl<'a> Visitor<'a> {
    pub async fn signs_in(stage: &'a Stage, person: &str) -> anyhow::Result<Self> {
        let form = [("person", person), ("then", "/")];
        let response = stage.http.post(stage.base.join("/sign-in")?).header(ORIGIN, origin(stage)).form(&form).send().await?;
        let cookie = response.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()).and_then(|value| value.split(';').next());
        Ok(Self { stage, cookie: cookie.context("nobody was signed in")?.to_owned() })
    }

    /// The page of a change, as text.
    pub async fn reads(&self, number: &str) -> anyhow::Result<String> {
        let url = self.stage.base.join(&format!("/changes/{number}"))?;
        let response = self.stage.http.get(url).header(COOKIE, &self.cookie).send().await?;
        if !response.status().is_success() {
            bail!("the page of {number} answered {}", response.status());
        }
        Ok(response.text().await?)
    }

    /// What the page says after the form was sent.
    pub async fn votes(&self, number: &str, choice: &str, rationale: &str) -> anyhow::Result<String> {
        let page = self.reads(number).await?;
        let hidden = |name: &str| field(&page, name).with_context(|| format!("the page has no form to vote with ({name})"));
        let (csrf, interaction, round, digest) = (hidden("csrf")?, hidden("interaction")?, hidden("round")?, hidden("digest")?);
        let form = [("csrf", csrf.as_str()), ("interaction", &interaction), ("round", &round), ("digest", &digest)];
        let form: Vec<(&str, &str)> = form.into_iter().chain([("deed", choice), ("rationale", rationale)]).collect();
        let url = self.stage.base.join(&format!("/changes/{number}"))?;
        let sent =
            self.stage.http.post(url.clone()).header(COOKIE, &self.cookie).header(ORIGIN, origin(self.stage)).form(&form).send().await?;
        let notice = sent
            .headers()
            .get(SET_COOKIE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(str::to_owned);
        let page = match notice {
            Some(notice) => {
                let cookies = format!("{}; {notice}", self.cookie);
                self.stage.http.get(url).header(COOKIE, cookies).send().await?.text().await?
            }
            None => sent.text().await?,
        };
        message(&page).context("the page does not say what came of the vote")
    }
}

fn origin(stage: &Stage) -> String {
    stage.base.as_str().trim_end_matches('/').to_owned()
}

/// The value of a hidden field of the page's forms.
fn field(page: &str, name: &str) -> Option<String> {
    let mut tags = page.split('<').filter(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")));
    tags.next_back()?.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// The text of the remark on top of a page, or above its form.
fn message(page: &str) -> Option<String> {
    let begin = ["good", "bad"].iter().find_map(|tone| page.find(&format!("class=\"message tone-{tone}\"")))?;
    let text = page.get(begin..)?.split('>').nth(1)?.split('<').next()?;
    Some(text.trim().replace("&#x27;", "'").replace("&quot;", "\"").replace("&amp;", "&"))
}
