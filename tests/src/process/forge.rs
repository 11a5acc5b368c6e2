//! The pretend GitLab on loopback, alive while the program dies, with a count of what was done to it.

use super::installation::{GITLAB_TOKEN, HOOK_SECRET, Installation};
use super::service::client;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use router::demo::gitlab::{API_ROOT, BOT, Commit, Deploy, Deployment, PretendGitlab, Protection};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use url::Url;

/// Who starts the pipelines: the user id of requester-1.
const REQUESTER: i64 = 11;

/// Path of a call that changed something → how often it did.
type Effects = Arc<Mutex<BTreeMap<String, usize>>>;

#[derive(Clone)]
pub struct Forge {
    pub gitlab: PretendGitlab,
    pub api: Url,
    effects: Effects,
}

impl Forge {
    pub async fn start() -> Self {
        let gitlab = PretendGitlab::new(GITLAB_TOKEN, HOOK_SECRET);
        let effects = Effects::default();
        let router = gitlab.router().layer(from_fn_with_state(effects.clone(), count));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port for the pretend GitLab");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        let api = Url::parse(&format!("http://{address}{API_ROOT}")).expect("an address");
        Self { gitlab, api, effects }
    }

    /// A project whose environments ask for one approval, which our token may give.
    pub fn project(&self, path: &str, environments: &[&str]) -> i64 {
        let project = self.gitlab.add_project(path);
        for environment in environments {
            self.gitlab.protect(project, environment, Protection { required_approvals: 1, approvers: vec![BOT] });
        }
        project
    }

    /// A pipeline comes to its deployment job and waits; the number of the deployment.
    pub fn deployment_waits(&self, project: i64, environment: &str, sha: &str) -> i64 {
        let (sha, email) = (sha.to_owned(), "author-1@example.com".to_owned());
        let message = "Validate cards faster".to_owned();
        self.gitlab.add_commit(project, Commit { sha: sha.clone(), message, author_email: email.clone(), committer_email: email });
        let (tier, environment, git_ref) = (environment.to_owned(), environment.to_owned(), "main".to_owned());
        let deploy = Deploy { project, environment, tier, sha, git_ref, user: REQUESTER };
        self.gitlab.deploy(deploy).expect("the pretend GitLab knows its own project")
    }

    /// Takes every hook that was set off to the program; each is new to it.
    pub async fn deliver(&self, installation: &Installation) {
        for hook in self.gitlab.take_deliveries() {
            let answer = client().post(installation.hooks_url()).headers(hook.headers).body(hook.body).send().await;
            let answer = answer.expect("an answer to a hook");
            assert_eq!(answer.status(), 202, "{}", answer.text().await.unwrap_or_default());
        }
    }

    /// How often an approval or a rejection of this deployment was taken.
    pub fn decisions(&self, deployment: &Deployment) -> usize {
        self.done(&format!("/projects/{}/deployments/{}/approval", deployment.what.project, deployment.id))
    }

    /// How often the job of this deployment was started through the API.
    pub fn plays(&self, deployment: &Deployment) -> usize {
        self.done(&format!("/projects/{}/jobs/{}/play", deployment.what.project, deployment.job))
    }

    fn done(&self, path: &str) -> usize {
        self.effects.lock().unwrap_or_else(PoisonError::into_inner).get(&format!("{API_ROOT}{path}")).copied().unwrap_or(0)
    }
}

/// Counts what was taken, also when the caller died before the answer.
async fn count(State(effects): State<Effects>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    if method == "POST" && response.status().is_success() {
        *effects.lock().unwrap_or_else(PoisonError::into_inner).entry(path).or_default() += 1;
    }
    response
}
