//! The API's answers, with GitLab's status codes.

use super::world::{Commit, Deployment, Job, MergeRequest, World};
use super::{API_ROOT, BOT, PretendGitlab, faults};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

/// GitLab gives no more of a list at once, whatever is asked.
const LARGEST_PAGE: usize = 100;

type Answer = Result<(StatusCode, Json<Value>), (StatusCode, Json<Value>)>;

pub fn router(gitlab: PretendGitlab) -> Router {
    let api = Router::new()
        .route("/projects/{project}/repository/commits/{sha}", get(commit))
        .route("/projects/{project}/repository/commits/{sha}/merge_requests", get(merge_requests))
        .route("/projects/{project}/deployments", get(deployments))
        .route("/projects/{project}/deployments/{deployment}", get(deployment))
        .route("/projects/{project}/deployments/{deployment}/approval", post(approval))
        .route("/projects/{project}/jobs/{job}", get(job))
        .route("/projects/{project}/jobs/{job}/play", post(play))
        .fallback(async || refused(StatusCode::NOT_FOUND, json!({ "error": "404 Not Found" })))
        .layer(from_fn_with_state(gitlab.clone(), authenticated))
        .layer(from_fn_with_state(gitlab.clone(), faults::around))
        .with_state(gitlab);
    Router::new().nest(API_ROOT, api)
}

async fn authenticated(State(gitlab): State<PretendGitlab>, request: Request, next: Next) -> Response {
    let token = request.headers().get("private-token").map(|value| value.as_bytes());
    if token == Some(gitlab.shared.token.as_bytes()) {
        return next.run(request).await;
    }
    refused(StatusCode::UNAUTHORIZED, json!({ "message": "401 Unauthorized" })).into_response()
}

async fn commit(State(gitlab): State<PretendGitlab>, Path((project, sha)): Path<(i64, String)>) -> Answer {
    let state = gitlab.state();
    let commit = find_commit(&state.world, project, &sha)?;
    found(json!({
        "id": commit.sha,
        "short_id": commit.sha.get(..8),
        "title": commit.message.lines().next(),
        "message": commit.message,
        "author_email": commit.author_email,
        "committer_email": commit.committer_email,
    }))
}

#[derive(Deserialize)]
struct Page {
    #[serde(default = "first_page")]
    page: usize,
    #[serde(default = "page_size")]
    per_page: usize,
}

/// GitLab's defaults.
fn first_page() -> usize {
    1
}

fn page_size() -> usize {
    20
}

async fn merge_requests(
    State(gitlab): State<PretendGitlab>,
    Path((project, sha)): Path<(i64, String)>,
    Query(Page { page, per_page }): Query<Page>,
) -> Answer {
    let state = gitlab.state();
    let commit = find_commit(&state.world, project, &sha)?;
    let requests = state.world.projects.get(&project).into_iter().flat_map(|project| &project.merge_requests);
    let containing = requests.filter(|request| request.commits.contains(&commit.sha));
    let shown = containing.skip(page.saturating_sub(1).saturating_mul(per_page)).take(per_page.min(LARGEST_PAGE));
    found(shown.map(request_body).collect())
}

#[derive(Deserialize)]
struct Newest {
    environment: String,
    per_page: usize,
}

/// Newest first: we ask in no other order.
async fn deployments(State(gitlab): State<PretendGitlab>, Path(project): Path<i64>, Query(asked): Query<Newest>) -> Answer {
    let state = gitlab.state();
    let there = |deployment: &&Deployment| deployment.what.project == project && deployment.what.environment == asked.environment;
    let newest = state.world.deployments.values().rev().filter(there).take(asked.per_page.min(LARGEST_PAGE));
    found(newest.map(|deployment| deployment_body(&state.world, deployment)).collect())
}

async fn deployment(State(gitlab): State<PretendGitlab>, Path((project, deployment)): Path<(i64, i64)>) -> Answer {
    let state = gitlab.state();
    let deployment = find_deployment(&state.world, project, deployment)?;
    found(deployment_body(&state.world, deployment))
}

