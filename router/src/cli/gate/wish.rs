//! What is asked for: flags first, then a file, then what the run's variables say.

use super::authors;
use super::pipelines::Run;
use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Characters of a title, as the server takes them.
const TITLE_MAX: usize = 160;
/// Digits of a commit in a title.
const SHORT: usize = 8;

#[derive(Debug, Args)]
pub struct WishArguments {
    /// Where it goes, as the policy matches it
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,
    /// production, staging, testing, development or other
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// What is deployed, as the policy's catalogue matches it
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The commit
    #[arg(long, value_name = "SHA")]
    commit: Option<String>,
    /// The branch or tag
    #[arg(long = "ref", value_name = "NAME")]
    git_ref: Option<String>,
    /// The release's name
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// An artifact and its digest; may be given again
    #[arg(long = "artifact", value_parser = pair, value_name = "NAME=DIGEST")]
    artifacts: Vec<(String, String)>,
    /// One line that says what it is
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// A page about the run
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// normal, standard or emergency, as declared
    #[arg(long = "type", value_name = "TYPE")]
    declared: Option<String>,
    /// Who asks: a person's id, a forge account or an address
    #[arg(long, value_name = "WHO")]
    requested_by: Option<String>,
    /// Don't name who started the run beside the token's owner
    #[arg(long, conflicts_with = "requested_by")]
    no_initiator: bool,
    /// Somebody who wrote a part; may be given again
    #[arg(long = "author", value_name = "WHO")]
    authors: Vec<String>,
    /// All who wrote these commits, asked of git: v2.30.0..HEAD
    #[arg(long, value_name = "RANGE")]
    authors_of: Option<String>,
    /// A documentation field; may be given again
    #[arg(long = "field", value_parser = pair, value_name = "NAME=VALUE")]
    fields: Vec<(String, String)>,
    /// A JSON file with further parts of the change
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

/// `name=value`; the value may hold further signs.
fn pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(name, _)| !name.is_empty());
    pair.map(|(name, value)| (name.to_owned(), value.to_owned())).ok_or_else(|| "write a name, = and a value".to_owned())
}

impl WishArguments {
    /// The body of `POST /v1/changes`.
    pub fn body(&self, run: Option<&Run<'_>>) -> anyhow::Result<Value> {
        let mut body = self.file()?;
        self.place(&mut body, run)?;
        self.subject(&mut body, run);
        self.people(&mut body, run)?;
        put(&mut body, "url", self.url.clone(), || run.and_then(Run::url));
        put(&mut body, "type", self.declared.clone(), || None);
        if !self.fields.is_empty() {
            body.insert("fields".to_owned(), self.fields.iter().cloned().collect());
        }
        let title = || run.and_then(Run::title).or_else(|| Some(named_after(&body)));
        let title = self.title.clone().or_else(|| body.get("short_description").and_then(Value::as_str).map(str::to_owned)).or_else(title);
        body.insert("short_description".to_owned(), json!(title.map(|title| title.chars().take(TITLE_MAX).collect::<String>())));
        Ok(Value::Object(body))
    }

    fn file(&self) -> anyhow::Result<Map<String, Value>> {
        let Some(file) = &self.from else { return Ok(Map::new()) };
        let text = std::fs::read_to_string(file).with_context(|| format!("{} can’t be read", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} holds no JSON object", file.display()))
    }

    fn place(&self, body: &mut Map<String, Value>, run: Option<&Run<'_>>) -> anyhow::Result<()> {
        put(body, "service", self.service.clone(), || run.and_then(Run::service));
        put(body, "environment", self.environment.clone(), || run.and_then(Run::environment));
        for (name, flag) in [("environment", "--environment"), ("service", "--service")] {
            if !body.contains_key(name) {
                let variables = run.map_or_else(
                    || "No CI system was recognised".to_owned(),
                    |run| format!("The variables of {} don’t say it", run.system()),
                );
                bail!("the {name} is not known. {variables}; name it with {flag}.");
            }
        }
        let tier = self.tier.clone().or_else(|| self.environment.is_none().then(|| run.and_then(Run::tier)).flatten());
        if let (Some(tier), Some(Value::String(id))) = (tier, body.get("environment").cloned()) {
            body.insert("environment".to_owned(), json!({ "id": id, "tier": tier }));
        }
        Ok(())
    }

    fn subject(&self, body: &mut Map<String, Value>, run: Option<&Run<'_>>) {
        put(body, "sha", self.commit.clone(), || run.and_then(Run::sha));
        put(body, "ref", self.git_ref.clone(), || run.and_then(Run::git_ref));
        put(body, "version", self.version.clone(), || run.and_then(Run::version));
        if !self.artifacts.is_empty() {
            let artifacts: Map<String, Value> = self.artifacts.iter().map(|(name, digest)| (name.clone(), json!(digest))).collect();
            body.insert("artifacts".to_owned(), Value::Object(artifacts));
        }
    }

    /// Nobody is made up: authors that are not named stay unknown, and the policy says what that means.
    fn people(&self, body: &mut Map<String, Value>, run: Option<&Run<'_>>) -> anyhow::Result<()> {
        let starter = || if self.no_initiator { None } else { run.and_then(Run::initiator) };
        put(body, "requested_by", self.requested_by.clone(), starter);
        let mut authors = self.authors.clone();
        if let Some(range) = &self.authors_of {
            authors.extend(authors::of(range)?);
        }
        if !authors.is_empty() {
            body.insert("authors".to_owned(), json!(authors));
        }
        Ok(())
    }
}

/// A flag wins over the file, the file over the run's variables.
fn put(body: &mut Map<String, Value>, name: &str, flag: Option<String>, otherwise: impl FnOnce() -> Option<String>) {
    if let Some(value) = flag {
        body.insert(name.to_owned(), Value::String(value));
    } else if !body.contains_key(name)
        && let Some(value) = otherwise()
    {
        body.insert(name.to_owned(), Value::String(value));
    }
}

/// `checkout-api 9f2c41ab`, for a run that has no better title.
fn named_after(body: &Map<String, Value>) -> String {
    let text = |name: &str| body.get(name).and_then(|value| value.as_str().or_else(|| value["id"].as_str())).unwrap_or_default();
    let (service, sha) = (text("service"), text("sha"));
    let version = text("version");
    let what = if version.is_empty() { sha.get(..SHORT).unwrap_or(sha) } else { version };
    format!("{} {what}", service.rsplit('/').next().unwrap_or(service)).trim().to_owned()
}
