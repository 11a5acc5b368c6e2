//! Our notification templates' JSON: an application is out of sync, or an operation of it began or ended.

use super::revision::Revision;
use super::{Answering, Argocd, CALLBACK, KIND};
use crate::sources::reading::{Fields, cut};
use crate::sources::{Account, Parsed, Place, Reject, Signal, Wish, delivery};
use engine::event::DeploymentOutcome;
use engine::request::{Attributes, Callback, Origin, SourceName, Subject};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// Version of the templates that this reads.
const VERSION: i64 = 1;
/// How much of an event's or phase's name is kept, in bytes each.
const WORD_BYTES: usize = 40;

/// What an operation's phase means here. `Terminating` and new ones say nothing.
enum Course {
    Starts,
    Ends(DeploymentOutcome),
}

impl Course {
    fn of(phase: &str) -> Option<Self> {
        match phase {
            "Running" => Some(Self::Starts),
            "Succeeded" => Some(Self::Ends(DeploymentOutcome::Success)),
            "Failed" | "Error" => Some(Self::Ends(DeploymentOutcome::Failure)),
            _ => None,
        }
    }
}

pub fn parse(argocd: &Argocd, body: &[u8]) -> Result<Parsed, Reject> {
    let json: Value = serde_json::from_slice(body).map_err(|error| Reject::malformed("", format!("the body is not JSON: {error}")))?;
    let fields = Fields(&json);
    if fields.required_number("/v")? != VERSION {
        return Err(Reject::malformed("/v", format!("this build reads version {VERSION} of the notification templates")));
    }
    match fields.required_text("/event")?.as_str() {
        "out-of-sync" => out_of_sync(argocd, &fields),
        "operation" => operation(argocd, &fields),
        unknown => Ok(Parsed { key: delivery::digest(&[body]), event: cut(unknown, WORD_BYTES).to_owned(), signals: Vec::new() }),
    }
}

/// A revision that was told once is not told again (`oncePer`), so application and revision are the delivery.
fn out_of_sync(argocd: &Argocd, fields: &Fields<'_>) -> Result<Parsed, Reject> {
    let application = Application::read(fields)?;
    let Some(revision) = Revision::read(fields, "/") else {
        let key = delivery::digest(&[b"out-of-sync", application.uid.as_bytes(), fields.0.to_string().as_bytes()]);
        return Ok(Parsed { key, event: "out-of-sync without a revision".to_owned(), signals: Vec::new() });
    };
    let key = delivery::digest(&[b"out-of-sync", application.uid.as_bytes(), revision.text.as_bytes()]);
    let wish = application.wish(argocd, fields, &revision);
    Ok(Parsed { key, event: "out-of-sync".to_owned(), signals: vec![Signal::Opens(Box::new(wish))] })
}

fn operation(argocd: &Argocd, fields: &Fields<'_>) -> Result<Parsed, Reject> {
    let application = Application::read(fields)?;
    let phase = fields.required_text("/operation/phase")?;
    let began = fields.required_text("/operation/started_at")?;
    // What was synced; before that is known, what was asked for.
    let revision = Revision::read(fields, "/operation/").or_else(|| Revision::read(fields, "/operation/requested_"));
    let revision = revision.map(|revision| revision.text).or_else(|| fields.text("/operation/requested"));
    let parts = [application.uid.as_str(), &began, &phase, revision.as_deref().unwrap_or_default()];
    let key = delivery::digest(&parts.map(str::as_bytes));
    let signals = revision.zip(Course::of(&phase)).map(|(run, course)| {
        let key = argocd.key(&application.name, &application.environment, &run);
        match course {
            Course::Starts => Signal::Started { key, run, place: application.place() },
            Course::Ends(outcome) => Signal::Finished { key, run, outcome },
        }
    });
    Ok(Parsed { key, event: format!("operation/{}", cut(&phase, WORD_BYTES)), signals: signals.into_iter().collect() })
}

/// What every template says.
struct Application {
    name: String,
    uid: String,
    project: String,
    environment: String,
}

impl Application {
    fn read(fields: &Fields<'_>) -> Result<Self, Reject> {
        Ok(Self {
            name: fields.required_text("/app")?,
            uid: fields.required_text("/uid")?,
            project: fields.required_text("/project")?,
            environment: fields.required_text("/environment")?,
        })
    }

    fn path(&self) -> String {
        format!("{}/{}", self.project, self.name)
    }

    fn place(&self) -> Place {
        Place { service: self.path(), environment: self.environment.clone(), tier: None }
    }

    /// Whoever wrote the revision asked for it, where nobody else is named: in GitOps a commit is the request.
    fn wish(&self, argocd: &Argocd, fields: &Fields<'_>, revision: &Revision) -> Wish {
        let author = fields.text("/author").map(|author| argocd.author(&author));
        let asker = fields.text("/requested_by").map(|name| argocd.person(&name)).or_else(|| author.clone());
        let (callback, authors) = match argocd.answering {
            Answering::Sync => (Some(self.callback(argocd, revision)), None),
            Answering::Polled => (None, author.map(|author| vec![author])),
        };
        Wish {
            key: argocd.key(&self.name, &self.environment, &revision.text),
            title: format!("{} to {}", self.name, self.environment),
            service: SourceName { kind: KIND.to_owned(), integration: argocd.integration.clone(), path: self.path() },
            environment: self.environment.clone(),
            tier: None,
            subject: Subject {
                commit: revision.commit().map(str::to_owned),
                artifacts: BTreeMap::new(),
                fields: BTreeMap::new(),
                target: format!("{}:{}:{}@{}", argocd.integration, self.path(), self.environment, revision.text),
            },
            version: revision.version(),
            git_ref: None,
            url: fields.text("/url").filter(|url| Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))),
            sequence: None,
            initiator: asker.unwrap_or_else(|| argocd.nobody("somebody whom Argo CD does not name")),
            authors,
            attributes: Attributes::default(),
            origin: Origin { callback, event: "out-of-sync".to_owned() },
        }
    }

    fn callback(&self, argocd: &Argocd, revision: &Revision) -> Callback {
        let params = [
            (Callback::RUN, &revision.text),
            ("app", &self.name),
            ("uid", &self.uid),
            ("project", &self.project),
            ("environment", &self.environment),
        ];
        let params = params.into_iter().map(|(name, value)| (name, value.clone())).chain(revision.params());
        let params = params.map(|(name, value)| (name.to_owned(), value)).collect();
        Callback { integration: argocd.integration.clone(), kind: CALLBACK.to_owned(), params }
    }
}

impl Argocd {
    /// `Somebody <somebody@example.com>`, as Git writes authors.
    pub(super) fn author(&self, written: &str) -> Account {
        let inside = written.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(written, |(inside, _)| inside);
        let email = Some(inside.trim().to_lowercase()).filter(|email| email.contains('@'));
        Account { email, ..self.nobody("author of the revision") }
    }

    /// A person's id, or an address.
    fn person(&self, name: &str) -> Account {
        if name.contains('@') {
            return Account { email: Some(name.to_lowercase()), ..self.nobody("somebody with an unknown e-mail address") };
        }
        Account { kind: Account::DIRECTORY.to_owned(), id: Some(name.to_owned()), ..self.nobody(name) }
    }

    pub(super) fn nobody(&self, label: &str) -> Account {
        Account { kind: self.realm.clone(), integration: self.integration.clone(), id: None, email: None, label: label.to_owned() }
    }
}
