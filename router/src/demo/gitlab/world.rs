//! What the pretend GitLab keeps: projects, commits, merge requests, deployments and their jobs.

use std::collections::BTreeMap;

pub struct World {
    pub projects: BTreeMap<i64, Project>,
    pub deployments: BTreeMap<i64, Deployment>,
    pub jobs: BTreeMap<i64, Job>,
    /// GitLab's paid plans have deployment approvals.
    pub has_approvals: bool,
    last_id: i64,
}

pub struct Project {
    pub path: String,
    pub commits: BTreeMap<String, Commit>,
    pub merge_requests: Vec<MergeRequest>,
    pub protected: BTreeMap<String, Protection>,
}

/// A protected environment's approval rule.
#[derive(Clone, Debug, Default)]
pub struct Protection {
    /// 0: protected, but approvals are not configured.
    pub required_approvals: usize,
    /// User ids.
    pub approvers: Vec<i64>,
}

#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// 40 hexadecimal digits.
    pub sha: String,
    /// Its first line is the title; trailers stand at its end.
    pub message: String,
    pub author_email: String,
    pub committer_email: String,
}

#[derive(Clone, Debug, Default)]
pub struct MergeRequest {
    pub iid: i64,
    /// The hashes of its commits.
    pub commits: Vec<String>,
    /// User ids.
    pub author: i64,
    pub merger: Option<i64>,
}

/// A pipeline that comes to its deployment job.
#[derive(Clone, Debug)]
pub struct Deploy {
    pub project: i64,
    pub environment: String,
    pub tier: String,
    pub sha: String,
    pub git_ref: String,
    /// Who started the pipeline.
    pub user: i64,
}

#[derive(Clone, Debug)]
pub struct Deployment {
    pub id: i64,
    pub job: i64,
    pub what: Deploy,
    pub status: DeploymentStatus,
    pub approvals: Vec<Approval>,
}

#[derive(Clone, Debug)]
pub struct Approval {
    pub user: i64,
    pub approved: bool,
    pub comment: String,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub id: i64,
    pub project: i64,
    pub deployment: i64,
    pub status: JobStatus,
    pub failure_reason: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeploymentStatus {
    Blocked,
    Created,
    Running,
    Success,
    Failed,
    Canceled,
}

impl DeploymentStatus {
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Created => "created",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobStatus {
    Manual,
    Pending,
    Running,
    Success,
    Failed,
    Canceled,
}

impl JobStatus {
    pub fn word(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self { projects: BTreeMap::new(), deployments: BTreeMap::new(), jobs: BTreeMap::new(), has_approvals: true, last_id: 0 }
    }
}

impl World {
    pub fn add_project(&mut self, path: &str) -> i64 {
        let id = self.new_id();
        let project = Project { path: path.to_owned(), commits: BTreeMap::new(), merge_requests: Vec::new(), protected: BTreeMap::new() };
        self.projects.insert(id, project);
        id
    }

    pub fn protect(&mut self, project: i64, environment: &str, protection: Protection) {
        if let Some(project) = self.projects.get_mut(&project) {
            project.protected.insert(environment.to_owned(), protection);
        }
    }

    pub fn add_commit(&mut self, project: i64, commit: Commit) {
        if let Some(project) = self.projects.get_mut(&project) {
            project.commits.insert(commit.sha.clone(), commit);
        }
    }

    pub fn add_merge_request(&mut self, project: i64, request: MergeRequest) {
        if let Some(project) = self.projects.get_mut(&project) {
            project.merge_requests.push(request);
        }
    }

    pub fn merge(&mut self, project: i64, number: i64, user: i64) -> Option<()> {
        let requests = &mut self.projects.get_mut(&project)?.merge_requests;
        requests.iter_mut().rfind(|request| request.iid == number)?.merger = Some(user);
        Some(())
    }

    /// Blocked in any case: by approvals, or because the job is manual.
    pub fn deploy(&mut self, what: Deploy) -> Option<i64> {
        self.projects.get(&what.project)?.commits.get(&what.sha)?;
        let (id, job) = (self.new_id(), self.new_id());
        self.jobs.insert(job, Job { id: job, project: what.project, deployment: id, status: JobStatus::Manual, failure_reason: None });
        self.deployments.insert(id, Deployment { id, job, what, status: DeploymentStatus::Blocked, approvals: Vec::new() });
        Some(id)
    }

    pub fn protection(&self, deployment: &Deployment) -> Option<&Protection> {
        self.projects.get(&deployment.what.project)?.protected.get(&deployment.what.environment)
    }

    /// How many approvals are still missing; none where GitLab's plan has none.
    pub fn pending_approvals(&self, deployment: &Deployment) -> usize {
        let protection = self.protection(deployment).filter(|_| self.has_approvals);
        let required = protection.map_or(0, |protection| protection.required_approvals);
        required.saturating_sub(deployment.approvals.iter().filter(|approval| approval.approved).count())
    }

    /// Starts a manual job; `None` if it is not playable.
    pub fn play(&mut self, job: i64) -> Option<Job> {
        let deployment = self.deployments.get(&self.jobs.get(&job)?.deployment)?;
        if self.jobs.get(&job)?.status != JobStatus::Manual || self.pending_approvals(deployment) > 0 {
            return None;
        }
        let id = deployment.id;
        self.advance(id, DeploymentStatus::Created, JobStatus::Pending);
        self.jobs.get(&job).cloned()
    }

    pub fn advance(&mut self, deployment: i64, to: DeploymentStatus, job_to: JobStatus) {
        let Some(deployment) = self.deployments.get_mut(&deployment) else { return };
        deployment.status = to;
        if let Some(job) = self.jobs.get_mut(&deployment.job) {
            job.status = job_to;
        }
    }

    fn new_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }
}
