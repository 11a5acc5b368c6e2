//! The body of `POST /v1/changes`: a change as its caller knows it.
//!
//! What this build does not carry out is refused with its place, never taken and forgotten.

use super::body;
use super::named::{Environment, FieldAnswer, Named, Who};
use super::problem::{Kind, Problem};
use engine::directory::Directory;
use engine::fields::Fields;
use engine::ids::{ChangeKey, IntegrationName, PersonId};
use engine::request::{Attributes, Author, Authors, Initiator, Origin, Request, SourceName, Subject};
use engine::rules::Part;
use entities::TokenRecord;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const TITLE_MAX: usize = 160;
/// Parts of the change's published shape that are known and not carried out yet.
const NOT_YET: [&str; 13] = [
    "start_date",
    "end_date",
    "risk",
    "impact",
    "justification",
    "implementation_plan",
    "backout_plan",
    "test_plan",
    "assignment_group",
    "correlation_id",
    "cmdb_ci",
    "pipeline_run",
    "pull_requests",
];

/// Parts that are a name alone or an object with an id.
const NAMED: [&str; 3] = ["service", "environment", "requested_by"];

/// A change as its caller knows it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// One line that says what it is.
    #[schema(min_length = 1, max_length = 160, pattern = r"\S")]
    short_description: String,
    /// As the policy's catalogue matches it, after `api:`.
    service: Named,
    environment: Environment,
    /// The commit.
    #[serde(default)]
    #[schema(min_length = 7, max_length = 64, pattern = "^[0-9a-fA-F]*$")]
    sha: Option<String>,
    /// The branch or tag.
    #[serde(default, rename = "ref")]
    git_ref: Option<String>,
    /// The release's name.
    #[serde(default)]
    version: Option<String>,
    /// Artifact name → digest.
    #[serde(default)]
    artifacts: BTreeMap<String, String>,
    /// A person's id.
    #[serde(default)]
    requested_by: Option<Who>,
    /// People as ids, forge accounts (`gitlab:17`) or e-mail addresses. Left out, they count as unknown.
    #[serde(default)]
    authors: Option<Vec<String>>,
    #[serde(default, rename = "type")]
    declared: Option<Declared>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    data_classes: Vec<String>,
    #[serde(default)]
    affected_systems: Vec<String>,
    /// Changed lines.
    #[serde(default)]
    size: Option<i64>,
    #[serde(default)]
    has_migration: bool,
    #[serde(default)]
    fixes_incident: String,
    #[serde(default)]
    template: String,
    /// What the policy in force declares under `attributes`, by name.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Object>)]
    attributes: BTreeMap<String, Value>,
    /// A page about the run.
    #[serde(default)]
    url: Option<String>,
    /// What the policy’s mandatory fields ask for, by name: a text or a list of texts.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, FieldAnswer>)]
    fields: Fields,
}

/// How the requester declares it; the policy says what follows.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Declared {
    Normal,
    Standard,
    Emergency,
}

impl Declared {
    fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Standard => "standard",
            Self::Emergency => "emergency",
        }
    }
}

/// Reads the body, or says where it is wrong.
pub fn read(body: &[u8]) -> Result<Wish, Problem> {
    let value = body::json(body)?;
    let not_yet: Vec<&str> = NOT_YET.into_iter().filter(|name| value.get(name).is_some_and(|value| !value.is_null())).collect();
    if !not_yet.is_empty() {
        let problem = Problem::new(Kind::NotInThisBuild, format!("This build does not carry out {}. Leave it out.", not_yet.join(", ")));
        return Err(not_yet.into_iter().fold(problem, |problem, name| problem.at(format!("/{name}"), "not in this build")));
    }
    // serde takes a list where it expects a struct; nobody means that.
    let list = NAMED.into_iter().find(|name| value.get(name).is_some_and(Value::is_array));
    if let Some(name) = list {
        return Err(Problem::new(Kind::Invalid, format!("“{name}” is a name, or an object with an id.")).at(format!("/{name}"), "a list"));
    }
    let wish: Wish = body::read(value)?;
    wish.check()?;
    Ok(wish)
}

