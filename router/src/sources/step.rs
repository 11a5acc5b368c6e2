//! What a step in somebody's pipeline tells us about the change that it asks for: the JSON of our own making.

use crate::sources::reading::{TEXT_BYTES, cut};
use crate::sources::{Account, Reject, Wish};
use engine::fields::Fields;
use engine::ids::{ChangeKey, IntegrationName};
use engine::request::{Attributes, Callback, Origin, SourceName, Subject};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use url::Url;

/// Every key that a step may send. Others are refused: a misspelt one would be forgotten in silence.
pub const KEYS: [&str; 12] =
    ["environment", "sha", "build_url", "job", "build", "input_id", "service", "version", "artifacts", "requested_by", "authors", "fields"];
/// People, or artifacts, of one change; a release of more is several changes.
const MANY: usize = 200;
/// What stands for whoever wrote it, where the step does not say.
const NOT_NAMED: &str = "an author whom the pipeline did not name";

/// A step's JSON, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub environment: String,
    pub sha: String,
    pub service: String,
    pub build_url: Option<String>,
    /// The full name of the job, with its folders.
    pub job: Option<String>,
    pub build: Option<i64>,
    pub input_id: Option<String>,
    pub version: Option<String>,
    /// Artifact name → digest.
    pub artifacts: BTreeMap<String, String>,
    /// What the policy’s mandatory fields ask for, by name.
    pub fields: Fields,
    pub requested_by: Option<String>,
    pub authors: Option<Vec<String>>,
}

/// Who sent it.
pub struct Sender<'a> {
    pub kind: &'static str,
    pub integration: &'a IntegrationName,
    /// The directory's key for accounts of this integration.
    pub realm: &'a str,
}

impl Step {
    /// `pointer`s of faults lead into the step's JSON.
    pub fn read(body: &Value) -> Result<Self, Reject> {
        let Some(map) = body.as_object() else { return Err(Reject::malformed("", "the body is not a JSON object")) };
        if let Some(unknown) = map.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(Reject::malformed(
                format!("/{unknown}"),
                format!("“{}” is no key of a step; it takes {}", cut(unknown, 100), KEYS.join(", ")),
            ));
        }
        let job = text(map, "job")?;
        Ok(Self {
            environment: required(map, "environment")?,
            sha: sha(required(map, "sha")?)?,
            service: text(map, "service")?
                .or_else(|| job.clone())
                .ok_or_else(|| Reject::malformed("/service", "name the service, or the job"))?,
            build_url: web(text(map, "build_url")?)?,
            job,
            build: number(map, "build")?,
            input_id: text(map, "input_id")?,
            version: text(map, "version")?,
            artifacts: artifacts(map)?,
            fields: fields(map)?,
            requested_by: text(map, "requested_by")?,
            authors: people(map)?,
        })
    }

    pub fn subject(&self, sender: &Sender<'_>) -> Subject {
        let release = self.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default();
        Subject {
            target: format!("{}:{}:{}{release}", sender.integration, self.service, self.environment),
            commit: Some(self.sha.clone()),
            artifacts: self.artifacts.clone(),
            fields: self.fields.clone(),
        }
    }

    /// The wish that it stands for. `key` and `callback` are the sender's own.
    pub fn wish(self, sender: &Sender<'_>, key: ChangeKey, callback: Option<Callback>) -> Wish {
        let (kind, integration) = (sender.kind.to_owned(), sender.integration.clone());
        let subject = self.subject(sender);
        let authors = self.authors.map(|names| names.iter().map(|name| sender.somebody(name)).collect());
        Wish {
            key,
            title: format!("{} to {}", self.service, self.environment),
            service: SourceName { kind, integration, path: self.service },
            environment: self.environment,
            tier: None,
            subject,
            version: self.version,
            git_ref: None,
            url: self.build_url,
            sequence: self.build,
            initiator: sender.somebody(&self.requested_by.unwrap_or_default()),
            authors: Some(authors.unwrap_or_else(|| vec![sender.nobody(NOT_NAMED)])),
            attributes: Attributes::default(),
            origin: Origin { callback, event: EVENT.to_owned() },
        }
    }
}

/// What a step's delivery is called in lists.
pub const EVENT: &str = "pipeline step";

