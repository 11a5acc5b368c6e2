//! The conversation that makes GitHub hold a decision: every branch of it.

use super::{Way, answered, callback, github};
use crate::sources::{Ask, Call, Exchange, Occasion, Source, Turn};
use engine::event::ToolDecision;
use engine::event::ToolDecision::{Approve, Reject};
use serde_json::{Value, json};

const COMMENT: &str = "https://gate.example.com/changes/CHG-1042 CHG-1042 was approved.";
const RUN: &str = "/repos/example/checkout-api/actions/runs/77";

fn next(way: Way, decision: ToolDecision, so_far: &[Exchange]) -> Turn {
    github(way).converse(&Ask::Decision { callback: &callback(), decision, comment: COMMENT, occasion: &Occasion::first() }, so_far)
}

fn state(decision: ToolDecision) -> &'static str {
    if decision == Approve { "approved" } else { "rejected" }
}

fn rule(decision: ToolDecision) -> Call {
    let body = json!({ "environment_name": "production", "state": state(decision), "comment": COMMENT });
    Call::post(format!("{RUN}/deployment_protection_rule"), Some(body))
}

fn review(decision: ToolDecision) -> Call {
    let body = json!({ "environment_ids": [5], "state": state(decision), "comment": COMMENT });
    Call::post(format!("{RUN}/pending_deployments"), Some(body))
}

fn pending_call() -> Call {
    Call::get(format!("{RUN}/pending_deployments"))
}

fn pending(environments: &[&str]) -> Exchange {
    let waiting = environments.iter().map(|name| json!({ "environment": { "id": 5, "name": name }, "current_user_can_approve": true }));
    answered(pending_call(), 200, waiting.collect())
}

fn approvals(reviews: &[(&str, &str)]) -> Exchange {
    let reviews =
        reviews.iter().map(|(state, comment)| json!({ "state": state, "comment": comment, "environments": [{ "name": "production" }] }));
    answered(Call::get(format!("{RUN}/approvals")), 200, reviews.collect())
}

fn statuses(states: &[&str]) -> Exchange {
    let states = states.iter().enumerate().map(|(at, state)| json!({ "id": at + 1, "state": state }));
    let path = "/repos/example/checkout-api/deployments/78/statuses?per_page=100".to_owned();
    answered(Call::get(path), 200, states.collect())
}

fn run(conclusion: Value) -> Exchange {
    answered(Call::get(RUN.to_owned()), 200, json!({ "status": "completed", "conclusion": conclusion }))
}

/// What a turn is, in a word, so that tables stay readable.
fn word(turn: &Turn) -> &'static str {
    match turn {
        Turn::Call(call) if *call == pending_call() => "pending",
        Turn::Call(call) if *call == approvals(&[]).call => "approvals",
        Turn::Call(call) if *call == statuses(&[]).call => "statuses",
        Turn::Call(call) if *call == run(Value::Null).call => "run",
        Turn::Call(call) if call.body.is_some() => "review",
        Turn::Call(_) => "another call",
        Turn::Authors(_) => "authors",
        Turn::Confirmed { .. } => "confirmed",
        Turn::DecidedOtherwise { decision: Approve, .. } => "approved instead",
        Turn::DecidedOtherwise { decision: Reject, .. } => "rejected instead",
        Turn::Wait { .. } => "wait",
        Turn::Failed { .. } => "failed",
        Turn::NoteFirst { .. } | Turn::Begun { .. } => "of another source",
    }
}

#[test]
fn the_app_s_word_is_posted_first() {
    for decision in [Approve, Reject] {
        assert_eq!(next(Way::AsApp, decision, &[]), Turn::Call(rule(decision)));
        let taken = answered(rule(decision), 204, Value::Null);
        assert_eq!(next(Way::AsApp, decision, &[taken]), Turn::Confirmed { note: String::new() });
    }
}

#[test]
fn answers_to_the_app_s_word() {
    let limited = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
    let cases = [
        (200, "", "confirmed"),
        (404, "Not Found", "pending"),
        (409, "", "pending"),
        (422, "No pending deployment requests to approve or reject", "pending"),
        (403, "Resource not accessible by integration", "failed"),
        (403, limited, "wait"),
        (401, "Bad credentials", "failed"),
        (301, "Moved Permanently", "failed"),
        (408, "", "wait"),
    ];
    for (status, message, expected) in cases {
        let answer = answered(rule(Approve), status, json!({ "message": message }));
        assert_eq!(word(&next(Way::AsApp, Approve, &[answer])), expected, "{status} {message}");
    }
}

