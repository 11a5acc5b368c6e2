//! What the pretend Jenkins answers: JSON from its APIs, pages from everything else.

use super::{Build, FakeJenkins, Input, Refusal, TOKEN, USER};
use crate::fakes::door::{Call, Reply};
use serde_json::{Value, json};

/// `None` for a path that Jenkins does not have at all.
pub fn answer(jenkins: &FakeJenkins, call: &Call) -> Option<Reply> {
    let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    let names = segments.chunks(2).take_while(|pair| pair.first() == Some(&"job")).count();
    let job: Vec<String> = segments.chunks(2).take(names).filter_map(|pair| decoded(pair.get(1)?)).collect();
    let (number, rest) = segments.get(names * 2..)?.split_first()?;
    if !is_authenticated(call) {
        return Some(page(401, "Invalid password/token for user: svc-gate"));
    }
    let mut builds = jenkins.builds();
    let build = builds.get_mut(&(job.join("/"), number.parse().ok()?));
    match (call.method.as_str(), rest) {
        ("GET", ["wfapi", "pendingInputActions"]) => Some(build.map_or_else(gone, |build| Reply::Json(200, pending(build)))),
        ("GET", ["api", "json"]) if query == "tree=building%2Cresult%2Cactions%5BuserId%5D" => {
            Some(build.map_or_else(gone, |build| Reply::Json(200, state(build))))
        }
        ("POST", ["input", id, "proceedEmpty"]) => Some(build.map_or_else(gone, |build| settle(build, id, Input::Proceeded))),
        ("POST", ["input", id, "proceed"]) => Some(build.map_or_else(gone, |build| proceed(build, id, call))),
        ("POST", ["input", id, "abort"]) => Some(build.map_or_else(gone, |build| settle(build, id, Input::Aborted))),
        _ => None,
    }
}

/// `Basic` and the base64 of [`TOKEN`], written out: the fake does not share our encoder.
fn is_authenticated(call: &Call) -> bool {
    debug_assert_eq!(TOKEN, "svc-gate:11deadbeef");
    call.authorization() == "Basic c3ZjLWdhdGU6MTFkZWFkYmVlZg=="
}

fn pending(build: &Build) -> Value {
    let waiting = build.inputs.iter().filter(|(_, input)| **input == Input::Waits && build.result.is_none());
    let shown = |id: &String| {
        let asks = build.asks.get(id).cloned().unwrap_or_default();
        json!({ "id": id, "proceedText": "Proceed", "message": "Waiting for change approval", "inputs": asks })
    };
    waiting.map(|(id, _)| shown(id)).collect()
}

fn state(build: &Build) -> Value {
    let mut actions = vec![json!({}), json!({ "_class": "hudson.model.CauseAction" })];
    actions.extend(build.approvers.iter().map(|user| json!({ "_class": "…input.ApproverAction", "userId": user })));
    json!({ "_class": "…WorkflowRun", "building": build.result.is_none(), "result": build.result, "actions": actions })
}

/// A form with a field `json`; a parameter that the step does not have is an error of the server.
fn proceed(build: &mut Build, id: &str, call: &Call) -> Reply {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&call.body).unwrap_or_default();
    let is_form = call.header("content-type") == "application/x-www-form-urlencoded";
    let Some((_, form)) = fields.into_iter().find(|(name, _)| is_form && name == "json") else {
        return page(400, "This page expects a form submission");
    };
    let form: Value = serde_json::from_str(&form).unwrap_or_default();
    let asked = build.asks.get(&decoded(id).unwrap_or_default()).cloned().unwrap_or_default();
    for parameter in form["parameter"].as_array().into_iter().flatten() {
        let (name, value) = (&parameter["name"], &parameter["value"]);
        if !asked.iter().any(|asked| asked["name"] == *name) {
            return page(500, "No such parameter definition");
        }
        build.given.insert(name.as_str().unwrap_or_default().to_owned(), value.clone());
    }
    settle(build, id, Input::Proceeded)
}

fn settle(build: &mut Build, id: &str, to: Input) -> Reply {
    match build.answer(&decoded(id).unwrap_or_default(), USER, to) {
        Ok(()) => Reply::Page(200, String::new()),
        Err(Refusal::NotThere) => gone(),
        Err(Refusal::NotAllowed) => page(400, "You need to be release-managers to submit this"),
    }
}

fn gone() -> Reply {
    page(404, "Not Found")
}

fn page(status: u16, sentence: &str) -> Reply {
    Reply::Page(status, format!("<html><head><title>Jenkins</title></head><body><h1>Error</h1><p>{sentence}</p></body></html>"))
}

fn decoded(segment: &str) -> Option<String> {
    serde_urlencoded::from_str::<Vec<(String, String)>>(&format!("x={}", segment.replace('+', "%2B"))).ok()?.pop().map(|(_, text)| text)
}