impl Wish {
    fn check(&self) -> Result<(), Problem> {
        let invalid = |pointer: &str, detail: &str| Err(Problem::new(Kind::Invalid, detail.to_owned()).at(pointer, detail));
        if self.short_description.trim().is_empty() || self.short_description.chars().count() > TITLE_MAX {
            return invalid("/short_description", "It has 1 to 160 characters.");
        }
        if self.service.name().trim().is_empty() {
            return invalid("/service", "It must not be empty.");
        }
        if self.environment.name().trim().is_empty() {
            return invalid("/environment", "It must not be empty.");
        }
        if self.sha.is_none() && self.version.is_none() && self.artifacts.is_empty() {
            return invalid("/sha", "Name what is to be deployed: sha, version or artifacts.");
        }
        if self.sha.as_ref().is_some_and(|sha| !(7..=64).contains(&sha.len()) || !sha.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            return invalid("/sha", "It has 7 to 64 hexadecimal digits.");
        }
        Ok(())
    }

    /// A requester whom a service token names is added to the token's owner, never put in its place.
    pub fn to_request(&self, token: &TokenRecord, directory: &Directory) -> Result<Request, Problem> {
        let environment = self.environment.name();
        let service = self.service.name();
        let subject = Subject {
            commit: self.sha.as_ref().map(|sha| sha.to_lowercase()),
            artifacts: self.artifacts.clone(),
            fields: self.fields.clone(),
            target: format!("{service}→{environment}{}", self.version.as_ref().map(|version| format!("@{version}")).unwrap_or_default()),
        };
        Ok(Request {
            // What is written beside it makes the next round of the same change, not another one.
            key: ChangeKey::new(format!("api:{service}:{environment}:{}", Subject { fields: Fields::new(), ..subject.clone() }.digest())),
            title: self.short_description.trim().to_owned(),
            service: SourceName { kind: "api".to_owned(), integration: IntegrationName::new("api"), path: service.to_owned() },
            environment: environment.to_owned(),
            tier: self.environment.tier().cloned(),
            subject,
            version: self.version.clone(),
            git_ref: self.git_ref.clone(),
            url: self.url.clone(),
            sequence: None,
            initiator: Initiator::Person(token.person.clone().unwrap_or_else(|| token.owner.clone())),
            co_initiators: self.requester(directory)?.into_iter().collect(),
            authors: self.authors.as_ref().map(|authors| resolved(authors, directory)),
            attributes: self.attributes(),
            origin: Origin { callback: None, event: "POST /v1/changes".to_owned() },
        })
    }

    fn requester(&self, directory: &Directory) -> Result<Option<PersonId>, Problem> {
        let Some(id) = self.requested_by.as_ref().map(Who::id) else { return Ok(None) };
        match person(id, directory) {
            Some(person) => Ok(Some(person)),
            None => Err(Problem::new(Kind::Invalid, format!("“{id}” is nobody in the directory.")).at("/requested_by", "unknown person")),
        }
    }

    fn attributes(&self) -> Attributes {
        Attributes {
            declared: self.declared.unwrap_or(Declared::Normal).word().to_owned(),
            paths: self.paths.clone(),
            services: vec![self.service.name().to_owned()],
            data_classes: self.data_classes.clone(),
            affected_systems: self.affected_systems.clone(),
            size: self.size,
            has_migration: self.has_migration,
            fixes_incident: self.fixes_incident.clone(),
            template: self.template.clone(),
            extra: self.attributes.clone(),
        }
    }
}

fn resolved(names: &[String], directory: &Directory) -> Authors {
    let mut authors = Authors::default();
    for name in names {
        match person(name, directory) {
            Some(person) => authors.known.push(Author { person, part: Part::CommitAuthor, commit: None }),
            // An address stays out of the log.
            None if name.contains('@') => authors.unknown.push("an author with an unknown e-mail address".to_owned()),
            None => authors.unknown.push(name.clone()),
        }
    }
    authors.known.sort();
    authors.known.dedup();
    authors
}

/// An id, an account as `kind:id`, or an e-mail address: here they only ever exclude.
fn person(name: &str, directory: &Directory) -> Option<PersonId> {
    let by_id = directory.person(&PersonId::from(name)).map(|person| person.id.clone());
    let by_account = || name.split_once(':').and_then(|(kind, id)| directory.by_account(kind, id).cloned());
    by_id.or_else(by_account).or_else(|| directory.by_email(name).cloned())
}