#[test]
fn a_reviewer_looks_for_the_environment_first() {
    assert_eq!(word(&next(Way::AsReviewer, Approve, &[])), "pending");
    assert_eq!(next(Way::AsReviewer, Reject, &[pending(&["staging", "production"])]), Turn::Call(review(Reject)));
    let taken = answered(review(Approve), 200, json!([{ "id": 78 }]));
    assert_eq!(next(Way::AsReviewer, Approve, &[pending(&["production"]), taken]), Turn::Confirmed { note: String::new() });
    assert_eq!(word(&next(Way::AsReviewer, Approve, &[pending(&["staging"])])), "approvals");
    let barred = json!([{ "environment": { "id": 5, "name": "production" }, "current_user_can_approve": false }]);
    let Turn::Failed { why } = next(Way::AsReviewer, Approve, &[answered(pending_call(), 200, barred)]) else { panic!() };
    assert!(why.contains("required reviewer"), "{why}");
    assert_eq!(word(&next(Way::AsReviewer, Approve, &[answered(pending_call(), 404, Value::Null)])), "failed");
}

#[test]
fn what_is_read_back_decides() {
    let theirs = "looked at it here";
    // What waits, who reviewed, the deployment's statuses, how the run ended; then after an approval and a rejection.
    type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a [&'a str], Value, &'a str, &'a str);
    let cases: &[Case<'_>] = &[
        (&[], &[("approved", COMMENT)], &["waiting", "queued"], Value::Null, "confirmed", "approved instead"),
        (&[], &[("rejected", COMMENT)], &["waiting", "failure"], Value::Null, "rejected instead", "confirmed"),
        (&[], &[("approved", theirs)], &["waiting", "in_progress"], Value::Null, "confirmed", "approved instead"),
        (&[], &[("rejected", theirs)], &["failure"], Value::Null, "rejected instead", "confirmed"),
        (&[], &[("approved", theirs)], &["failure"], Value::Null, "rejected instead", "approved instead"),
        (&[], &[], &["success"], Value::Null, "confirmed", "approved instead"),
        (&[], &[], &["inactive"], Value::Null, "confirmed", "approved instead"),
        (&[], &[], &["error"], Value::Null, "rejected instead", "confirmed"),
        (&[], &[], &["waiting"], json!("cancelled"), "rejected instead", "confirmed"),
        (&[], &[], &[], json!("cancelled"), "rejected instead", "confirmed"),
        (&[], &[], &["waiting"], Value::Null, "wait", "wait"),
        (&["production"], &[], &["waiting"], Value::Null, "failed", "failed"),
        (&["production"], &[("approved", COMMENT)], &["waiting"], Value::Null, "confirmed", "failed"),
        (&["staging"], &[], &["success"], Value::Null, "confirmed", "approved instead"),
    ];
    for (waiting, reviews, states, conclusion, approving, rejecting) in cases {
        for (decision, expected) in [(Approve, approving), (Reject, rejecting)] {
            let refused = answered(rule(decision), 422, json!({ "message": "no" }));
            let mut so_far = vec![refused, pending(waiting), approvals(reviews), statuses(states)];
            let mut turn = next(Way::AsApp, decision, &so_far);
            if word(&turn) == "run" {
                so_far.push(run(conclusion.clone()));
                turn = next(Way::AsApp, decision, &so_far);
            }
            assert_eq!(word(&turn), *expected, "{decision:?}: {waiting:?} {reviews:?} {states:?} {conclusion}");
        }
    }
}

#[test]
fn reviews_of_another_environment_are_not_ours() {
    let other = json!([{ "state": "approved", "comment": COMMENT, "environments": [{ "name": "staging" }] }, "nonsense"]);
    let approvals = answered(approvals(&[]).call, 200, other);
    let so_far = [answered(rule(Approve), 422, Value::Null), pending(&[]), approvals, statuses(&["failure"])];
    assert_eq!(word(&next(Way::AsApp, Approve, &so_far)), "rejected instead");
}

#[test]
fn long_comments_are_cut_and_foreign_parameters_refused() {
    let long = "é".repeat(3000);
    let ask = Ask::Decision { callback: &callback(), decision: Approve, comment: &long, occasion: &Occasion::first() };
    let Turn::Call(call) = github(Way::AsApp).converse(&ask, &[]) else { panic!() };
    assert_eq!(call.json().unwrap()["comment"].as_str().unwrap().chars().count(), 1024);
    for (param, value) in
        [("run_id", "77/../78"), ("deployment_id", ""), ("repository", "example"), ("repository", "example/.."), ("repository", "a/b?c")]
    {
        let mut callback = callback();
        callback.params.insert(param.to_owned(), value.to_owned());
        let turn = github(Way::AsApp)
            .converse(&Ask::Decision { callback: &callback, decision: Approve, comment: "", occasion: &Occasion::first() }, &[]);
        assert_eq!(word(&turn), "failed", "{param}={value}");
    }
    assert_eq!(word(&next(Way::Silent, Approve, &[])), "failed");
}
