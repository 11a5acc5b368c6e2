//! One deployment at the pretend GitLab, from the hook that asks for it to its outcome.

use super::forge::Forge;
use super::installation::Installation;
use super::patience::seen;
use engine::event::DeploymentOutcome;
use router::demo::gitlab::JobStatus;
use std::time::Duration;

const SHA: &str = "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3";
/// What a title says of it, after the word for its state.
pub const WHAT: &str = "checkout-api 9f2c41ab to production";
/// How long each step of a story may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Release<'a> {
    forge: &'a Forge,
    installation: &'a Installation,
    deployment: i64,
}

impl<'a> Release<'a> {
    /// A pipeline comes to its deployment job and waits; the program hears of it.
    pub async fn asks(forge: &'a Forge, installation: &'a Installation) -> Self {
        let project = forge.project("payments/checkout-api", &["production"]);
        let deployment = forge.deployment_waits(project, "production", SHA);
        forge.deliver(installation).await;
        Self { forge, installation, deployment }
    }

    /// GitLab takes one approval that links to us, and starts the job once.
    pub async fn is_approved(&self) {
        let gitlab = &self.forge.gitlab;
        let started = seen("the job's start", PATIENCE, async || {
            let deployment = gitlab.deployment(self.deployment)?;
            gitlab.job(deployment.job).filter(|job| job.status == JobStatus::Pending).map(|_| deployment)
        });
        let told = started.await;
        assert_eq!((self.forge.decisions(&told), self.forge.plays(&told)), (1, 1));
        let approval = &told.approvals[0];
        assert!(approval.approved && approval.comment.starts_with(&self.installation.base()), "{:?}", told.approvals);
    }

    /// The job runs to a good end, and the program hears of it.
    pub async fn succeeds(&self) {
        self.forge.gitlab.run(self.deployment);
        self.forge.gitlab.finish(self.deployment, DeploymentOutcome::Success);
        self.forge.deliver(self.installation).await;
    }
}
