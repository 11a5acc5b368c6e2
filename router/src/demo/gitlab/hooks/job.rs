//! Hooks of jobs and of the pipelines that they run in.

use super::{Delivery, packed, project_body, user};
use crate::demo::gitlab::world::{Deployment, World};
use serde_json::{Value, json};

/// A pipeline's number is made from its deployment's.
const PIPELINES: i64 = 5_000;

/// The hook of the deployment's job as it is now. `None` for an unknown deployment.
pub fn job(secret: &str, world: &World, id: i64, sent: u64) -> Option<Delivery> {
    let deployment = world.deployments.get(&id)?;
    let what = &deployment.what;
    let project = world.projects.get(&what.project)?;
    let status = world.jobs.get(&deployment.job)?.status.word();
    let body = json!({
        "object_kind": "build",
        "ref": what.git_ref,
        "tag": false,
        "sha": what.sha,
        "build_id": deployment.job,
        "build_name": "deploy",
        "build_stage": "deploy",
        "build_status": status,
        "build_allow_failure": false,
        "pipeline_id": PIPELINES + id,
        "project_id": what.project,
        "project_name": project.path.replace('/', " / "),
        "user": user(what.user),
        "commit": { "id": PIPELINES + id, "sha": what.sha, "message": project.commits.get(&what.sha)?.message },
        "project": project_body(what.project, project),
        "environment": environment(deployment),
    });
    packed(secret, "Job Hook", &body, sent)
}

/// The hook of the deployment's pipeline, which has come to this status.
pub fn pipeline(secret: &str, world: &World, id: i64, status: &str, sent: u64) -> Option<Delivery> {
    let deployment = world.deployments.get(&id)?;
    let what = &deployment.what;
    let project = world.projects.get(&what.project)?;
    let job = world.jobs.get(&deployment.job)?;
    let tested = json!({ "id": job.id + PIPELINES, "stage": "test", "name": "unit", "status": "success", "environment": null });
    let deploys = json!({
        "id": job.id, "stage": "deploy", "name": "deploy", "status": job.status.word(), "when": "manual", "manual": true,
        "environment": environment(deployment),
    });
    let body = json!({
        "object_kind": "pipeline",
        "object_attributes": { "id": PIPELINES + id, "ref": what.git_ref, "sha": what.sha, "status": status, "stages": ["test", "deploy"] },
        "user": user(what.user),
        "project": project_body(what.project, project),
        "builds": [tested, deploys],
    });
    packed(secret, "Pipeline Hook", &body, sent)
}

fn environment(deployment: &Deployment) -> Value {
    json!({ "name": deployment.what.environment, "action": "start", "deployment_tier": deployment.what.tier })
}
