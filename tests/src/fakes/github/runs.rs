//! What can be read: commits, pull requests, runs, deployments, and who reviewed them.

use super::door::{Answer, refused};
use super::state::{ENVIRONMENT, Run};
use super::tokens::Who;
use super::{APP_USER, FakeGithub, Gate};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Where the private addresses of an instance on loopback are.
const PRIVATE: &str = "users.noreply.127.0.0.1";
/// The one pull request.
const PULL: i64 = 7;

pub fn commit(github: &FakeGithub, sha: &str) -> Answer {
    let state = github.state();
    let Some(commit) = state.commits.get(sha) else { return refused(422, "No commit found for the ref") };
    let email = json!({ "email": format!("{}+somebody@{PRIVATE}", commit.author) });
    found(json!({
        "sha": commit.sha,
        "commit": {
            "message": commit.message,
            "author": email,
            "committer": { "email": "noreply@github.test" },
            "verification": { "verified": true },
        },
        // Of a private address GitHub says whose it is, but not to every caller.
        "author": null,
        "committer": { "id": 19_864_447, "login": "web-flow" },
    }))
}

pub fn pulls(github: &FakeGithub, sha: &str) -> Answer {
    let state = github.state();
    let Some(commit) = state.commits.get(sha) else { return refused(422, "No commit found for the ref") };
    let pull = |(author, _)| json!({ "number": PULL, "user": { "id": author }, "merged_at": "2026-01-05T09:00:00Z" });
    found(commit.pull.map(pull).into_iter().collect())
}

pub fn pull(github: &FakeGithub, number: &str) -> Answer {
    let state = github.state();
    let newest = state.commits.values().filter_map(|commit| commit.pull).next_back().filter(|_| number == PULL.to_string());
    let Some((author, merger)) = newest else { return refused(404, "Not Found") };
    found(json!({ "number": PULL, "user": { "id": author }, "merged_by": { "id": merger } }))
}

pub fn statuses(github: &FakeGithub, deployment: &str) -> Answer {
    let state = github.state();
    let mut deployments = state.runs.values().flat_map(|run| &run.deployments);
    let Some(deployment) = deployments.find(|one| one.id.to_string() == deployment) else { return refused(404, "Not Found") };
    // The newest first, as GitHub lists them.
    let statuses = deployment.statuses.iter().enumerate().rev();
    found(statuses.map(|(at, state)| json!({ "id": at + 1, "state": state })).collect())
}

pub fn run(github: &FakeGithub, id: &str) -> Answer {
    with_run(github, id, |run| {
        let status = if run.conclusion.is_some() { "completed" } else { "waiting" };
        json!({ "status": status, "conclusion": run.conclusion, "run_attempt": run.attempt })
    })
}

pub fn approvals(github: &FakeGithub, id: &str) -> Answer {
    with_run(github, id, |run| {
        let reviews = run.reviews.iter().map(|review| {
            json!({
                "state": if review.is_approval { "approved" } else { "rejected" },
                "comment": review.comment,
                "environments": [{ "id": ENVIRONMENT, "name": run.deploy.environment }],
                "user": { "id": review.user, "type": if review.user == APP_USER { "Bot" } else { "User" } },
            })
        });
        reviews.collect()
    })
}

pub fn pending(github: &FakeGithub, id: &str, who: Who) -> Answer {
    with_run(github, id, |run| {
        let may = run.deploy.gate == Gate::Reviewers && who == Who::Reviewer;
        let environment = json!({ "id": ENVIRONMENT, "name": run.deploy.environment });
        let waiting = run.is_pending.then(|| json!({ "environment": environment, "current_user_can_approve": may }));
        waiting.into_iter().collect()
    })
}

fn with_run(github: &FakeGithub, id: &str, body: impl Fn(&Run) -> Value) -> Answer {
    let state = github.state();
    let run = id.parse().ok().and_then(|id: i64| state.runs.get(&id));
    run.map_or_else(|| refused(404, "Not Found"), |run| found(body(run)))
}

pub fn found(body: Value) -> Answer {
    (StatusCode::OK, body)
}