#[derive(Deserialize)]
struct NewApproval {
    status: String,
    #[serde(default)]
    comment: String,
}

async fn approval(
    State(gitlab): State<PretendGitlab>,
    Path((project, deployment)): Path<(i64, i64)>,
    Json(new): Json<NewApproval>,
) -> Answer {
    if !gitlab.state().world.has_approvals {
        return Err(refused(StatusCode::NOT_FOUND, json!({ "error": "404 Not Found" })));
    }
    find_deployment(&gitlab.state().world, project, deployment)?;
    match gitlab.approve(deployment, BOT, &new.status, &new.comment) {
        Ok(approval) => {
            let body = json!({ "user": { "id": approval.user }, "status": new.status, "comment": approval.comment });
            Ok((StatusCode::CREATED, Json(body)))
        }
        Err(sentence) => Err(refused(StatusCode::BAD_REQUEST, json!({ "message": sentence }))),
    }
}

async fn job(State(gitlab): State<PretendGitlab>, Path((project, job)): Path<(i64, i64)>) -> Answer {
    found(job_body(find_job(&gitlab.state().world, project, job)?))
}

async fn play(State(gitlab): State<PretendGitlab>, Path((project, job)): Path<(i64, i64)>) -> Answer {
    let mut state = gitlab.state();
    find_job(&state.world, project, job)?;
    let unplayable = || refused(StatusCode::BAD_REQUEST, json!({ "message": "400 Bad request - Unplayable Job" }));
    let played = state.world.play(job).ok_or_else(unplayable)?;
    found(job_body(&played))
}

fn find_commit<'a>(world: &'a World, project: i64, sha: &str) -> Result<&'a Commit, (StatusCode, Json<Value>)> {
    let project = world.projects.get(&project).ok_or_else(|| missing("404 Project Not Found"))?;
    project.commits.values().find(|commit| commit.sha.starts_with(sha)).ok_or_else(|| missing("404 Commit Not Found"))
}

fn find_deployment(world: &World, project: i64, id: i64) -> Result<&Deployment, (StatusCode, Json<Value>)> {
    world.projects.get(&project).ok_or_else(|| missing("404 Project Not Found"))?;
    let found = world.deployments.get(&id).filter(|deployment| deployment.what.project == project);
    found.ok_or_else(|| missing("404 Not found"))
}

fn find_job(world: &World, project: i64, id: i64) -> Result<&Job, (StatusCode, Json<Value>)> {
    world.projects.get(&project).ok_or_else(|| missing("404 Project Not Found"))?;
    world.jobs.get(&id).filter(|job| job.project == project).ok_or_else(|| missing("404 Not found"))
}

fn request_body(request: &MergeRequest) -> Value {
    let user = |id: i64| json!({ "id": id, "username": format!("user-{id}") });
    json!({ "iid": request.iid, "author": user(request.author), "merge_user": request.merger.map(user) })
}

fn deployment_body(world: &World, deployment: &Deployment) -> Value {
    let approvals = deployment.approvals.iter().map(|approval| {
        let status = if approval.approved { "approved" } else { "rejected" };
        json!({ "user": { "id": approval.user }, "status": status, "comment": approval.comment })
    });
    json!({
        "id": deployment.id,
        "sha": deployment.what.sha,
        "ref": deployment.what.git_ref,
        "status": deployment.status.word(),
        "environment": { "name": deployment.what.environment },
        "deployable": { "id": deployment.job },
        "pending_approval_count": world.pending_approvals(deployment),
        "approvals": approvals.collect::<Vec<_>>(),
    })
}

fn job_body(job: &Job) -> Value {
    json!({ "id": job.id, "status": job.status.word(), "failure_reason": job.failure_reason })
}

fn found(body: Value) -> Answer {
    Ok((StatusCode::OK, Json(body)))
}

fn missing(sentence: &str) -> (StatusCode, Json<Value>) {
    refused(StatusCode::NOT_FOUND, json!({ "message": sentence }))
}

fn refused(status: StatusCode, body: Value) -> (StatusCode, Json<Value>) {
    (status, Json(body))
}
