//! Tables over Argo CD: notifications, and every branch of the conversation about a sync.

use super::*;
use crate::sources::{Call, Earlier, Occasion, Place, Signal, Wish};
use engine::directory::Directory;
use engine::event::DeploymentOutcome;
use engine::event::ToolDecision::{self, Approve, Reject as No};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const REVISION: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";
const OTHER: &str = "89ef89ef89ef89ef89ef89ef89ef89ef89ef89ef";
const KEY: &str = "argocd-main:checkout-api:production:0123abcd0123abcd0123abcd0123abcd0123abcd";

fn argocd(answering: Answering) -> Argocd {
    Argocd { secrets: vec![Secret::new("hunter2").unwrap()], integration: "argocd-main".into(), realm: "argocd".to_owned(), answering }
}

fn out_of_sync() -> Value {
    json!({
        "v": 1, "event": "out-of-sync", "app": "checkout-api", "uid": "uid-1", "project": "payments", "environment": "production",
        "revision": REVISION, "author": "Author One <author-1@example.com>", "url": "https://argocd.example.com/applications/checkout-api",
    })
}

fn operation(phase: &str) -> Value {
    json!({
        "v": 1, "event": "operation", "app": "checkout-api", "uid": "uid-1", "project": "payments", "environment": "production",
        "operation": { "phase": phase, "started_at": "2026-01-01T10:00:00Z", "revision": REVISION, "requested": "main" },
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn parse(answering: Answering, body: &Value) -> Result<Parsed, Reject> {
    argocd(answering).parse(&HeaderMap::new(), body.to_string().as_bytes())
}

fn wish(answering: Answering, body: &Value) -> Wish {
    match parse(answering, body).unwrap().signals.pop() {
        Some(Signal::Opens(wish)) => *wish,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_application_out_of_sync_asks_for_its_revision() {
    let wish = wish(Answering::Sync, &out_of_sync());
    assert_eq!((wish.key.as_str(), wish.service.path.as_str()), (KEY, "payments/checkout-api"));
    assert_eq!((wish.subject.commit.as_deref(), wish.authors), (Some(REVISION), None), "authors are asked for");
    assert_eq!(wish.origin.callback.unwrap().params["uid"], "uid-1");
    assert_eq!(wish.initiator.email.as_deref(), Some("author-1@example.com"), "a commit is the request");
    let named = with(out_of_sync(), "requested_by", json!("requester-1"));
    assert_eq!(self::wish(Answering::Sync, &named).initiator.id.as_deref(), Some("requester-1"));
    let chart = self::wish(Answering::Sync, &with(out_of_sync(), "revision", json!("1.4.2")));
    assert_eq!((chart.subject.commit, chart.version.as_deref()), (None, Some("1.4.2")));
}

#[test]
fn without_a_token_its_hooks_ask_and_authors_come_with_the_notification() {
    let polled = wish(Answering::Polled, &out_of_sync());
    assert_eq!(polled.origin.callback, None);
    assert_eq!(polled.to_request(&Directory::default()).authors.unwrap().unknown, ["author of the revision"]);
}

#[test]
fn operations_say_how_a_revision_goes() {
    let said = |phase: &str| parse(Answering::Sync, &operation(phase)).unwrap().signals.pop();
    let place = Place { service: "payments/checkout-api".to_owned(), environment: "production".to_owned(), tier: None };
    let (key, run) = (KEY.into(), REVISION.to_owned());
    assert_eq!(said("Running"), Some(Signal::Started { key, run, place }));
    for (phase, outcome) in
        [("Succeeded", DeploymentOutcome::Success), ("Failed", DeploymentOutcome::Failure), ("Error", DeploymentOutcome::Failure)]
    {
        assert_eq!(said(phase), Some(Signal::Finished { key: KEY.into(), run: REVISION.to_owned(), outcome }), "{phase}");
    }
    assert_eq!((said("Terminating"), said("A phase of next year")), (None, None));
    let key = |body: &Value| parse(Answering::Sync, body).unwrap().key;
    assert_eq!(key(&operation("Running")), key(&with(operation("Running"), "url", json!("https://x.example.com"))));
    assert_ne!(key(&operation("Running")), key(&operation("Failed")));
}

#[test]
fn what_can_not_be_read_is_pointed_at_and_what_is_not_handled_is_ignored() {
    for (name, value) in [("v", json!(2)), ("event", json!("")), ("app", json!(7)), ("uid", Value::Null), ("environment", json!(" "))] {
        let fault = parse(Answering::Sync, &with(out_of_sync(), name, value));
        assert!(matches!(&fault, Err(Reject::Malformed { pointer, .. }) if *pointer == format!("/{name}")), "{name}: {fault:?}");
    }
    for body in [with(out_of_sync(), "revision", json!("")), with(out_of_sync(), "event", json!("next-year"))] {
        assert_eq!(parse(Answering::Sync, &body).unwrap().signals, []);
    }
}

#[test]
fn a_hook_asks_by_name_environment_and_revision() {
    let query =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>();
    let asked = query(&[("environment", "production"), ("revision", REVISION)]);
    let key = argocd(Answering::Polled).polled(&Polled { path: "checkout-api", query: &asked }).unwrap();
    assert_eq!(key.unwrap().as_str(), KEY);
    for missing in [query(&[("environment", "production")]), query(&[("revision", REVISION)])] {
        assert!(argocd(Answering::Polled).polled(&Polled { path: "checkout-api", query: &missing }).unwrap().is_err());
    }
}

fn turn(decision: ToolDecision, earlier: Earlier, so_far: &[Exchange]) -> Turn {
    let callback = wish(Answering::Sync, &out_of_sync()).origin.callback.unwrap();
    let occasion = Occasion { earlier, ..Occasion::first() };
    argocd(Answering::Sync).converse(&Ask::Decision { callback: &callback, decision, comment: "CHG-1042", occasion: &occasion }, so_far)
}

fn read(status: u16, body: Value) -> Exchange {
    Exchange { call: Call::get("/applications/checkout-api?project=payments".to_owned()), status, body }
}

fn application(synced: Option<&str>, last: Option<(&str, &str)>, requested: Option<&str>) -> Exchange {
    let mut body = json!({ "metadata": { "uid": "uid-1" }, "status": { "sync": { "status": "OutOfSync", "revision": OTHER } } });
    if let Some(revision) = synced {
        body["status"]["sync"] = json!({ "status": "Synced", "revision": revision });
    }
    if let Some((phase, revision)) = last {
        body["status"]["operationState"] = json!({ "phase": phase, "startedAt": "T1", "syncResult": { "revision": revision } });
    }
    if let Some(revision) = requested {
        body["operation"] = json!({ "sync": { "revision": revision } });
    }
    read(200, body)
}

fn posted(status: u16, message: &str) -> Exchange {
    Exchange { call: Call::post("/applications/checkout-api/sync".to_owned(), None), status, body: json!({ "message": message }) }
}

fn word(turn: &Turn) -> &'static str {
    match turn {
        Turn::Call(call) if call.path_and_query.ends_with("/sync") => "sync",
        Turn::Call(call) if *call == read(200, Value::Null).call => "read",
        Turn::Call(call) => panic!("{call:?}"),
        Turn::NoteFirst { .. } => "note",
        Turn::Begun { .. } => "begun",
        Turn::Confirmed { .. } => "confirmed",
        Turn::DecidedOtherwise { decision: Approve, .. } => "approved there",
        Turn::Wait { .. } => "wait",
        Turn::Failed { .. } => "failed",
        Turn::DecidedOtherwise { decision: No, .. } | Turn::Authors(_) => "odd",
    }
}

#[test]
fn exactly_the_approved_revision_is_synced_once() {
    use Earlier::Nothing;
    let noted = |seen: &str| Earlier::Noted { seen: seen.to_owned() };
    let idle = || application(None, None, None);
    let busy = "another operation is already in progress";
    let cases = [
        (Approve, Nothing, vec![], "read"),
        (Approve, Nothing, vec![idle()], "note"),
        (Approve, noted(""), vec![idle()], "sync"),
        (Approve, noted(""), vec![application(Some(OTHER), Some(("Succeeded", OTHER)), None)], "sync"),
        (Approve, noted(""), vec![idle(), posted(200, "")], "begun"),
        (Approve, noted(""), vec![idle(), posted(400, busy)], "read"),
        (Approve, noted(""), vec![idle(), posted(400, busy), idle()], "wait"),
        (Approve, noted(""), vec![idle(), posted(400, busy), application(None, None, Some(REVISION))], "begun"),
        (Approve, noted(""), vec![idle(), posted(403, "blocked by sync window")], "wait"),
        (Approve, noted(""), vec![idle(), posted(403, "permission denied")], "failed"),
        (Approve, noted(""), vec![idle(), posted(400, "auto-sync currently set to main")], "failed"),
        (Approve, noted(""), vec![idle(), posted(503, "")], "wait"),
        (Approve, Nothing, vec![application(None, None, Some(REVISION))], "begun"),
        (Approve, Nothing, vec![application(None, None, Some(OTHER))], "wait"),
        (Approve, Nothing, vec![application(None, Some(("Running", REVISION)), None)], "begun"),
        (Approve, Nothing, vec![application(None, Some(("Running", OTHER)), None)], "wait"),
        (Approve, Nothing, vec![application(Some(REVISION), Some(("Succeeded", REVISION)), None)], "confirmed"),
        (Approve, Nothing, vec![application(None, Some(("Failed", REVISION)), None)], "note"),
        // A sync that had failed before anybody approved is not ours.
        (Approve, noted("T1"), vec![application(None, Some(("Failed", REVISION)), None)], "sync"),
        (Approve, noted(""), vec![application(None, Some(("Failed", REVISION)), None)], "confirmed"),
        (Approve, noted("T0"), vec![application(None, Some(("Failed", REVISION)), None)], "confirmed"),
        // Git went on after our sync: it ran all the same.
        (Approve, noted(""), vec![application(None, Some(("Succeeded", REVISION)), None)], "confirmed"),
        (Approve, Nothing, vec![read(401, Value::Null)], "failed"),
        (Approve, Nothing, vec![read(404, Value::Null)], "failed"),
        (Approve, Nothing, vec![read(200, json!({ "metadata": { "uid": "uid-2" } }))], "failed"),
        (No, Nothing, vec![], "read"),
        (No, Nothing, vec![idle()], "confirmed"),
        (No, Nothing, vec![application(None, Some(("Running", OTHER)), None)], "confirmed"),
        (No, Nothing, vec![application(None, Some(("Running", REVISION)), None)], "approved there"),
        (No, Nothing, vec![application(Some(REVISION), None, None)], "approved there"),
        (No, Nothing, vec![read(404, Value::Null)], "confirmed"),
    ];
    for (decision, earlier, so_far, expected) in cases {
        let turn = turn(decision, earlier.clone(), &so_far);
        assert_eq!(word(&turn), expected, "{decision:?} {earlier:?} {so_far:#?}: {turn:?}");
    }
    let Turn::Call(call) = turn(Approve, noted(""), &[idle()]) else { panic!("no sync") };
    let body = call.json().unwrap();
    assert_eq!((&body["revision"], &body["dryRun"], &body["prune"]), (&json!(REVISION), &json!(false), &json!(false)));
}

#[test]
fn author_and_trailers_of_the_revision_are_its_authors() {
    let callback = wish(Answering::Sync, &out_of_sync()).origin.callback.unwrap();
    let ask = |so_far: &[Exchange]| argocd(Answering::Sync).converse(&Ask::Authors { callback: &callback, commit: REVISION }, so_far);
    let Turn::Call(call) = ask(&[]) else { panic!("no call") };
    assert_eq!(call.path_and_query, format!("/applications/checkout-api/revisions/{REVISION}/metadata"));
    let message = "Validate cards\n\nCo-authored-by: Somebody <co-1@example.com>";
    let body = json!({ "author": "Author One <Author-1@example.com>", "message": message });
    let Turn::Authors(found) = ask(&[Exchange { call: call.clone(), status: 200, body }]) else { panic!("no authors") };
    let emails: Vec<_> = found.contributors.iter().filter_map(|one| one.account.email.as_deref()).collect();
    assert_eq!(emails, ["author-1@example.com", "co-1@example.com"]);
    assert!(matches!(ask(&[Exchange { call, status: 404, body: Value::Null }]), Turn::Failed { .. }));
}

const CHART: &str = "1.4.2";

fn several(revisions: &[&str]) -> Value {
    with(with(out_of_sync(), "revision", Value::Null), "revisions", json!(revisions))
}

#[test]
fn several_sources_are_one_revision_of_all() {
    let wish = wish(Answering::Sync, &several(&[REVISION, CHART]));
    assert_eq!(wish.key.as_str(), format!("{KEY},{CHART}"));
    assert_eq!((wish.subject.commit.as_deref(), wish.version.as_deref()), (Some(REVISION), Some("0123abcd + 1.4.2")));
    assert!(wish.subject.target.ends_with(&format!("@{REVISION},{CHART}")), "what is approved is all of them");
    let mut done = operation("Succeeded");
    done["operation"] =
        json!({ "phase": "Succeeded", "started_at": "T1", "revision": "", "revisions": [REVISION, CHART], "requested": null });
    let Some(Signal::Finished { key, .. }) = parse(Answering::Sync, &done).unwrap().signals.pop() else { panic!("no end") };
    assert_eq!(key, wish.key);
    for odd in [json!([]), json!([REVISION, ""]), json!([REVISION, "a,b"]), json!([REVISION, 7]), json!(vec![REVISION; 21])] {
        assert_eq!(parse(Answering::Sync, &with(several(&[]), "revisions", odd.clone())).unwrap().signals, [], "{odd}");
    }
}

#[test]
fn every_source_is_pinned_to_its_revision() {
    let callback = wish(Answering::Sync, &several(&[REVISION, CHART])).origin.callback.unwrap();
    let occasion = Occasion { earlier: Earlier::Noted { seen: String::new() }, ..Occasion::first() };
    let ask = Ask::Decision { callback: &callback, decision: Approve, comment: "CHG-1042", occasion: &occasion };
    let state = |revisions: &[&str]| {
        read(
            200,
            json!({ "metadata": { "uid": "uid-1" }, "status": { "sync": { "status": "Synced", "revision": "", "revisions": revisions } } }),
        )
    };
    let Turn::Call(call) = argocd(Answering::Sync).converse(&ask, &[state(&[REVISION, "1.4.1"])]) else { panic!("no sync") };
    let body = call.json().unwrap();
    assert_eq!(
        (&body["revisions"], &body["sourcePositions"], &body["revision"]),
        (&json!([REVISION, CHART]), &json!(["1", "2"]), &Value::Null)
    );
    assert_eq!(word(&argocd(Answering::Sync).converse(&ask, &[state(&[REVISION, CHART])])), "confirmed");
    let one = wish(Answering::Sync, &several(&[REVISION])).origin.callback.unwrap();
    let ask = Ask::Decision { callback: &one, decision: Approve, comment: "", occasion: &occasion };
    let Turn::Call(call) = argocd(Answering::Sync).converse(&ask, &[state(&[OTHER])]) else { panic!("no sync") };
    assert_eq!(call.json().unwrap()["revisions"], json!([REVISION]), "a list of one is a list");
}

#[test]
fn every_commit_has_authors_and_a_chart_has_unknown_ones() {
    let callback = wish(Answering::Sync, &several(&[REVISION, CHART, OTHER])).origin.callback.unwrap();
    let ask = |so_far: &[Exchange]| argocd(Answering::Sync).converse(&Ask::Authors { callback: &callback, commit: REVISION }, so_far);
    let mut so_far = Vec::new();
    for (revision, source) in [(REVISION, 0), (OTHER, 2)] {
        let Turn::Call(call) = ask(&so_far) else { panic!("no call") };
        assert_eq!(call.path_and_query, format!("/applications/checkout-api/revisions/{revision}/metadata?sourceIndex={source}"));
        so_far.push(Exchange { call, status: 200, body: json!({ "author": format!("A <{source}@example.com>"), "message": "" }) });
    }
    let Turn::Authors(found) = ask(&so_far) else { panic!("no authors") };
    let named: Vec<_> = found.contributors.iter().map(|one| one.account.email.as_deref().unwrap_or(&one.account.label)).collect();
    assert_eq!(named, ["0@example.com", "2@example.com", "author of version 1.4.2"]);
}
