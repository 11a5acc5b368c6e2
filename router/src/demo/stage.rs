//! Everything that the demo plays on: the pretend GitLab, the service, and how a deployment comes to wait.

use super::gitlab::{API_ROOT, Commit, Delivery, Deploy, JobStatus, MergeRequest, PretendGitlab, Protection};
use crate::app::App;
use crate::clock::{MovableClock, pause};
use crate::people_file;
use crate::sandbox::Sandbox;
use crate::secret::Secret;
use crate::serve::{EVERY_ROLE, run};
use crate::settings::Settings;
use crate::sources::Integration;
use crate::start::{LawFiles, assemble_with};
use anyhow::Context;
use engine::event::DeploymentOutcome;
use engine::ids::IntegrationName;
use ipnet::IpNet;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

const POLICY: &str = include_str!("../../demo/policy.yaml");
const PEOPLE: &str = include_str!("../../demo/people.yaml");
/// The integration's name: hooks go to `/hooks/gitlab-demo`.
pub const INTEGRATION: &str = "gitlab-demo";
const PROJECT: &str = "payments/checkout-api";
/// User ids of the pretend GitLab, as the sample people have them.
const REQUESTER: i64 = 11;
const AUTHOR: i64 = 14;
/// How often the pretend GitLab's hooks are taken to us.
const POSTMAN: Duration = Duration::from_millis(50);
/// How long the pretend runner takes for each half of its job.
const RUNNER: Duration = Duration::from_secs(4);

pub struct Stage {
    pub app: App,
    pub gitlab: PretendGitlab,
    pub clock: Arc<MovableClock>,
    /// `http://127.0.0.1:<port>`
    pub base: Url,
    pub http: reqwest::Client,
    project: i64,
    tasks: Vec<JoinHandle<()>>,
    /// The database lies here, and goes when the stage does.
    _folder: tempfile::TempDir,
}

impl Stage {
    /// Builds it up; `port` 0 takes any free one.
    pub async fn build(port: u16) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder can be made")?;
        let listener =
            TcpListener::bind(("127.0.0.1", port)).await.with_context(|| format!("port {port} can't be used; name another with --port"))?;
        let port = listener.local_addr()?.port();
        let base = Url::parse(&format!("http://127.0.0.1:{port}"))?;
        let (token, hook_secret) = (random(), random());
        let gitlab = PretendGitlab::new(&token, &hook_secret);
        let (api_url, serving) = serve_gitlab(&gitlab).await?;
        let clock = Arc::new(MovableClock::default());
        let settings = settings(&folder, &base, integration(api_url, token, hook_secret)?)?;
        let files = LawFiles::of("the sandbox’s policy.yaml", POLICY.to_owned(), people_file::parse("the sandbox’s people.yaml", PEOPLE))?;
        let app = assemble_with(settings, &files, clock.clone(), Some(Sandbox::new(port))).await?;
        let project = furnish(&gitlab);
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let running = tokio::spawn({
            let app = app.clone();
            async move {
                // The sandbox ends with its process.
                drop(run(app, &EVERY_ROLE, Some(listener), std::future::pending()).await);
            }
        });
        Ok(Self { app, gitlab, clock, base, http, project, tasks: vec![serving, running], _folder: folder })
    }

    /// A pipeline comes to its deployment job and waits; the number of the deployment.
    pub fn deployment_waits(&self, sha: &str, title: &str) -> anyhow::Result<i64> {
        let email = |who: &str| format!("{who}@example.com");
        let commit =
            Commit { sha: sha.to_owned(), message: title.to_owned(), author_email: email("author-1"), committer_email: email("author-1") };
        self.gitlab.add_commit(self.project, commit);
        self.gitlab
            .add_merge_request(self.project, MergeRequest { iid: 7, commits: vec![sha.to_owned()], author: AUTHOR, merger: Some(AUTHOR) });
        let deploy = Deploy {
            project: self.project,
            environment: "production".to_owned(),
            tier: "production".to_owned(),
            sha: sha.to_owned(),
            git_ref: "main".to_owned(),
            user: REQUESTER,
        };
        self.gitlab.deploy(deploy).context("the pretend GitLab does not know its own project")
    }

    /// Sends one hook as GitLab would; status and answer.
    pub async fn deliver(&self, delivery: &Delivery) -> anyhow::Result<(u16, serde_json::Value)> {
        let url = self.base.join(&format!("/hooks/{INTEGRATION}"))?;
        let response = self.http.post(url).headers(delivery.headers.clone()).body(delivery.body.clone()).send().await?;
        Ok((response.status().as_u16(), response.json().await?))
    }

    /// Takes every hook to us as soon as it is set off, for ever.
    pub async fn deliver_everything(&self) {
        loop {
            for delivery in self.gitlab.take_deliveries() {
                if let Err(error) = self.deliver(&delivery).await {
                    tracing::warn!(%error, "a hook of the pretend GitLab did not arrive");
                }
            }
            pause(POSTMAN).await;
        }
    }
}

impl Stage {
    /// The runner takes up the job once it was played, and finishes it; then it waits for ever.
    pub async fn go_on_when_approved(&self, deployment: i64) {
        let is_started = || {
            let job = self.gitlab.deployment(deployment).and_then(|deployment| self.gitlab.job(deployment.job));
            job.is_some_and(|job| job.status == JobStatus::Pending)
        };
        while !is_started() {
            pause(POSTMAN).await;
        }
        pause(RUNNER).await;
        self.gitlab.run(deployment);
        pause(RUNNER).await;
        self.gitlab.finish(deployment, DeploymentOutcome::Success);
        std::future::pending().await
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

fn random() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

async fn serve_gitlab(gitlab: &PretendGitlab) -> anyhow::Result<(Url, JoinHandle<()>)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = Url::parse(&format!("http://{}{API_ROOT}", listener.local_addr()?))?;
    let router = gitlab.router();
    Ok((url, tokio::spawn(async move { drop(axum::serve(listener, router).await) })))
}

fn integration(api_url: Url, token: String, hook_secret: String) -> anyhow::Result<Integration> {
    Ok(Integration {
        api_url: Some(api_url),
        token: Some(Secret::new(token)?),
        ..Integration::listening(IntegrationName::new(INTEGRATION), "gitlab", vec![Secret::new(hook_secret)?])
    })
}

/// No file and no environment: the sandbox is the same everywhere.
fn settings(folder: &tempfile::TempDir, base: &Url, integration: Integration) -> anyhow::Result<Settings> {
    let mut settings = Settings::read(None, std::iter::empty())?;
    settings.database.url = format!("sqlite://{}", folder.path().join("sandbox.db").display());
    settings.server.public_url = base.clone();
    settings.network.allow_private = vec!["127.0.0.0/8".parse::<IpNet>()?];
    settings.integration = vec![integration];
    Ok(settings)
}

fn furnish(gitlab: &PretendGitlab) -> i64 {
    let project = gitlab.add_project(PROJECT);
    gitlab.protect(project, "production", Protection { required_approvals: 1, approvers: vec![super::gitlab::BOT] });
    project
}
