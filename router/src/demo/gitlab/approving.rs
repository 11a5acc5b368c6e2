//! GitLab's approval service: its checks in its order, with its sentences.

use super::world::{Approval, Deployment, DeploymentStatus, JobStatus, World};

/// GitLab's limit (`Deployments::Approval`).
const COMMENT_CHARS: usize = 255;

pub struct Ballot<'a> {
    pub user: i64,
    /// `approved` or `rejected`, as the caller wrote it.
    pub status: &'a str,
    pub comment: &'a str,
}

/// The approval that GitLab now holds; the same one again for the same user and status.
pub fn decide(world: &mut World, id: i64, ballot: Ballot<'_>) -> Result<Approval, String> {
    let deployment = world.deployments.get(&id).ok_or("404 Not found")?;
    check(world, deployment, &ballot)?;
    let approval = Approval { user: ballot.user, approved: ballot.status == "approved", comment: ballot.comment.to_owned() };
    upsert(world, id, &approval);
    carry_out(world, id, approval.approved);
    Ok(approval)
}

fn check(world: &World, deployment: &Deployment, ballot: &Ballot<'_>) -> Result<(), &'static str> {
    if !matches!(ballot.status, "approved" | "rejected") {
        return Err("Unrecognized approval status.");
    }
    let protection = world.protection(deployment).ok_or("This environment is not protected.")?;
    if deployment.what.user == ballot.user && ballot.status == "approved" {
        return Err("You cannot approve your own deployment. This configuration can be adjusted in the protected environment settings.");
    }
    if protection.required_approvals == 0 {
        return Err("Deployment approvals is not configured for this environment.");
    }
    if deployment.status != DeploymentStatus::Blocked {
        return Err("This deployment is not waiting for approvals.");
    }
    if !protection.approvers.contains(&ballot.user) {
        return Err("You don't have permission to approve this deployment. Contact the project or group owner for help.");
    }
    if ballot.comment.chars().count() > COMMENT_CHARS {
        return Err("Comment is too long (maximum is 255 characters)");
    }
    Ok(())
}

fn upsert(world: &mut World, id: i64, approval: &Approval) {
    let Some(deployment) = world.deployments.get_mut(&id) else { return };
    deployment.approvals.retain(|other| other.user != approval.user);
    deployment.approvals.push(approval.clone());
}

/// With approval rules the job stays manual; a rejection fails it.
fn carry_out(world: &mut World, id: i64, approved: bool) {
    let Some(deployment) = world.deployments.get(&id) else { return };
    if approved && world.pending_approvals(deployment) == 0 {
        world.advance(id, DeploymentStatus::Created, JobStatus::Manual);
    } else if !approved {
        let job = deployment.job;
        world.advance(id, DeploymentStatus::Failed, JobStatus::Failed);
        if let Some(job) = world.jobs.get_mut(&job) {
            job.failure_reason = Some("deployment_rejected");
        }
    }
}
