//! GitLab's other hooks, from outside to the callback: manual jobs where there are no approvals, pipelines, merge
//! requests, and hooks that are signed.

use engine::phase::State;
use router::demo::gitlab::{Events, JobStatus};
use tests::world::card::Card;
use tests::world::gitlab::GITLAB_APPROVER;
use tests::world::{Plan, World};

async fn approve(card: &Card<'_>) {
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

/// GitLab Free: no approvals, and a webhook of job events.
fn on_the_free_plan(w: &World) {
    w.gitlab().pretend().without_approvals();
    w.gitlab().pretend().subscribe(Events::Jobs);
}

#[test]
fn a_manual_job_waits_and_is_started() {
    Plan::default().also_as_shipped().run(async |w| {
        on_the_free_plan(w);
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        assert_eq!((deployment.job(), deployment.starts_asked()), (JobStatus::Manual, 0));
        approve(&card).await;
        assert_eq!((deployment.job(), deployment.starts_asked()), (JobStatus::Pending, 1));
        deployment.starts().await;
        card.shows("Deploying");
        deployment.succeeds().await;
        card.shows("Deployed: checkout-api").has_no_buttons();
        assert_eq!(w.change().await.state(), State::Succeeded);
    });
}

#[test]
fn a_rejected_manual_job_is_never_started() {
    World::run(async |w| {
        on_the_free_plan(w);
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        card.shows("Rejected").has_no_buttons();
        assert_eq!((deployment.job(), deployment.starts_asked()), (JobStatus::Manual, 0));
    });
}

#[test]
fn a_manual_job_that_is_started_past_us_is_on_record() {
    World::run(async |w| {
        on_the_free_plan(w);
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        assert!(w.gitlab().pretend().play_in_gitlab(deployment.job_id()));
        deployment.starts().await;
        assert_eq!(w.change().await.change.unapproved, [deployment.job_id().to_string()]);
        deployment.succeeds().await;
        card.shows("Withdrawn").says("It was deployed without this approval.");
        assert!(!w.slack().directs_to("owner-1").is_empty(), "the policy’s owner was told");
    });
}

#[test]
fn a_cancelled_pipeline_takes_its_waiting_deployment_with_it() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        deployment.has_its_pipeline_cancelled().await;
        card.shows("Withdrawn: checkout-api").says("The deployment was cancelled in the pipeline.").has_no_buttons();
        deployment.was_told_nothing();
    });
}

#[test]
fn a_signed_webhook_carries_a_change_to_its_callback() {
    Plan::default().also_as_shipped().run(async |w| {
        w.gitlab().signs_its_hooks();
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        approve(&card).await;
        deployment.was_told_approved();
        deployment.starts().await;
        deployment.succeeds().await;
        card.shows("Deployed: checkout-api");
    });
}

#[test]
fn who_merges_it_while_others_vote_may_not_have_approved_it() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_of("checkout-api", "production").before_it_is_merged().waits().await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        w.gitlab().merges("checkout-api", GITLAB_APPROVER).await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_nothing();
        let told = card.press("Approve…", "approver-1").is_told().await;
        assert!(told.contains("you merged it"), "{told}");
        card.press("Approve…", "approver-3").because("canary is clean").await;
        deployment.was_told_approved();
    });
}

#[test]
fn a_merger_whom_nobody_knows_blocks() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_of("checkout-api", "production").before_it_is_merged().waits().await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.gitlab().merges("checkout-api", 99).await;
        card.shows("Blocked").says("merger of merge request !7").has_no_buttons();
        w.changes_people(r#"gitlab: "13""#, r#"gitlab: "99""#).await;
        card.shows("Approval needed");
        let told = card.press("Approve…", "approver-2").is_told().await;
        assert!(told.contains("you merged it"), "{told}");
        deployment.was_told_nothing();
    });
}
