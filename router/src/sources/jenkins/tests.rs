//! Tables over Jenkins: deliveries, and every branch of the conversation about an input.

use super::*;
use crate::sources::{Body, Call, Earlier, Occasion, Signal};
use axum::http::{HeaderName, HeaderValue};
use engine::event::DeploymentOutcome;
use engine::event::ToolDecision::{self, Approve, Reject as No};
use engine::fields::{FieldValue, Fields};
use engine::request::Callback;
use serde_json::json;

const SHA: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";
const BUILD: &str = "/job/payments/job/checkout%20api/42";

fn jenkins() -> Jenkins {
    Jenkins { secrets: vec![Secret::new("hunter2").unwrap()], integration: "jenkins-main".into(), realm: "jenkins".to_owned() }
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

fn step() -> Value {
    json!({ "environment": "production", "sha": SHA, "service": "checkout-api", "job": "payments/checkout api", "build": 42, "input_id": "deploy-gate" })
}

fn parse(body: &Value) -> Result<Parsed, Reject> {
    jenkins().parse(&HeaderMap::new(), body.to_string().as_bytes())
}

fn opened(body: &Value) -> (String, Option<Callback>) {
    match parse(body).unwrap().signals.pop() {
        Some(Signal::Opens(wish)) => (wish.key.to_string(), wish.origin.callback),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_bearer_secret_or_a_password_is_taken() {
    let verify = |value: &str| jenkins().verify(&headers(&[("authorization", value)]), b"", Timestamp::from_micros(0).unwrap()).is_ok();
    assert!(verify("Bearer hunter2") && verify("Basic YW55Omh1bnRlcjI="));
    for wrong in ["Bearer hunter", "Basic aHVudGVyMg==", "Basic YW55OmI=", "Basic %", "hunter2", "", "Basic"] {
        assert!(!verify(wrong), "{wrong}");
    }
}

#[test]
fn an_input_is_one_change_and_is_named_as_jenkins_names_it() {
    let (key, callback) = opened(&step());
    assert_eq!(key, "jenkins-main:payments/checkout api#42:Deploy-gate");
    assert_eq!(callback.unwrap().params["input_id"], "Deploy-gate");
    let without = |name: &str| {
        let mut body = step();
        body.as_object_mut().unwrap().remove(name);
        body
    };
    let (polling, callback) = opened(&without("input_id"));
    assert_eq!((polling.as_str(), callback), ("jenkins-main:payments/checkout api#42::production", None));
    for (name, pointer) in [("job", "/input_id"), ("build", "/input_id")] {
        assert!(matches!(parse(&without(name)), Err(Reject::Malformed { pointer: at, .. }) if at == pointer), "{name}");
    }
    for job in ["../x", "a//b", "a/./b", "a#1"] {
        let mut body = step();
        body["job"] = job.into();
        assert!(matches!(parse(&body), Err(Reject::Malformed { pointer, .. }) if pointer == "/job"), "{job}");
    }
}

#[test]
fn a_repeat_is_known_by_its_key_or_by_what_it_says() {
    let key = |pairs: &[(&'static str, &str)], body: &Value| jenkins().parse(&headers(pairs), body.to_string().as_bytes()).unwrap().key;
    assert_eq!(key(&[("idempotency-key", "jenkins-a-42")], &step()), "jenkins-a-42");
    assert_eq!(key(&[], &step()), key(&[], &step()));
    let mut other = step();
    other["build"] = 43.into();
    assert_ne!(key(&[], &step()), key(&[], &other));
}

fn notification(phase: &str, status: &str) -> Value {
    json!({
        "name": "checkout api", "url": "job/payments/job/checkout%20api/",
        "build": { "full_url": "https://ci.example.com/job/payments/job/checkout%20api/42/", "number": 42, "phase": phase, "status": status },
    })
}

#[test]
fn only_the_last_phase_says_how_a_build_ended() {
    let ended = |phase: &str, status: &str| parse(&notification(phase, status)).unwrap().signals.pop();
    for phase in ["QUEUED", "STARTED", "COMPLETED", "A_PHASE_OF_NEXT_YEAR"] {
        assert_eq!(ended(phase, "SUCCESS"), None, "{phase}");
    }
    let outcomes = [
        ("SUCCESS", DeploymentOutcome::Success),
        ("FAILURE", DeploymentOutcome::Failure),
        ("UNSTABLE", DeploymentOutcome::Failure),
        ("ABORTED", DeploymentOutcome::Cancelled),
        ("NOT_BUILT", DeploymentOutcome::Cancelled),
    ];
    for (status, outcome) in outcomes {
        let (keys_begin, run) = ("jenkins-main:payments/checkout api#42:".to_owned(), "payments/checkout api#42".to_owned());
        assert!(opened(&step()).0.starts_with(&keys_begin), "the plugin's job is the step's");
        assert_eq!(ended("FINALIZED", status), Some(Signal::RunFinished { keys_begin, run, outcome }), "{status}");
    }
    assert_eq!(ended("FINALIZED", "A_STATUS_OF_NEXT_YEAR"), None);
    let key = |phase: &str, status: &str| parse(&notification(phase, status)).unwrap().key;
    assert_eq!(key("STARTED", ""), key("STARTED", ""));
    assert_ne!(key("FINALIZED", "SUCCESS"), key("COMPLETED", "SUCCESS"));
    let mut odd = notification("FINALIZED", "SUCCESS");
    odd["url"] = "view/all/".into();
    assert!(matches!(parse(&odd), Err(Reject::Malformed { pointer, .. }) if pointer == "/url"));
}

fn turn(decision: ToolDecision, earlier: Earlier, so_far: &[Exchange]) -> Turn {
    turn_with(Fields::new(), decision, earlier, so_far)
}

fn turn_with(fields: Fields, decision: ToolDecision, earlier: Earlier, so_far: &[Exchange]) -> Turn {
    let callback = opened(&step()).1.unwrap();
    let occasion = Occasion { earlier, fields, ..Occasion::first() };
    jenkins().converse(&Ask::Decision { callback: &callback, decision, comment: "", occasion: &occasion }, so_far)
}

fn pending(status: u16, body: Value) -> Exchange {
    Exchange { call: Call::get(format!("{BUILD}/wfapi/pendingInputActions")), status, body }
}

fn waiting() -> Exchange {
    pending(200, json!([{ "id": "Other" }, { "id": "Deploy-gate" }]))
}

fn posted(verb: &str, status: u16, page: &str) -> Exchange {
    Exchange { call: Call::post(format!("{BUILD}/input/Deploy-gate/{verb}"), None), status, body: page.into() }
}

fn state(status: u16, body: Value) -> Exchange {
    let path = format!("{BUILD}/api/json?tree=building%2Cresult%2Cactions%5BuserId%5D");
    Exchange { call: Call::get(path), status, body }
}

fn build(result: Option<&str>, let_through: bool) -> Exchange {
    let actions =
        if let_through { json!([{}, { "userId": "svc-gate" }]) } else { json!([{}, { "causes": [{ "userId": "requester-1" }] }]) };
    state(200, json!({ "building": result.is_none(), "result": result, "actions": actions }))
}

/// What a turn is, in a word.
fn word(turn: &Turn) -> &'static str {
    match turn {
        Turn::Call(call) if *call == waiting().call => "pending",
        Turn::Call(call) if *call == posted("proceedEmpty", 200, "").call => "proceed",
        Turn::Call(call) if *call == posted("abort", 200, "").call => "abort",
        Turn::Call(call) if *call == build(None, false).call => "state",
        Turn::Call(call) => panic!("{call:?}"),
        Turn::NoteFirst { .. } => "note",
        Turn::Confirmed { .. } => "confirmed",
        Turn::DecidedOtherwise { decision: Approve, .. } => "approved there",
        Turn::DecidedOtherwise { decision: No, .. } => "rejected there",
        Turn::Wait { .. } => "wait",
        Turn::Failed { .. } => "failed",
        Turn::Begun { .. } | Turn::Authors(_) => "odd",
    }
}

#[test]
fn an_input_is_answered_once_it_was_seen_and_noted() {
    use Earlier::Nothing;
    let noted = Earlier::Noted { seen: String::new() };
    let absent = || pending(200, json!([]));
    let none = || pending(404, Value::Null);
    let taken = "<html><h1>This input has been already given</h1></html>";
    let cases = [
        (Approve, Nothing, vec![], "pending"),
        (Approve, Nothing, vec![waiting()], "note"),
        (Approve, noted.clone(), vec![waiting()], "proceed"),
        (No, Nothing, vec![waiting()], "note"),
        (No, noted.clone(), vec![waiting()], "abort"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 200, "")], "confirmed"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 404, "")], "state"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 400, taken)], "state"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 302, "")], "state"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 400, "<p>You need to be svc-gate to submit this</p>")], "failed"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 403, "No valid crumb was included")], "failed"),
        (Approve, noted.clone(), vec![waiting(), posted("proceedEmpty", 500, "")], "wait"),
        (Approve, Nothing, vec![absent()], "state"),
        (Approve, Nothing, vec![pending(401, Value::Null)], "failed"),
        (Approve, Nothing, vec![pending(502, Value::Null)], "wait"),
        (Approve, Nothing, vec![absent(), build(None, false)], "wait"),
        (Approve, Nothing, vec![absent(), build(None, true)], "wait"),
        (Approve, noted.clone(), vec![absent(), build(None, true)], "confirmed"),
        (Approve, noted.clone(), vec![absent(), build(None, false)], "wait"),
        (No, noted.clone(), vec![absent(), build(None, true)], "wait"),
        (Approve, Nothing, vec![absent(), build(Some("SUCCESS"), false)], "confirmed"),
        (Approve, Nothing, vec![absent(), build(Some("ABORTED"), false)], "rejected there"),
        (Approve, Nothing, vec![absent(), build(Some("FAILURE"), true)], "rejected there"),
        (Approve, noted.clone(), vec![absent(), build(Some("FAILURE"), true)], "confirmed"),
        (Approve, noted.clone(), vec![absent(), build(Some("ABORTED"), false)], "rejected there"),
        (Approve, noted.clone(), vec![absent(), build(Some("ODD"), true)], "failed"),
        (No, Nothing, vec![absent(), build(Some("ABORTED"), false)], "confirmed"),
        (No, Nothing, vec![absent(), build(Some("SUCCESS"), true)], "approved there"),
        (No, Nothing, vec![absent(), build(Some("ODD"), true)], "failed"),
        (Approve, Nothing, vec![none()], "state"),
        (Approve, Nothing, vec![none(), build(None, false)], "failed"),
        (Approve, Nothing, vec![none(), state(404, Value::Null)], "failed"),
        (Approve, Nothing, vec![none(), build(Some("ABORTED"), false)], "rejected there"),
        (Approve, Nothing, vec![absent(), state(200, json!("a page"))], "failed"),
    ];
    for (decision, earlier, so_far, expected) in cases {
        let turn = turn(decision, earlier.clone(), &so_far);
        assert_eq!(word(&turn), expected, "{decision:?} {earlier:?} {so_far:#?}: {turn:?}");
    }
}

