//! Pipelines that come to their deployment jobs one after the other, and a runner that finishes what was started.

use super::scene::{ENVIRONMENTS, Scene};
use super::{post, votes};
use crate::chance::Chance;
use engine::event::DeploymentOutcome;
use router::clock::pause;
use router::demo::gitlab::JobStatus;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// The longest pause between two deployments.
const DEPLOY_WITHIN_MS: u64 = 240;
const RUNNER: Duration = Duration::from_millis(40);

pub struct Load {
    tasks: JoinSet<()>,
    is_opening: Arc<AtomicBool>,
}

impl Load {
    pub fn start(scene: &Arc<Scene>, chance: &mut Chance) -> Self {
        let is_opening = Arc::new(AtomicBool::new(true));
        let mut tasks = JoinSet::new();
        tasks.spawn(deploy(scene.clone(), chance.fork(), is_opening.clone()));
        tasks.spawn(run_jobs(scene.clone()));
        tasks.spawn(post::deliver(scene.clone(), chance.fork()));
        tasks.spawn(votes::cast(scene.clone(), chance.fork()));
        Self { tasks, is_opening }
    }

    /// What is under way comes to its end.
    pub fn opens_nothing_more(&self) {
        self.is_opening.store(false, Ordering::SeqCst);
    }

    pub fn stop(mut self) {
        self.tasks.abort_all();
    }
}

async fn deploy(scene: Arc<Scene>, mut chance: Chance, is_opening: Arc<AtomicBool>) {
    while is_opening.load(Ordering::SeqCst) {
        let project = scene.projects[usize::try_from(chance.below(scene.projects.len() as u64)).expect("an index")];
        let environment = ENVIRONMENTS[usize::from(chance.is_one_in(3))];
        let sha = chance.sha();
        let deployment = scene.forge.deployment_waits(project, environment, &sha);
        scene.ledger().deployments.insert(deployment, sha);
        pause(chance.millis_below(DEPLOY_WITHIN_MS)).await;
    }
}

/// A job that was played runs, and ends well.
async fn run_jobs(scene: Arc<Scene>) {
    loop {
        let deployments: Vec<i64> = scene.ledger().deployments.keys().copied().collect();
        for deployment in deployments.into_iter().filter(|deployment| is_started(&scene, *deployment)) {
            scene.forge.gitlab.run(deployment);
            scene.forge.gitlab.finish(deployment, DeploymentOutcome::Success);
        }
        pause(RUNNER).await;
    }
}

fn is_started(scene: &Scene, deployment: i64) -> bool {
    let job = scene.forge.gitlab.deployment(deployment).and_then(|deployment| scene.forge.gitlab.job(deployment.job));
    job.is_some_and(|job| job.status == JobStatus::Pending)
}
