//! The paths of GitLab's API that belong to one waiting deployment, and how its answers are read.

use crate::sources::reading::cut;
use crate::sources::{Call, Exchange, Turn};
use engine::event::ToolDecision;
use engine::request::Callback;
use serde_json::{Value, json};
use url::form_urlencoded;

/// GitLab refuses longer comments, in characters (`Deployments::Approval`).
pub const COMMENT_CHARS: usize = 255;
/// How much of an answer's message is repeated to people, in bytes.
const MESSAGE_BYTES: usize = 300;

/// What belongs to the whole project.
pub struct Project<'a>(&'a str);

impl<'a> Project<'a> {
    pub fn of(callback: &'a Callback) -> Result<Self, Turn> {
        number(callback, "project_id").map(Self)
    }

    pub fn commit(&self, sha: &str) -> Call {
        Call::get(self.commit_path(sha))
    }

    /// Pages count from 1.
    pub fn merge_requests(&self, sha: &str, page: usize, per_page: usize) -> Call {
        Call::get(format!("{}/merge_requests?per_page={per_page}&page={page}", self.commit_path(sha)))
    }

    /// The newest deployments to an environment.
    pub fn deployments(&self, environment: &str, per_page: usize) -> Call {
        let environment: String = form_urlencoded::byte_serialize(environment.as_bytes()).collect();
        Call::get(format!("/projects/{}/deployments?environment={environment}&order_by=id&sort=desc&per_page={per_page}", self.0))
    }

    fn commit_path(&self, sha: &str) -> String {
        format!("/projects/{}/repository/commits/{sha}", self.0)
    }
}

/// A callback's parameters, checked to be numbers: they become parts of a path.
pub struct Target<'a> {
    project: &'a str,
    deployment: &'a str,
    job: Option<&'a str>,
}

impl<'a> Target<'a> {
    pub fn of(callback: &'a Callback) -> Result<Self, Turn> {
        Ok(Self {
            project: number(callback, "project_id")?,
            deployment: number(callback, "deployment_id")?,
            job: callback.params.contains_key("job_id").then(|| number(callback, "job_id")).transpose()?,
        })
    }

    pub fn approval(&self, decision: ToolDecision, comment: &str) -> Call {
        let status = match decision {
            ToolDecision::Approve => "approved",
            ToolDecision::Reject => "rejected",
        };
        let comment: String = comment.chars().take(COMMENT_CHARS).collect();
        Call::post(self.approval_path(), Some(json!({ "status": status, "comment": comment })))
    }

    pub fn deployment(&self) -> Call {
        Call::get(self.deployment_path())
    }

    /// `None` for a deployment without a job.
    pub fn job(&self) -> Option<Call> {
        self.job.map(|job| Call::get(self.job_path(job)))
    }

    pub fn play(&self) -> Option<Call> {
        self.job.map(|job| Call::post(format!("{}/play", self.job_path(job)), None))
    }

    /// Which of a decision's steps this call was; what is none of the others is the reading of the job.
    pub fn step(&self, call: &Call) -> Step {
        if call.path_and_query == self.approval_path() {
            Step::Approval
        } else if call.path_and_query == self.deployment_path() {
            Step::Deployment
        } else if Some(call) == self.play().as_ref() {
            Step::Play
        } else {
            Step::Job
        }
    }

    fn approval_path(&self) -> String {
        format!("{}/approval", self.deployment_path())
    }

    fn deployment_path(&self) -> String {
        format!("/projects/{}/deployments/{}", self.project, self.deployment)
    }

    fn job_path(&self, job: &str) -> String {
        format!("/projects/{}/jobs/{job}", self.project)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Approval,
    Deployment,
    Job,
    Play,
}

fn number<'a>(callback: &'a Callback, param: &str) -> Result<&'a str, Turn> {
    let value = callback.params.get(param).map(String::as_str).unwrap_or_default();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(value);
    }
    Err(Turn::Failed { why: format!("the callback’s {param} is not a number") })
}

/// GitLab's own words in an answer: `message`, else `error`; a text, a list or an object of lists.
pub fn message(answer: &Exchange) -> String {
    let said = answer.body.get("message").or_else(|| answer.body.get("error")).unwrap_or(&answer.body);
    let text = match said {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => said.to_string(),
    };
    cut(text.trim(), MESSAGE_BYTES).to_owned()
}

/// An answer that no step expects: it may pass, or somebody has to look.
pub fn unexpected(answer: &Exchange, doing: &str) -> Turn {
    let why = match (answer.status, message(answer)) {
        (401, _) => format!("{doing}: GitLab does not accept the token (401)"),
        (status, said) if said.is_empty() => format!("{doing}: GitLab answered {status}"),
        (status, said) => format!("{doing}: GitLab answered {status}: {said}"),
    };
    match answer.status {
        408 | 425 | 429 | 500.. => Turn::Wait { why },
        _ => Turn::Failed { why },
    }
}
