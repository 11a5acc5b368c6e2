//! Reviews: taken while something waits for this very caller, refused otherwise.

use super::door::{Answer, refused};
use super::runs::found;
use super::state::ENVIRONMENT;
use super::tokens::Who;
use super::{APP_USER, FakeGithub, Gate, REVIEWER, Review};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// The longest comment that GitHub takes, in characters.
const COMMENT_CHARS: usize = 1024;
/// The words that a rule may say about one deployment before it decides.
const REPORTS: usize = 10;

pub fn by_rule(github: &FakeGithub, id: &str, who: Who, body: &Value) -> Answer {
    let Some(id) = known(github, id) else { return refused(404, "Not Found") };
    let (is_ours, environment) = {
        let state = github.state();
        let run = state.run(id);
        (run.is_pending && run.deploy.gate == Gate::Rule, run.deploy.environment.clone())
    };
    if who != Who::App {
        return refused(403, "Resource not accessible by personal access token");
    }
    if !is_ours || body["environment_name"] != environment {
        return refused(422, "No pending custom deployment protection rule for this environment");
    }
    if body["state"].is_null() {
        return report(github, id, body);
    }
    take(github, id, APP_USER, body).unwrap_or((StatusCode::NO_CONTENT, Value::Null))
}

/// A word without a state: it is shown, and the deployment goes on waiting.
fn report(github: &FakeGithub, id: i64, body: &Value) -> Answer {
    let comment = body["comment"].as_str().unwrap_or_default().to_owned();
    if !(1..=COMMENT_CHARS).contains(&comment.chars().count()) {
        return refused(422, "comment is missing or too long");
    }
    let mut state = github.state();
    if state.run(id).reports.len() >= REPORTS {
        return refused(422, "Maximum number of status reports reached");
    }
    state.report(id, comment);
    (StatusCode::NO_CONTENT, Value::Null)
}

pub fn by_reviewer(github: &FakeGithub, id: &str, who: Who, body: &Value) -> Answer {
    let Some(id) = known(github, id) else { return refused(404, "Not Found") };
    let is_theirs = {
        let state = github.state();
        let run = state.run(id);
        run.is_pending && run.deploy.gate == Gate::Reviewers && who == Who::Reviewer
    };
    if !is_theirs || body["environment_ids"] != json!([ENVIRONMENT]) {
        return refused(422, "There are no pending deployments that you can review");
    }
    let deployment = github.state().run(id).newest().id;
    take(github, id, REVIEWER, body).unwrap_or_else(|| found(json!([{ "id": deployment }])))
}

/// `None`: taken.
fn take(github: &FakeGithub, id: i64, user: i64, body: &Value) -> Option<Answer> {
    let comment = body["comment"].as_str().unwrap_or_default().to_owned();
    let is_approval = match body["state"].as_str() {
        Some("approved") => true,
        Some("rejected") => false,
        _ => return Some(refused(422, "Invalid request: state")),
    };
    if comment.chars().count() > COMMENT_CHARS {
        return Some(refused(422, "comment is too long"));
    }
    github.is_reviewed(id, Review { user, is_approval, comment });
    None
}

fn known(github: &FakeGithub, id: &str) -> Option<i64> {
    id.parse().ok().filter(|id| github.state().runs.contains_key(id))
}
