//! A decision about a job whose deployment no hook has named: GitLab is asked for the deployment first.

use super::decision;
use super::target::{Project, unexpected};
use crate::sources::reading::Fields;
use crate::sources::{Exchange, Turn};
use engine::event::ToolDecision;
use engine::request::Callback;
use serde_json::Value;

/// How far back the deployment is looked for. It was made with its job, so it is among the newest.
const NEWEST: usize = 50;

/// Where approvals are asked for, starting the job alone would not be let through.
pub fn next(callback: &Callback, decision: ToolDecision, comment: &str, so_far: &[Exchange]) -> Turn {
    let project = match Project::of(callback) {
        Ok(project) => project,
        Err(failed) => return failed,
    };
    let Some((found, rest)) = so_far.split_first() else {
        let environment = callback.params.get("environment").map(String::as_str).unwrap_or_default();
        return Turn::Call(project.deployments(environment, NEWEST));
    };
    let Some(deployments) = found.body.as_array().filter(|_| found.status == 200) else {
        return unexpected(found, "looking for the job’s deployment");
    };
    match deployment_of(callback, deployments) {
        Some(deployment) => decision::next(&with(callback, deployment), decision, comment, rest),
        None => Turn::Wait { why: format!("none of the newest {NEWEST} deployments there is of this job") },
    }
}

fn deployment_of(callback: &Callback, deployments: &[Value]) -> Option<i64> {
    let job = callback.params.get("job_id")?;
    let is_of_it = |deployment: &&Value| Fields(deployment).number("/deployable/id").is_some_and(|id| id.to_string() == *job);
    Fields(deployments.iter().find(is_of_it)?).number("/id")
}

fn with(callback: &Callback, deployment: i64) -> Callback {
    let mut whole = callback.clone();
    whole.params.insert("deployment_id".to_owned(), deployment.to_string());
    whole
}
