//! Tables over senders that we don't know by name.

use super::*;
use crate::sources::{Call, Earlier, Occasion, Sources};
use engine::event::ToolDecision;
use engine::request::Callback;
use serde_json::json;

const SHA: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";
const KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

fn build(lines: &str) -> Result<Sources, String> {
    let integration: Integration = toml::from_str(&format!("name = 'g'\nkind = 'generic'\nsecret = 'hunter2'\n{lines}")).unwrap();
    Sources::build(&[integration]).map_err(|fault| fault.to_string())
}

fn parse(lines: &str, body: &Value) -> Result<Parsed, Reject> {
    build(lines).unwrap().named("g").unwrap().source.parse(&HeaderMap::new(), body.to_string().as_bytes())
}

fn opened(lines: &str, body: &Value) -> (String, Option<Callback>) {
    match parse(lines, body).unwrap().signals.pop() {
        Some(Signal::Opens(wish)) => (wish.key.to_string(), wish.origin.callback),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_build_is_known_by_its_gate_and_anything_else_by_what_it_is() {
    let plain = json!({ "environment": "production", "sha": SHA, "service": "checkout-api" });
    assert!(opened("", &plain).0.starts_with("g:checkout-api:production:sha256:"));
    let build = json!({ "environment": "production", "sha": SHA, "job": "deploy", "build": 7 });
    assert_eq!(opened("", &build).0, "g:deploy#7:production");
    assert_eq!(opened("", &build).1, None, "without a callback_url the sender polls");
}

#[test]
fn fields_say_where_things_stand_and_faults_point_there() {
    let lines = "[fields]\nenvironment = '/target/name'\nsha = '/commit/id'\nservice = '/repo'\nauthors = '/commit/authors'";
    let body =
        json!({ "repo": "checkout-api", "target": { "name": "production" }, "commit": { "id": SHA, "authors": ["author-1"] }, "more": 1 });
    assert!(opened(lines, &body).0.starts_with("g:checkout-api:production:"));
    let mut wrong = body.clone();
    wrong["commit"]["id"] = "HEAD".into();
    assert!(matches!(parse(lines, &wrong), Err(Reject::Malformed { pointer, .. }) if pointer == "/commit/id"));
    let unmapped = parse("[fields]\nenvironment = '/target/name'", &body).unwrap_err();
    assert!(
        matches!(&unmapped, Reject::Malformed { pointer, detail } if pointer == "/sha" && detail.contains("does not say")),
        "{unmapped:?}"
    );
}

#[test]
fn settings_that_can_not_work_are_faults() {
    let cases = [
        ("[fields]\nenviroment = '/a'", "“enviroment” is none of"),
        ("[fields]\nsha = 'a'", "no JSON pointer"),
        ("token = 'x'", "callback_url is needed"),
        ("callback_url = 'https://ci.example.com/hook'", "token is needed"),
        ("callback_url = 'https://ci.example.com/hook'\ntoken = 'x'", "begins with whsec_"),
        ("api_url = 'https://ci.example.com'", "api_url is not a key of kind generic"),
        ("[signature]\nalgorithm = 'hmac-sha256'", "signature can't be used: header is missing"),
    ];
    for (lines, expected) in cases {
        let fault = build(lines).err().unwrap_or_default();
        assert!(fault.contains(expected) && !fault.contains("hunter2"), "{lines}: {fault}");
    }
    let ftp = build(&format!("callback_url = 'ftp://ci.example.com/hook'\ntoken = '{KEY}'")).err().unwrap_or_default();
    assert!(ftp.contains("callback_url can't be used"), "{ftp}");
}

#[test]
fn a_decision_is_posted_signed_and_confirmed_by_2xx() {
    let lines = format!("callback_url = 'https://ci.example.com/hooks/gate?team=a'\ntoken = '{KEY}'");
    let body = json!({ "environment": "production", "sha": SHA, "service": "checkout-api", "build_url": "https://ci.example.com/7" });
    let callback = opened(&lines, &body).1.unwrap();
    let sources = build(&lines).unwrap();
    let connection = sources.named("g").unwrap();
    assert_eq!(connection.api.as_ref().unwrap().base.as_str(), "https://ci.example.com/");
    let mut occasion = Occasion::first();
    let first = Ask::Decision { callback: &callback, decision: ToolDecision::Approve, comment: "by two", occasion: &occasion };
    let Turn::NoteFirst { seen } = connection.source.converse(&first, &[]) else { panic!("it is posted before it is written down") };
    occasion = Occasion { now: occasion.now.plus_seconds(60), earlier: Earlier::Noted { seen: seen.clone() }, ..occasion };
    let ask = Ask::Decision { callback: &callback, decision: ToolDecision::Approve, comment: "by two others", occasion: &occasion };
    let Turn::Call(call) = connection.source.converse(&ask, &[]) else { panic!("no call") };
    assert_eq!(call.json().unwrap().to_string(), seen, "the same body, however often and whenever it is posted");
    let other = Ask::Decision { callback: &callback, decision: ToolDecision::Reject, comment: "by one", occasion: &occasion };
    assert!(matches!(connection.source.converse(&other, &[]), Turn::NoteFirst { .. }), "what was written down of another decision");
    assert_eq!(call.path_and_query, "/hooks/gate?team=a");
    let sent = call.json().unwrap();
    assert_eq!((&sent["type"], &sent["data"]["decision"]), (&json!("approval.closed"), &json!("approved")));
    assert_eq!(
        sent["data"]["request"],
        json!({ "environment": "production", "sha": SHA, "service": "checkout-api", "build_url": "https://ci.example.com/7" })
    );
    assert_eq!(call.headers[0].1, "msg_00000000-0000-0000-0000-000000000000_1_approved");
    let answers = [(200, "confirmed"), (204, "confirmed"), (301, "failed"), (400, "failed"), (410, "failed"), (429, "wait"), (500, "wait")];
    for (status, expected) in answers {
        let exchange = Exchange { call: Call::clone(&call), status, body: Value::Null };
        let word = match connection.source.converse(&ask, &[exchange]) {
            Turn::Confirmed { .. } => "confirmed",
            Turn::Wait { .. } => "wait",
            Turn::Failed { .. } => "failed",
            other => panic!("{other:?}"),
        };
        assert_eq!(word, expected, "{status}");
    }
}
