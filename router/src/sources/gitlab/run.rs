//! One run of a deployment, as every hook that tells of one names it.

use super::{BY_JOB, CALLBACK, KIND, Namer};
use crate::sources::reading::Fields;
use crate::sources::{Account, Place, Reject, Signal, Wish};
use engine::event::DeploymentOutcome;
use engine::ids::ChangeKey;
use engine::request::{Attributes, Callback, Origin, SourceName, Subject};
use std::collections::BTreeMap;

pub struct Run<'a> {
    pub namer: &'a Namer,
    pub project: i64,
    /// `path_with_namespace`.
    pub path: String,
    pub environment: String,
    pub tier: Option<String>,
    pub commit: String,
    /// `None` for a deployment that was made through GitLab's API: then there is no job to start.
    pub job: Option<i64>,
    /// Only the deployment hook says it.
    pub deployment: Option<i64>,
}

/// What people read about it.
pub struct Told {
    pub title: Option<String>,
    pub git_ref: Option<String>,
    pub url: Option<String>,
    pub initiator: Account,
}

/// The project of a hook, by id and path.
pub fn project(fields: &Fields<'_>) -> Result<(i64, String), Reject> {
    Ok((fields.required_number("/project/id")?, fields.required_text("/project/path_with_namespace")?))
}

impl Run<'_> {
    pub fn key(&self) -> ChangeKey {
        self.namer.key(self.project, &self.environment, &self.commit)
    }

    /// The job where there is one, because every hook knows it. A job that is retried is another job.
    pub fn id(&self) -> String {
        self.job.or(self.deployment).map(|id| id.to_string()).unwrap_or_default()
    }

    pub fn started(&self) -> Signal {
        let place = Place { service: self.path.clone(), environment: self.environment.clone(), tier: self.tier.clone() };
        Signal::Started { key: self.key(), run: self.id(), place }
    }

    pub fn finished(&self, outcome: DeploymentOutcome) -> Signal {
        Signal::Finished { key: self.key(), run: self.id(), outcome }
    }

    pub fn opens(&self, told: Told, event: &str) -> Signal {
        let integration = self.namer.integration.clone();
        let Told { title, git_ref, url, initiator } = told;
        Signal::Opens(Box::new(Wish {
            key: self.key(),
            title: title.unwrap_or_else(|| format!("{} to {}", self.path, self.environment)),
            environment: self.environment.clone(),
            tier: self.tier.clone(),
            subject: Subject {
                commit: Some(self.commit.clone()),
                artifacts: BTreeMap::new(),
                fields: BTreeMap::new(),
                target: format!("{integration}:{}:{}", self.path, self.environment),
            },
            service: SourceName { kind: KIND.to_owned(), integration, path: self.path.clone() },
            version: None,
            git_ref,
            url,
            sequence: self.deployment,
            initiator,
            authors: None,
            attributes: Attributes::default(),
            origin: Origin { callback: Some(self.callback()), event: event.to_owned() },
        }))
    }

    fn callback(&self) -> Callback {
        let kind = if self.deployment.is_some() { CALLBACK } else { BY_JOB };
        let ids = [("project_id", Some(self.project)), ("deployment_id", self.deployment), ("job_id", self.job)];
        let ids = ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?.to_string())));
        let names = [(Callback::RUN, self.id()), ("environment", self.environment.clone())];
        let params = ids.chain(names.into_iter().map(|(name, value)| (name.to_owned(), value))).collect();
        Callback { integration: self.namer.integration.clone(), kind: kind.to_owned(), params }
    }
}
