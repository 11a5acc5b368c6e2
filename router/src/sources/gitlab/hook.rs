//! A GitLab delivery → signals. Only the deployment hook is handled; every other one says nothing.

use super::{CALLBACK, KIND, Namer};
use crate::sources::reading::{Fields, cut};
use crate::sources::{Account, Parsed, Place, Reject, Signal, Wish, delivery};
use axum::http::HeaderMap;
use engine::event::{DeploymentOutcome, ToolDecision};
use engine::ids::ChangeKey;
use engine::request::{Attributes, Callback, Origin, SourceName, Subject};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

const DEPLOYMENT: &str = "Deployment Hook";
/// How much of an unknown status is kept in the event's name, in bytes.
const STATUS_BYTES: usize = 40;

/// What a deployment's status means here. GitLab grows new ones: those say nothing.
#[derive(Clone, Copy)]
enum Status {
    Waits,
    Starts,
    Ends(DeploymentOutcome),
    Decided(ToolDecision),
}

impl Status {
    fn of(word: &str) -> Option<Self> {
        match word {
            "blocked" => Some(Self::Waits),
            "running" => Some(Self::Starts),
            "success" => Some(Self::Ends(DeploymentOutcome::Success)),
            "failed" => Some(Self::Ends(DeploymentOutcome::Failure)),
            "canceled" => Some(Self::Ends(DeploymentOutcome::Cancelled)),
            "approved" => Some(Self::Decided(ToolDecision::Approve)),
            "rejected" => Some(Self::Decided(ToolDecision::Reject)),
            _ => None,
        }
    }
}

pub fn parse(namer: &Namer, headers: &HeaderMap, body: &[u8]) -> Result<Parsed, Reject> {
    let hook = delivery::event(headers, "X-Gitlab-Event");
    let key = delivery_key(headers, &hook, body);
    if hook != DEPLOYMENT {
        return Ok(Parsed { key, event: hook, signals: Vec::new() });
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| Reject::malformed("", format!("the body is not JSON: {error}")))?;
    let fields = Fields(&body);
    let Some(word) = fields.text("/status") else {
        return Ok(Parsed { key, event: hook, signals: Vec::new() });
    };
    let event = format!("{hook}/{}", cut(&word, STATUS_BYTES));
    let signals = match Status::of(&word) {
        Some(status) => vec![Deployment::read(namer, &fields)?.signal(status, &fields, &event)],
        None => Vec::new(),
    };
    Ok(Parsed { key, event, signals })
}

/// `Idempotency-Key` stays the same over retries (GitLab 17.4), `webhook-id` equals it. The event's UUID alone is
/// shared by hooks that one hook set off, so without them the webhook and the body count too.
fn delivery_key(headers: &HeaderMap, hook: &str, body: &[u8]) -> String {
    let own = delivery::header(headers, "webhook-id").or_else(|| delivery::header(headers, "Idempotency-Key"));
    own.unwrap_or_else(|| {
        let event = delivery::header(headers, "X-Gitlab-Event-UUID").unwrap_or_default();
        let webhook = delivery::header(headers, "X-Gitlab-Webhook-UUID").unwrap_or_default();
        delivery::digest(&[hook.as_bytes(), event.as_bytes(), webhook.as_bytes(), body])
    })
}

/// What every handled status says.
struct Deployment<'a> {
    namer: &'a Namer,
    id: i64,
    project: i64,
    path: String,
    environment: String,
    commit: String,
}

impl<'a> Deployment<'a> {
    fn read(namer: &'a Namer, fields: &Fields<'_>) -> Result<Self, Reject> {
        Ok(Self {
            namer,
            id: fields.required_number("/deployment_id")?,
            project: fields.required_number("/project/id")?,
            path: fields.required_text("/project/path_with_namespace")?,
            environment: fields.required_text("/environment")?,
            commit: commit(fields)?,
        })
    }

    /// A project's id is unique within one instance only, and a second instance that is added later must not rename
    /// the keys of open changes; so the key begins with the integration, not with `gitlab`.
    fn key(&self) -> ChangeKey {
        ChangeKey::new(format!("{}:{}:{}:{}", self.namer.integration, self.project, self.environment, self.commit))
    }