impl Sender<'_> {
    /// An e-mail address, an account as `kind:id`, or a person's id.
    fn somebody(&self, name: &str) -> Account {
        if name.is_empty() {
            return self.nobody("somebody whom the pipeline did not name");
        }
        if name.contains('@') {
            // An address stays out of what people read.
            return Account { email: Some(name.to_lowercase()), ..self.nobody("an author with an unknown e-mail address") };
        }
        let (kind, id) = name.split_once(':').unwrap_or((Account::DIRECTORY, name));
        Account {
            kind: kind.to_owned(),
            integration: IntegrationName::new(kind),
            id: Some(id.to_owned()),
            email: None,
            label: name.to_owned(),
        }
    }

    fn nobody(&self, label: &str) -> Account {
        Account { kind: self.realm.to_owned(), integration: self.integration.clone(), id: None, email: None, label: label.to_owned() }
    }
}

/// `None` for what is not there, `null` and empty: a variable that a pipeline has not set is written as nothing.
fn text(map: &Map<String, Value>, name: &str) -> Result<Option<String>, Reject> {
    let fault = |detail: String| Err(Reject::malformed(format!("/{name}"), detail));
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.len() > TEXT_BYTES => fault(format!("this text is longer than {TEXT_BYTES} bytes")),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => fault("this is not a text".to_owned()),
    }
}

fn required(map: &Map<String, Value>, name: &str) -> Result<String, Reject> {
    text(map, name)?.ok_or_else(|| Reject::malformed(format!("/{name}"), "this text is missing"))
}

/// Digits in a string are understood: shells quote everything.
fn number(map: &Map<String, Value>, name: &str) -> Result<Option<i64>, Reject> {
    let number = match map.get(name) {
        Some(Value::Number(number)) => number.as_i64(),
        _ => match text(map, name)? {
            None => return Ok(None),
            Some(digits) => digits.parse().ok(),
        },
    };
    number.filter(|number| *number > 0).map(Some).ok_or_else(|| Reject::malformed(format!("/{name}"), "this is not a positive number"))
}

fn sha(text: String) -> Result<String, Reject> {
    let is_hash = (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { Ok(text.to_lowercase()) } else { Err(Reject::malformed("/sha", "it has 7 to 64 hexadecimal digits")) }
}

/// It becomes a link on cards, so a `javascript:` address must not get through.
fn web(url: Option<String>) -> Result<Option<String>, Reject> {
    let is_web = |url: &String| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    match url {
        Some(url) if !is_web(&url) => Err(Reject::malformed("/build_url", "this is not an http or https address")),
        url => Ok(url),
    }
}

fn artifacts(map: &Map<String, Value>) -> Result<BTreeMap<String, String>, Reject> {
    let fault = |detail: &str| Reject::malformed("/artifacts", detail);
    let named = match map.get("artifacts") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(named)) if named.len() <= MANY => named,
        Some(_) => return Err(fault("this is not an object of names and digests, or it has too many")),
    };
    let each = named.keys().map(|name| match text(named, name) {
        Ok(Some(digest)) if name.len() <= TEXT_BYTES => Ok((name.clone(), digest)),
        Ok(_) | Err(_) => Err(fault("a digest is missing or not a text")),
    });
    each.collect()
}

/// Texts and lists of texts. Which of them are asked for, and what they have to hold, is the policy's.
fn fields(map: &Map<String, Value>) -> Result<Fields, Reject> {
    let given = map.get("fields").filter(|fields| !fields.is_null()).cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let fields: Fields =
        serde_json::from_value(given).map_err(|_| Reject::malformed("/fields", "this is not an object of texts and lists of texts"))?;
    if fields.len() > MANY {
        return Err(Reject::malformed("/fields", format!("at most {MANY} fields are taken")));
    }
    Ok(fields)
}

/// Texts that say nothing are left out; a list in one text is separated by spaces, commas or line breaks, as shells make it.
fn people(map: &Map<String, Value>) -> Result<Option<Vec<String>>, Reject> {
    let fault = || Reject::malformed("/authors", format!("this is not a list of at most {MANY} people"));
    let names: Vec<&str> = match map.get("authors") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(names)) => names.split([' ', ',', '\n', '\r', '\t']).collect(),
        Some(Value::Array(names)) => names.iter().map(|name| name.as_str().ok_or_else(fault)).collect::<Result<_, _>>()?,
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => return Err(fault()),
    };
    let names: Vec<String> = names.into_iter().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let is_usable = names.len() <= MANY && names.iter().all(|name| name.len() <= TEXT_BYTES);
    // An empty list would say that nobody wrote it, which is the case of a variable that was not set.
    if is_usable { Ok(Some(names).filter(|names| !names.is_empty())) } else { Err(fault()) }
}

#[cfg(test)]
mod tests;
