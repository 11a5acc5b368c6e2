//! What becomes of a deployment in GitLab, expected or not, and what the same subject means when it comes again.

use engine::event::What;
use engine::phase::State;
use router::demo::gitlab::HookStatus;
use std::time::Duration;
use tests::world::World;
use tests::world::card::Card;

async fn approve(card: &Card<'_>) {
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

#[test]
fn what_is_cancelled_in_gitlab_is_withdrawn() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        deployment.is_cancelled().await;
        card.shows("Withdrawn: checkout-api").says("The deployment was cancelled in the pipeline.").has_no_buttons();
        deployment.was_told_nothing();
        assert_eq!(w.change().await.state(), State::Cancelled);
    });
}

#[test]
fn what_fails_after_its_release_is_told_to_the_requester() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        approve(&card).await;
        deployment.starts().await;
        deployment.fails().await;
        card.shows("Deployment failed: checkout-api").has_no_buttons();
        let told = w.slack().directs_to("requester-1");
        assert!(told.len() == 1 && told[0].contains("Deployment failed: checkout-api"), "{told:#?}");
    });
}

#[test]
fn a_retried_job_is_a_further_attempt_of_the_same_approval() {
    World::run(async |w| {
        let first = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        approve(&card).await;
        first.was_told_approved();
        let second = w.gitlab().deployment_of("checkout-api", "production").of_commit(&first.sha).waits().await;
        second.was_told_approved();
        assert_eq!((w.change().await.change.attempt, w.change().await.state()), (2, State::Released));
        first.is_cancelled().await;
        card.shows("Approved");
        second.starts().await;
        second.succeeds().await;
        card.shows("Deployed");
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
    });
}

/// Votes are for the subject, so a job that is retried while people look at it takes nothing from them.
#[test]
fn a_job_retried_while_it_waits_keeps_its_votes() {
    World::run(async |w| {
        let first = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        let second = w.gitlab().deployment_of("checkout-api", "production").of_commit(&first.sha).waits().await;
        first.is_cancelled().await;
        card.shows("Approval needed").says("Approvals: 1 of 2");
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        first.was_told_nothing();
        second.was_told_approved();
    });
}

#[test]
fn what_failed_is_asked_again_and_linked() {
    World::run(async |w| {
        let first = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        approve(&card).await;
        first.starts().await;
        first.fails().await;
        w.gitlab().deployment_of("checkout-api", "production").of_commit(&first.sha).waits().await;
        let again = w.slack().channel("deploys").sees("Approval needed");
        assert_ne!(again.number(), card.number());
        let (old, new) = (w.record_of(&card.number()).await, w.record_of(&again.number()).await);
        assert_eq!(new.change.previous, Some(old.change.id));
    });
}

#[test]
fn a_rejected_commit_is_not_asked_again() {
    World::run(async |w| {
        let first = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        let second = w.gitlab().deployment_of("checkout-api", "production").of_commit(&first.sha).waits().await;
        let blocked = w.slack().channel("deploys").sees("Blocked: checkout-api");
        blocked.says(&format!("was rejected in {}", card.number())).says("the migration locks a table").has_no_buttons();
        second.was_told_nothing();
        w.advance(Duration::from_hours(25)).await;
        blocked.shows("Expired");
        w.gitlab().deployment_of("checkout-api", "production").of_commit(&first.sha).waits().await;
        let third = w.slack().channel("deploys").sees("Blocked: checkout-api");
        third.says(&format!("was rejected in {}", card.number())).has_no_buttons();
    });
}

#[test]
fn a_deployment_that_runs_while_people_are_asked_is_recorded_and_told() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        deployment.starts().await;
        card.shows("Approval needed").says("A deployment started without a confirmed release");
        let owners = w.slack().directs_to("owner-1");
        assert!(owners.len() == 1 && owners[0].contains("A deployment started without a confirmed release"), "{owners:#?}");
        deployment.succeeds().await;
        card.shows("Withdrawn").says("It was deployed without this approval.");
        assert_eq!(w.change().await.count(|what| matches!(what, What::UnapprovedDeployment { .. })), 1);
        deployment.was_told_nothing();
    });
}

#[test]
fn a_deployment_that_nobody_asked_about_is_recorded_and_told() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        drop(w.gitlab().pretend().take_deliveries());
        deployment.starts().await;
        let records = w.app().store.system_records("deployments:gitlab-main").await.unwrap();
        assert_eq!(records.len(), 1, "{records:#?}");
        assert_eq!((records[0].kind.as_str(), &records[0].body["run"]), ("unapproved_deployment", &deployment.job_id().to_string().into()));
        assert_eq!(w.slack().directs_to("owner-1").len(), 1);
        deployment.succeeds().await;
        assert_eq!(w.app().store.system_records("deployments:gitlab-main").await.unwrap().len(), 1, "it is one deployment");
        assert_eq!(w.slack().directs_to("owner-1").len(), 1);
        assert!(w.changes().await.is_empty());
    });
}

/// GitLab's hooks may overtake each other.
#[test]
fn a_success_that_arrives_before_its_start_is_believed() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        approve(&card).await;
        for status in [HookStatus::Success, HookStatus::Running] {
            assert_eq!(w.gitlab().sends(&deployment.hook(status)).await.status, 202);
            w.settle().await;
        }
        card.shows("Deployed");
        assert_eq!(w.change().await.count(|what| matches!(what, What::UnapprovedDeployment { .. })), 0);
    });
}
