//! The conversation that makes GitLab hold a decision: every branch of it.

use super::{answered, callback, gitlab};
use crate::sources::{Ask, Call, Exchange, Occasion, Source, Turn};
use engine::event::ToolDecision;
use engine::event::ToolDecision::{Approve, Reject};
use serde_json::{Value, json};

const NOT_WAITING: &str = "This deployment is not waiting for approvals.";
const NOT_PROTECTED: &str = "This environment is not protected.";

fn next(decision: ToolDecision, so_far: &[Exchange]) -> Turn {
    gitlab().converse(&Ask::Decision { callback: &callback(), decision, comment: "CHG-1042", occasion: &Occasion::first() }, so_far)
}

fn approval(decision: ToolDecision, status: u16, message: &str) -> Exchange {
    answered(approval_call(decision), status, json!({ "message": message }))
}

fn approval_call(decision: ToolDecision) -> Call {
    let status = if decision == Approve { "approved" } else { "rejected" };
    Call::post("/projects/30/deployments/4711/approval".to_owned(), Some(json!({ "status": status, "comment": "CHG-1042" })))
}

fn deployment_call() -> Call {
    Call::get("/projects/30/deployments/4711".to_owned())
}

fn job_call() -> Call {
    Call::get("/projects/30/jobs/990017".to_owned())
}

fn play_call() -> Call {
    Call::post("/projects/30/jobs/990017/play".to_owned(), None)
}

fn taken() -> Exchange {
    approval(Approve, 201, "")
}

fn job(status: &str) -> Exchange {
    answered(job_call(), 200, json!({ "status": status }))
}

fn play(status: u16, message: &str) -> Exchange {
    answered(play_call(), status, json!({ "message": message }))
}

fn deployment(status: &str, approvals: &[&str]) -> Exchange {
    let approvals: Vec<Value> = approvals.iter().map(|status| json!({ "status": status })).collect();
    answered(deployment_call(), 200, json!({ "status": status, "approvals": approvals }))
}

