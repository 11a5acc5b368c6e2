//! The hooks that GitLab sends, in its own shape: of deployments here, of jobs and merge requests below.

mod job;
mod merge_request;

pub use job::{job, pipeline};
pub use merge_request::merge_request;

use super::world::{Approval, Deployment, Project, World};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use uuid::Uuid;

/// Monday, 5 January 2026, 09:00 UTC: hooks are a second apart from here on.
const FIRST_HOOK_S: i64 = 1_767_603_600;
const SITE: &str = "https://gitlab.example.com";

/// The statuses that deployment hooks carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookStatus {
    Blocked,
    Running,
    Success,
    Failed,
    Canceled,
    Approved,
    Rejected,
}

impl HookStatus {
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// A hook on its way: GitLab sends the same headers again when it tries again.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// The hook number `sent` of this instance. `None` for an unknown deployment.
pub fn delivery(secret: &str, world: &World, id: i64, status: HookStatus, sent: u64) -> Option<Delivery> {
    let deployment = world.deployments.get(&id)?;
    let mut body = body(world, deployment, status, sent)?;
    if matches!(status, HookStatus::Approved | HookStatus::Rejected) {
        let approval = deployment.approvals.last()?;
        body["approver"] = user(approval.user);
        body["approval"] = approval_body(approval, status);
    }
    packed(secret, "Deployment Hook", &body, sent)
}

fn packed(secret: &str, hook: &str, body: &Value, sent: u64) -> Option<Delivery> {
    Some(Delivery { headers: headers(secret, hook, sent)?, body: body.to_string().into_bytes() })
}

fn headers(secret: &str, hook: &str, sent: u64) -> Option<HeaderMap> {
    let uuid = |of: u64| Uuid::from_u64_pair(of, sent).to_string();
    let values = [
        ("content-type", "application/json".to_owned()),
        ("user-agent", "GitLab/18.9.0".to_owned()),
        ("x-gitlab-event", hook.to_owned()),
        ("x-gitlab-instance", SITE.to_owned()),
        ("x-gitlab-webhook-uuid", Uuid::from_u64_pair(1, 1).to_string()),
        ("x-gitlab-event-uuid", uuid(2)),
        ("idempotency-key", uuid(3)),
        ("x-gitlab-token", secret.to_owned()),
    ];
    values.into_iter().map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?))).collect()
}

fn body(world: &World, deployment: &Deployment, status: HookStatus, sent: u64) -> Option<Value> {
    let what = &deployment.what;
    let project = world.projects.get(&what.project)?;
    let commit = project.commits.get(&what.sha)?;
    let site = format!("{SITE}/{}", project.path);
    Some(json!({
        "object_kind": "deployment",
        "status": status.word(),
        "status_changed_at": time(sent),
        "deployment_id": deployment.id,
        "deployable_id": deployment.job,
        "deployable_url": format!("{site}/-/jobs/{}", deployment.job),
        "environment": what.environment,
        "environment_tier": what.tier,
        "environment_slug": what.environment.replace('/', "-"),
        "environment_external_url": null,
        "project": project_body(what.project, project),
        "short_sha": what.sha.get(..8),
        "user": user(what.user),
        "user_url": format!("{SITE}/user-{}", what.user),
        "commit_url": format!("{site}/-/commit/{}", what.sha),
        "commit_title": commit.message.lines().next(),
        "ref": what.git_ref,
    }))
}

fn project_body(id: i64, project: &Project) -> Value {
    json!({
        "id": id,
        "name": project.path.rsplit('/').next(),
        "description": null,
        "web_url": format!("{SITE}/{}", project.path),
        "namespace": project.path.split('/').next(),
        "visibility_level": 0,
        "path_with_namespace": project.path,
        "default_branch": "main",
    })
}

fn approval_body(approval: &Approval, status: HookStatus) -> Value {
    json!({ "id": approval.user, "status": status.word(), "comment": approval.comment, "approval_rule": null })
}

/// Addresses are hidden in hooks.
fn user(id: i64) -> Value {
    json!({ "id": id, "name": format!("User {id}"), "username": format!("user-{id}"), "email": "[REDACTED]" })
}

fn time(sent: u64) -> String {
    let seconds = FIRST_HOOK_S.saturating_add_unsigned(sent);
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, false)
}
