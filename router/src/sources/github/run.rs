//! One deployment of a workflow run, as every event that tells of one names it.

use super::names::Namer;
use super::{KIND, Way};
use crate::sources::reading::{Fields, is_hash, web_address};
use crate::sources::{Account, Place, Reject, Signal, Wish};
use engine::event::DeploymentOutcome;
use engine::ids::ChangeKey;
use engine::request::{Attributes, Callback, Origin, SourceName, Subject};
use std::collections::BTreeMap;

/// As the published change schema names them.
const BY_RULE: &str = "github.deployment_protection_rule";
const BY_REVIEW: &str = "github.pending_deployments";

pub struct Run<'a> {
    pub namer: &'a Namer,
    pub repository: i64,
    /// `full_name`.
    pub path: String,
    pub environment: String,
    pub commit: String,
    /// The workflow run: it stays the same when it is run again.
    pub run: i64,
    /// The deployment: another one whenever it is run again, so this tells attempts apart.
    pub deployment: i64,
}

impl<'a> Run<'a> {
    /// From a body that holds the whole `deployment`.
    pub fn of_deployment(namer: &'a Namer, fields: &Fields<'_>, run: i64) -> Result<Self, Reject> {
        let commit = fields.required_text("/deployment/sha")?.to_ascii_lowercase();
        if !is_hash(&commit) {
            return Err(Reject::malformed("/deployment/sha", "this is no commit’s hash"));
        }
        let (repository, path) = repository(fields)?;
        let environment = fields.required_text("/deployment/environment").or_else(|_| fields.required_text("/environment"))?;
        Ok(Self { namer, repository, path, environment, commit, run, deployment: fields.required_number("/deployment/id")? })
    }

    pub fn key(&self) -> ChangeKey {
        self.namer.key(self.repository, &self.environment, &self.commit, self.run)
    }

    pub fn started(&self, fields: &Fields<'_>) -> Signal {
        let place = Place { service: self.path.clone(), environment: self.environment.clone(), tier: tier(fields) };
        Signal::Started { key: self.key(), run: self.deployment.to_string(), place }
    }

    pub fn finished(&self, outcome: DeploymentOutcome) -> Signal {
        Signal::Finished { key: self.key(), run: self.deployment.to_string(), outcome }
    }

    /// Every event that opens the same run says the same here, so that the second one changes nothing.
    pub fn opens(&self, fields: &Fields<'_>, way: Way, event: &str) -> Signal {
        let integration = self.namer.integration.clone();
        Signal::Opens(Box::new(Wish {
            key: self.key(),
            title: fields.text("/workflow_run/display_title").unwrap_or_else(|| format!("{} to {}", self.path, self.environment)),
            service: SourceName { kind: KIND.to_owned(), integration: integration.clone(), path: self.path.clone() },
            environment: self.environment.clone(),
            tier: tier(fields),
            subject: Subject {
                commit: Some(self.commit.clone()),
                artifacts: BTreeMap::new(),
                fields: BTreeMap::new(),
                target: format!("{integration}:{}:{}", self.path, self.environment),
            },
            version: None,
            git_ref: fields.text("/deployment/ref"),
            url: web_address(fields, "/repository/html_url").map(|page| format!("{page}/actions/runs/{}", self.run)),
            sequence: Some(self.deployment),
            initiator: initiator(self.namer, fields),
            authors: None,
            attributes: Attributes::default(),
            origin: Origin { callback: Some(self.callback(fields, way)), event: event.to_owned() },
        }))
    }

    fn callback(&self, fields: &Fields<'_>, way: Way) -> Callback {
        let (kind, installation) = match way {
            Way::AsApp => (BY_RULE, fields.number("/installation/id")),
            Way::AsReviewer => (BY_REVIEW, None),
            Way::Silent => (BY_RULE, None),
        };
        let ids = [
            ("repository_id", Some(self.repository)),
            ("run_id", Some(self.run)),
            ("deployment_id", Some(self.deployment)),
            (Callback::RUN, Some(self.deployment)),
            ("installation_id", installation),
        ];
        let ids = ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?.to_string())));
        let names = [("repository", &self.path), ("environment", &self.environment)];
        let params = ids.chain(names.into_iter().map(|(name, value)| (name.to_owned(), value.clone()))).collect();
        Callback { integration: self.namer.integration.clone(), kind: kind.to_owned(), params }
    }
}

/// Id and `owner/name`; the name becomes part of paths.
pub fn repository(fields: &Fields<'_>) -> Result<(i64, String), Reject> {
    let path = fields.required_text("/repository/full_name")?;
    if !is_full_name(&path) {
        return Err(Reject::malformed("/repository/full_name", "this is not a repository’s owner and name"));
    }
    Ok((fields.required_number("/repository/id")?, path))
}

pub fn is_full_name(path: &str) -> bool {
    let is_name = |name: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !matches!(name, "" | "." | "..") && name.bytes().all(allowed)
    };
    path.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// GitHub knows no tiers, but says which environment people use.
fn tier(fields: &Fields<'_>) -> Option<String> {
    let is_production = fields.0.pointer("/deployment/production_environment").and_then(serde_json::Value::as_bool) == Some(true);
    is_production.then(|| "production".to_owned())
}

/// Who started this attempt. The deployment itself may be made by the machine that runs the workflow.
fn initiator(namer: &Namer, fields: &Fields<'_>) -> Account {
    let is_person = |pointer: &&str| fields.text(&format!("{pointer}/type")).as_deref() == Some("User");
    let actors = ["/workflow_run/triggering_actor", "/workflow_run/actor"];
    let named = actors.into_iter().find(|pointer| fields.number(&format!("{pointer}/id")).is_some());
    let person = || ["/sender", "/deployment/creator"].into_iter().find(is_person);
    namer.account(fields, named.or_else(person).unwrap_or("/sender"))
}