/// What a turn is, in a word, so that tables stay readable.
fn word(turn: &Turn) -> &'static str {
    match turn {
        Turn::Call(call) if *call == job_call() => "job",
        Turn::Call(call) if *call == play_call() => "play",
        Turn::Call(call) if *call == deployment_call() => "deployment",
        Turn::Call(call) if *call == approval_call(Approve) => "approve",
        Turn::Call(call) if *call == approval_call(Reject) => "reject",
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
fn an_approval_is_posted_and_its_job_is_started() {
    assert_eq!(word(&next(Approve, &[])), "approve");
    assert_eq!(word(&next(Approve, &[taken()])), "job");
    assert_eq!(word(&next(Approve, &[taken(), job("manual")])), "play");
    let note = "approved, and the job was started".to_owned();
    assert_eq!(next(Approve, &[taken(), job("manual"), play(200, "")]), Turn::Confirmed { note });
}

#[test]
fn a_rejection_is_posted_and_that_is_all() {
    assert_eq!(word(&next(Reject, &[])), "reject");
    assert_eq!(next(Reject, &[approval(Reject, 201, "")]), Turn::Confirmed { note: String::new() });
}

#[test]
fn answers_to_the_approval() {
    let own = "You cannot approve your own deployment. This configuration can be adjusted.";
    let permission = "You don't have permission to approve this deployment.";
    let cases = [
        (201, "", "job", "confirmed"),
        (200, "", "job", "confirmed"),
        (400, NOT_WAITING, "deployment", "deployment"),
        (400, NOT_PROTECTED, "job", "deployment"),
        (400, "Deployment approvals is not configured for this environment.", "job", "deployment"),
        (404, "404 Not Found", "job", "deployment"),
        (400, own, "failed", "failed"),
        (400, permission, "failed", "failed"),
        (400, "There are no approval rules for the given `represent_as` parameter.", "failed", "failed"),
        (400, "a sentence of next year", "failed", "failed"),
        (401, "401 Unauthorized", "failed", "failed"),
        (403, "403 Forbidden", "failed", "failed"),
        (302, "", "failed", "failed"),
        (408, "", "wait", "wait"),
        (429, "", "wait", "wait"),
        (502, "", "wait", "wait"),
    ];
    for (status, message, approving, rejecting) in cases {
        assert_eq!(word(&next(Approve, &[approval(Approve, status, message)])), approving, "{status} {message}");
        assert_eq!(word(&next(Reject, &[approval(Reject, status, message)])), rejecting, "{status} {message}");
    }
    let Turn::Failed { why } = next(Approve, &[approval(Approve, 400, own)]) else { panic!() };
    assert!(why.contains(own), "{why}");
}

#[test]
fn what_is_read_back_decides() {
    let cases: &[(&str, &[&str], &str, &str)] = &[
        ("blocked", &[], "job", "confirmed"),
        ("created", &[], "job", "confirmed"),
        ("created", &["approved"], "job", "approved instead"),
        ("blocked", &["approved"], "job", "approved instead"),
        ("running", &["approved"], "confirmed", "approved instead"),
        ("success", &[], "confirmed", "approved instead"),
        ("failed", &["approved", "rejected"], "rejected instead", "confirmed"),
        ("failed", &["approved"], "confirmed", "approved instead"),
        ("failed", &[], "rejected instead", "confirmed"),
        ("canceled", &[], "rejected instead", "confirmed"),
        ("skipped", &[], "rejected instead", "confirmed"),
        ("a status of next year", &[], "failed", "failed"),
    ];
    for (status, approvals, approving, rejecting) in cases {
        let read = |decision| [approval(decision, 400, NOT_WAITING), deployment(status, approvals)];
        assert_eq!(word(&next(Approve, &read(Approve))), *approving, "{status} {approvals:?}");
        assert_eq!(word(&next(Reject, &read(Reject))), *rejecting, "{status} {approvals:?}");
    }
    for (status, expected) in [(404, "failed"), (401, "failed"), (503, "wait"), (200, "failed")] {
        let unreadable = answered(deployment_call(), status, json!({ "status": null }));
        assert_eq!(word(&next(Reject, &[approval(Reject, 400, NOT_WAITING), unreadable])), expected, "{status}");
    }
}

#[test]
fn an_unprotected_environment_keeps_its_job_manual() {
    let note = "GitLab asks for no approval here, so the job stays manual: GitLab does not start it by itself".to_owned();
    let so_far = [approval(Reject, 400, NOT_PROTECTED), deployment("blocked", &[])];
    assert_eq!(next(Reject, &so_far), Turn::Confirmed { note });
    let so_far = [approval(Approve, 400, NOT_PROTECTED), job("manual"), play(200, "")];
    assert_eq!(next(Approve, &so_far), Turn::Confirmed { note: "GitLab asked for no approval; the job was started".to_owned() });
}

#[test]
fn the_job_says_whether_it_has_to_be_started() {
    let cases = [
        ("manual", "play"),
        ("created", "confirmed"),
        ("pending", "confirmed"),
        ("waiting_for_resource", "confirmed"),
        ("running", "confirmed"),
        ("success", "confirmed"),
        ("failed", "confirmed"),
        ("canceled", "rejected instead"),
        ("canceling", "rejected instead"),
        ("skipped", "rejected instead"),
        ("a status of next year", "failed"),
    ];
    for (status, expected) in cases {
        assert_eq!(word(&next(Approve, &[taken(), job(status)])), expected, "{status}");
    }
    let rejected = answered(job_call(), 200, json!({ "status": "failed", "failure_reason": "deployment_rejected" }));
    assert_eq!(word(&next(Approve, &[taken(), rejected])), "rejected instead");
    let Turn::Failed { why } = next(Approve, &[taken(), answered(job_call(), 403, json!({ "message": "403 Forbidden" }))]) else {
        panic!()
    };
    assert!(why.contains("the approval itself was taken"), "{why}");
}

#[test]
fn a_job_that_can_not_be_played_is_read_again() {
    let unplayable = play(400, "400 Bad request - Unplayable Job");
    let before = [taken(), job("manual"), unplayable.clone()];
    assert_eq!(word(&next(Approve, &before)), "job");
    for (status, expected) in [("running", "confirmed"), ("manual", "wait"), ("canceled", "rejected instead")] {
        let so_far = [taken(), job("manual"), unplayable.clone(), job(status)];
        assert_eq!(word(&next(Approve, &so_far)), expected, "{status}");
    }
    for (status, expected) in [(403, "failed"), (404, "failed"), (400, "failed"), (500, "wait")] {
        assert_eq!(word(&next(Approve, &[taken(), job("manual"), play(status, "no")])), expected, "{status}");
    }
}

#[test]
fn without_a_job_there_is_nothing_to_start() {
    let mut callback = callback();
    callback.params.remove("job_id");
    let ask = Ask::Decision { callback: &callback, decision: Approve, comment: "CHG-1042", occasion: &Occasion::first() };
    assert_eq!(word(&gitlab().converse(&ask, &[taken()])), "confirmed");
}

#[test]
fn a_conversation_ends() {
    let circle = vec![job("manual"); 6];
    assert_eq!(word(&next(Approve, &circle)), "wait");
}

#[test]
fn a_comment_is_cut_to_what_gitlab_takes() {
    let comment = "ä".repeat(300);
    let turn =
        gitlab().converse(&Ask::Decision { callback: &callback(), decision: Reject, comment: &comment, occasion: &Occasion::first() }, &[]);
    let Turn::Call(call) = turn else { panic!("{turn:?}") };
    assert_eq!(call.json().unwrap()["comment"].as_str().unwrap().chars().count(), 255);
}

#[test]
fn never_both_decisions() {
    for so_far in [vec![], vec![approval(Reject, 400, NOT_WAITING)], vec![approval(Reject, 404, "")]] {
        assert_ne!(word(&next(Reject, &so_far)), "approve");
        assert_ne!(word(&next(Reject, &so_far)), "play");
    }
}

#[test]
fn callbacks_that_name_no_number_fail() {
    for param in ["project_id", "deployment_id", "job_id"] {
        let mut callback = callback();
        callback.params.insert(param.to_owned(), "1/../2".to_owned());
        let turn =
            gitlab().converse(&Ask::Decision { callback: &callback, decision: Approve, comment: "", occasion: &Occasion::first() }, &[]);
        assert_eq!(word(&turn), "failed", "{param}");
    }
}
