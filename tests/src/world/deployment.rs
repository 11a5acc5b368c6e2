//! One deployment of the pretend GitLab: how it comes to wait, what happens to it there, and what it heard of us.

use super::World;
use engine::event::{DeploymentOutcome, ToolDecision};
use router::demo::gitlab::{BOT, Commit, Delivery, Deploy, HookStatus, JobStatus, MergeRequest};
use sha2::{Digest, Sha256};

/// User ids of the pretend GitLab, as the people of the stories have them.
pub const REQUESTER: i64 = 11;
pub const AUTHOR: i64 = 14;
/// The number of the merge request that every commit comes with.
pub const MERGE_REQUEST: i64 = 7;

/// A deployment before it waits.
pub struct Wanted<'w> {
    world: &'w World,
    service: String,
    environment: String,
    sha: Option<String>,
    author: String,
    trailer: String,
    user: i64,
    merger: Option<i64>,
}

impl<'w> Wanted<'w> {
    pub(super) fn new(world: &'w World, service: &str, environment: &str) -> Self {
        let (service, environment) = (service.to_owned(), environment.to_owned());
        Self {
            world,
            service,
            environment,
            sha: None,
            author: "author-1@example.com".to_owned(),
            trailer: String::new(),
            user: REQUESTER,
            merger: Some(AUTHOR),
        }
    }

    /// By the address in the commit.
    pub fn written_by(self, email: &str) -> Self {
        Self { author: email.to_owned(), ..self }
    }

    pub fn co_authored_by(self, email: &str) -> Self {
        Self { trailer: format!("\n\nCo-authored-by: Somebody <{email}>"), ..self }
    }

    /// A user id of GitLab.
    pub fn started_by(self, user: i64) -> Self {
        Self { user, ..self }
    }

    /// From the branch of a merge request that is still open.
    pub fn before_it_is_merged(self) -> Self {
        Self { merger: None, ..self }
    }

    /// Of a commit that is there already.
    pub fn of_commit(self, sha: &str) -> Self {
        Self { sha: Some(sha.to_owned()), ..self }
    }

    /// The hook arrives, and what follows from it is done.
    pub async fn waits(self) -> Deployment<'w> {
        let deployment = self.is_set_off();
        deployment.world.settle().await;
        deployment
    }

    /// The hook is on its way and has not arrived.
    pub fn is_set_off(self) -> Deployment<'w> {
        let world = self.world;
        let project = world.projects.id(&self.service);
        let sha = self.sha.clone().unwrap_or_else(|| self.commits(project));
        let deploy = Deploy {
            project,
            tier: self.environment.clone(),
            environment: self.environment,
            sha: sha.clone(),
            git_ref: "main".to_owned(),
            user: self.user,
        };
        let id = world.gitlab.deploy(deploy).expect("GitLab knows its own project and commit");
        Deployment { world, id, sha }
    }

    /// A new commit with its merge request; its hash.
    fn commits(&self, project: i64) -> String {
        self.world.commits.set(self.world.commits.get() + 1);
        let sha = hex::encode(Sha256::digest(self.world.commits.get().to_be_bytes()))[..40].to_owned();
        let message = format!("Validate cards faster{}", self.trailer);
        let commit = Commit { sha: sha.clone(), message, author_email: self.author.clone(), committer_email: self.author.clone() };
        self.world.gitlab.add_commit(project, commit);
        let request = MergeRequest { iid: MERGE_REQUEST, commits: vec![sha.clone()], author: AUTHOR, merger: self.merger };
        self.world.gitlab.add_merge_request(project, request);
        sha
    }
}

pub struct Deployment<'w> {
    world: &'w World,
    pub id: i64,
    pub sha: String,
}

impl Deployment<'_> {
    /// The job reaches a runner.
    pub async fn starts(&self) {
        self.world.gitlab.run(self.id);
        self.world.settle().await;
    }

    pub async fn succeeds(&self) {
        self.ends(DeploymentOutcome::Success).await;
    }

    pub async fn fails(&self) {
        self.ends(DeploymentOutcome::Failure).await;
    }

    pub async fn is_cancelled(&self) {
        self.ends(DeploymentOutcome::Cancelled).await;
    }

    async fn ends(&self, outcome: DeploymentOutcome) {
        self.world.gitlab.finish(self.id, outcome);
        self.world.settle().await;
    }

    /// The pipeline is cancelled there, and only the pipeline's hook says so.
    pub async fn has_its_pipeline_cancelled(&self) {
        self.world.gitlab.cancel_pipeline(self.id);
        self.world.settle().await;
    }

    /// Somebody decides in GitLab's own page.
    pub async fn is_decided_in_gitlab(&self, user: i64, decision: ToolDecision) {
        self.world.gitlab.decide_in_gitlab(self.id, user, decision, "looked at it here").expect("GitLab lets them");
        self.world.settle().await;
    }

    /// The hook of this status as GitLab would send it now, as a delivery of its own.
    pub fn hook(&self, status: HookStatus) -> Delivery {
        self.world.gitlab.deployment_hook(self.id, status).expect("a deployment that GitLab knows")
    }

    /// GitLab holds our approval, heard it once, and the job was started.
    pub fn was_told_approved(&self) {
        assert_eq!(self.decisions(), ["approved"], "what GitLab heard");
        assert_ne!(self.job(), JobStatus::Manual, "the job waits still");
        let played =
            self.world.gitlab().posts().iter().filter(|call| call.path.ends_with(&format!("/jobs/{}/play", self.job_id()))).count();
        assert_eq!(played, 1, "how often the job was started");
    }

    pub fn was_told_rejected(&self) {
        assert_eq!(self.decisions(), ["rejected"], "what GitLab heard");
        assert_ne!(self.job(), JobStatus::Running, "the job was started");
    }

    pub fn was_told_nothing(&self) {
        assert_eq!(self.decisions(), Vec::<String>::new(), "what GitLab heard");
    }

    pub fn job(&self) -> JobStatus {
        self.world.gitlab.job(self.job_id()).expect("a job that GitLab knows").status
    }

    /// The approvals and rejections that GitLab was asked to take, whether it did or not.
    pub fn decisions(&self) -> Vec<String> {
        let path = format!("/deployments/{}/approval", self.id);
        let asked = self.world.gitlab().posts().into_iter().filter(|call| call.path.ends_with(&path));
        asked.map(|call| call.body["status"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// How often GitLab was asked to start the job, whether it did or not.
    pub fn starts_asked(&self) -> usize {
        let path = format!("/jobs/{}/play", self.job_id());
        self.world.gitlab().posts().iter().filter(|call| call.path.ends_with(&path)).count()
    }

    /// What our approval or rejection says there.
    pub fn comment(&self) -> String {
        let deployment = self.world.gitlab.deployment(self.id).expect("a deployment that GitLab knows");
        let ours = deployment.approvals.into_iter().find(|approval| approval.user == BOT);
        ours.expect("GitLab holds a decision of ours").comment
    }

    /// What GitLab's hooks name the run by.
    pub fn job_id(&self) -> i64 {
        self.world.gitlab.deployment(self.id).expect("a deployment that GitLab knows").job
    }
}
