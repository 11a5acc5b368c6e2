//! What the pretend Argo CD answers: applications as its API shows them, and gRPC's errors in JSON.

use super::{Application, FakeArgocd, TOKEN};
use crate::fakes::door::{Call, Reply};
use serde_json::{Value, json};

/// `None` for a path that Argo CD does not have at all.
pub fn answer(argocd: &FakeArgocd, call: &Call) -> Option<Reply> {
    let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
    let segments: Vec<&str> = path.strip_prefix("/api/v1/applications/")?.split('/').collect();
    if call.authorization() != format!("Bearer {TOKEN}") {
        return Some(refused(401, "no session information"));
    }
    let mut state = argocd.state();
    match (call.method.as_str(), segments.as_slice()) {
        // Without its index the source can't be told among several.
        ("GET", [name, "revisions", _, "metadata"])
            if state.applications.get(*name).is_some_and(|found| found.has_list != query.starts_with("sourceIndex=")) =>
        {
            Some(refused(500, "source index not found"))
        }
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
    let revision = match wanted(application, body) {
        Ok(revision) => revision,
        Err(message) => return refused(400, message),
    };
    match application.sync(&revision) {
        Ok(()) => Reply::Json(200, shown(application)),
        Err((status, message)) => refused(status, message),
    }
}

/// What is not pinned is what Git has now; an application with a list of sources does not look at `revision`.
fn wanted(application: &Application, body: &Value) -> Result<String, &'static str> {
    if !application.has_list {
        return Ok(body["revision"].as_str().unwrap_or(&application.target).to_owned());
    }
    let mut revisions: Vec<&str> = application.target.split(',').collect();
    let positions =
        body["sourcePositions"].as_array().into_iter().flatten().filter_map(|position| position.as_str()?.parse::<usize>().ok());
    for (position, revision) in positions.zip(body["revisions"].as_array().into_iter().flatten()) {
        let place = position.checked_sub(1).and_then(|index| revisions.get_mut(index)).ok_or("source position is out of range")?;
        *place = revision.as_str().unwrap_or_default();
    }
    Ok(revisions.join(","))
}

/// `revision`, or `revisions` of a list.
fn at(application: &Application, revision: &str) -> Value {
    if !application.has_list {
        return json!({ "revision": revision });
    }
    json!({ "revision": "", "revisions": revision.split(',').collect::<Vec<_>>() })
}

fn shown(application: &Application) -> Value {
    let is_synced = application.live == application.target;
    let status = if is_synced { "Synced" } else { "OutOfSync" };
    let mut body = json!({
        "metadata": { "uid": application.uid },
        "spec": { "project": application.project },
        "status": { "sync": at(application, &application.target) },
    });
    body["status"]["sync"]["status"] = json!(status);
    if let Some(operation) = &application.operation {
        let sync = json!({ "sync": at(application, &operation.revision) });
        body["status"]["operationState"] = json!({ "phase": operation.phase, "startedAt": operation.started_at, "operation": sync });
        if operation.phase == "Running" {
            body["operation"] = sync;
        } else {
            body["status"]["operationState"]["syncResult"] = at(application, &operation.revision);
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