    fn signal(&self, status: Status, fields: &Fields<'_>, event: &str) -> Signal {
        let (key, run) = (self.key(), self.id.to_string());
        match status {
            Status::Waits => Signal::Opens(Box::new(self.wish(fields, event))),
            Status::Starts => Signal::Started { key, run, place: self.place(fields) },
            Status::Ends(outcome) => Signal::Finished { key, run, outcome },
            Status::Decided(decision) => {
                let by = self.namer.account(fields, "/approver");
                Signal::DecidedOutside { key, run, decision, by, comment: fields.text("/approval/comment").unwrap_or_default() }
            }
        }
    }

    fn place(&self, fields: &Fields<'_>) -> Place {
        Place { service: self.path.clone(), environment: self.environment.clone(), tier: fields.text("/environment_tier") }
    }

    fn wish(&self, fields: &Fields<'_>, event: &str) -> Wish {
        let integration = self.namer.integration.clone();
        Wish {
            key: self.key(),
            title: fields.text("/commit_title").unwrap_or_else(|| format!("{} to {}", self.path, self.environment)),
            environment: self.environment.clone(),
            tier: fields.text("/environment_tier"),
            subject: Subject {
                commit: Some(self.commit.clone()),
                artifacts: BTreeMap::new(),
                fields: BTreeMap::new(),
                target: format!("{integration}:{}:{}", self.path, self.environment),
            },
            service: SourceName { kind: KIND.to_owned(), integration, path: self.path.clone() },
            version: None,
            git_ref: fields.text("/ref"),
            url: fields.text("/deployable_url").filter(|url| is_web(url)),
            sequence: Some(self.id),
            initiator: self.namer.account(fields, "/user"),
            authors: None,
            attributes: Attributes::default(),
            origin: Origin { callback: Some(self.callback(fields)), event: event.to_owned() },
        }
    }

    /// A deployment made through GitLab's API has no job: then there is none to start.
    fn callback(&self, fields: &Fields<'_>) -> Callback {
        let mut params = BTreeMap::from([
            ("project_id".to_owned(), self.project.to_string()),
            ("deployment_id".to_owned(), self.id.to_string()),
            (Callback::RUN.to_owned(), self.id.to_string()),
            ("environment".to_owned(), self.environment.clone()),
        ]);
        if let Some(job) = fields.number("/deployable_id") {
            params.insert("job_id".to_owned(), job.to_string());
        }
        Callback { integration: self.namer.integration.clone(), kind: CALLBACK.to_owned(), params }
    }
}

impl Namer {
    /// GitLab writes `[REDACTED]` where the reader may not see an address.
    fn account(&self, fields: &Fields<'_>, pointer: &str) -> Account {
        let id = fields.number(&format!("{pointer}/id")).map(|id| id.to_string());
        let email = fields.text(&format!("{pointer}/email")).filter(|email| email.contains('@'));
        let label = match &id {
            Some(id) => format!("{} user {id}", self.realm),
            None => format!("somebody whom {} does not name", self.integration),
        };
        Account { kind: self.realm.clone(), integration: self.integration.clone(), id, email, label }
    }
}

/// The full hash stands only in the commit's URL; the short one says whether it is the right one.
fn commit(fields: &Fields<'_>) -> Result<String, Reject> {
    let short = fields.text("/short_sha").map(|sha| sha.to_ascii_lowercase()).filter(|sha| is_hash(sha));
    let full = fields.text("/commit_url").and_then(|url| hash_of(&url));
    match (short, full) {
        (Some(short), Some(full)) if full.starts_with(&short) => Ok(full),
        (Some(short), _) => Ok(short),
        (None, Some(full)) => Ok(full),
        (None, None) => Err(Reject::malformed("/short_sha", "the commit is missing: neither short_sha nor commit_url names one")),
    }
}

fn hash_of(commit_url: &str) -> Option<String> {
    let url = Url::parse(commit_url).ok()?;
    let last = url.path_segments()?.next_back()?.to_ascii_lowercase();
    // SHA-1 and SHA-256 repositories.
    (matches!(last.len(), 40 | 64) && is_hash(&last)).then_some(last)
}

pub(super) fn is_hash(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// It becomes a link on cards, so a `javascript:` address must not get through.
fn is_web(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}