fn parameter(kind: &str, name: &str, definition: Value) -> Value {
    json!({ "type": format!("{kind}ParameterDefinition"), "name": name, "description": "", "definition": definition })
}

#[test]
fn what_an_input_asks_for_is_a_field_else_its_default() {
    let asking = |inputs: Value| pending(200, json!([{ "id": "Deploy-gate", "inputs": inputs }]));
    let fields = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), FieldValue::Text((*value).to_owned())));
        pairs.collect::<Fields>()
    };
    let noted = || Earlier::Noted { seen: String::new() };
    let all = json!([
        parameter("String", "REGION", json!({ "defaultVal": "eu-1" })),
        parameter("Boolean", "DRY_RUN", json!({ "defaultVal": true })),
        parameter("Choice", "SIZE", json!({ "defaultVal": "small", "choices": ["small", "large"] })),
    ]);
    let sent = |given: &[(&str, &str)]| match turn_with(fields(given), Approve, noted(), &[asking(all.clone())]) {
        Turn::Call(Call { path_and_query, body: Some(Body::Form(form)), .. }) => {
            assert_eq!(path_and_query, format!("{BUILD}/input/Deploy-gate/proceed"));
            let [("json", form)] = form.as_slice() else { panic!("{form:?}") };
            serde_json::from_str::<Value>(form).unwrap()
        }
        other => panic!("{other:?}"),
    };
    let parameters = |region: &str, dry: bool, size: &str| json!({ "parameter": [{ "name": "REGION", "value": region }, { "name": "DRY_RUN", "value": dry }, { "name": "SIZE", "value": size }] });
    assert_eq!(sent(&[]), parameters("eu-1", true, "small"));
    assert_eq!(sent(&[("REGION", "us-2"), ("DRY_RUN", "false"), ("SIZE", "large"), ("ODD", "x")]), parameters("us-2", false, "large"));
    let faults = [
        (vec![("DRY_RUN", "no")], all.clone(), "the field DRY_RUN is “no”, and the input takes true or false"),
        (vec![("SIZE", "huge")], all.clone(), "the field SIZE is “huge”, and the input takes only its own choices"),
        (vec![], json!([parameter("Run", "BUILD", json!({}))]), "the input asks for “BUILD”: send it in the step’s fields"),
    ];
    for (given, inputs, why) in faults {
        for earlier in [Earlier::Nothing, noted()] {
            let turn = turn_with(fields(&given), Approve, earlier, &[asking(inputs.clone())]);
            assert_eq!(turn, Turn::Failed { why: why.to_owned() });
        }
        assert_eq!(word(&turn(No, noted(), &[asking(inputs)])), "abort", "a no needs no parameters");
    }
}

#[test]
fn who_looks_into_a_refusal_reads_jenkins_own_words() {
    let page = "<html><body><p>You need to be svc-gate to submit this</p><script>long</script></body></html>";
    let Turn::Failed { why } = turn(Approve, Earlier::Noted { seen: String::new() }, &[waiting(), posted("proceedEmpty", 400, page)])
    else {
        panic!("not failed")
    };
    assert_eq!(why, "answering the input: Jenkins answered 400: You need to be svc-gate to submit this");
}
