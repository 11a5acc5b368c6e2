//! What the pretend Argo CD answers: applications as its API shows them, and gRPC's errors in JSON.

use super::{Application, FakeArgocd, TOKEN};
use crate::fakes::door::{Call, Reply};
use serde_json::{Value, json};

/// `None` for a path that Argo CD does not have at all.
pub fn answer(argocd: &FakeArgocd, call: &Call) -> Option<Reply> {
    let path = call.path.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path.strip_prefix("/api/v1/applications/")?.split('/').collect();
    if call.authorization() != format!("Bearer {TOKEN}") {
        return Some(refused(401, "no session information"));
    }
    let mut state = argocd.state();
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", [_, "revisions", revision, "metadata"]) => Some(match state.commits.get(*revision) {
            Some((author, message)) => Reply::Json(200, json!({ "author": author, "message": message })),
            None => refused(500, "unable to resolve the revision"),
        }),
        ("GET", [name]) => Some(state.applications.get(*name).map_or_else(missing, |found| Reply::Json(200, shown(found)))),
        ("POST", [name, "sync"]) => Some(match state.applications.get_mut(*name) {
            Some(found) => synced(found, &call.json()),
            None => missing(),
        }),
        _ => None,
    }
}

fn synced(application: &mut Application, body: &Value) -> Reply {
    // Without a revision Argo CD takes what Git has now.
    let revision = body["revision"].as_str().unwrap_or(&application.target).to_owned();
    match application.sync(&revision) {
        Ok(()) => Reply::Json(200, shown(application)),
        Err((status, message)) => refused(status, message),
    }
}

fn shown(application: &Application) -> Value {
    let is_synced = application.live == application.target;
    let status = if is_synced { "Synced" } else { "OutOfSync" };
    let mut body = json!({
        "metadata": { "uid": application.uid },
        "spec": { "project": application.project },
        "status": { "sync": { "status": status, "revision": application.target } },
    });
    if let Some(operation) = &application.operation {
        let sync = json!({ "sync": { "revision": operation.revision } });
        body["status"]["operationState"] = json!({ "phase": operation.phase, "startedAt": operation.started_at, "operation": sync });
        if operation.phase == "Running" {
            body["operation"] = sync;
        } else {
            body["status"]["operationState"]["syncResult"] = json!({ "revision": operation.revision });
        }
    }
    body
}

fn missing() -> Reply {
    refused(404, "applications.argoproj.io not found")
}

fn refused(status: u16, message: &str) -> Reply {
    Reply::Json(status, json!({ "error": message, "message": message }))
}
