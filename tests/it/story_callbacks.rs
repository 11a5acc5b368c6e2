//! Taking the decision to GitLab when GitLab, the network or a setting is in the way.

use engine::event::ToolDecision;
use engine::phase::State;
use entities::SendAgain;
use router::demo::gitlab::{BOT, Fault, JobStatus, Protection};
use std::time::Duration;
use tests::world::World;
use tests::world::card::Card;
use tests::world::deployment::Deployment;
use tests::world::gitlab::Permission;

const APPROVER: i64 = 12;

/// One vote short of a decision.
async fn nearly_approved(w: &World) -> (Deployment<'_>, Card<'_>) {
    let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
    let card = w.slack().channel("deploys").sees("Approval needed");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    (deployment, card)
}

#[test]
fn gitlab_answers_503_twice_and_then_takes_it() {
    World::run(async |w| {
        let (deployment, card) = nearly_approved(w).await;
        w.gitlab().fails_next(2, Fault::Status(503));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(w.change().await.state(), State::Approved);
        card.shows("Approved").is_silent_about("could not be delivered");
        w.advance(Duration::from_secs(2)).await;
        w.advance(Duration::from_secs(4)).await;
        assert_eq!(deployment.decisions(), ["approved"; 3]);
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Pending, State::Released));
    });
}

#[test]
fn a_wish_to_be_left_alone_is_respected() {
    World::run(async |w| {
        let (deployment, card) = nearly_approved(w).await;
        w.gitlab().fails_next(1, Fault::RetryAfter(60));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        w.advance(Duration::from_secs(59)).await;
        assert_eq!(deployment.decisions().len(), 1, "asked again before its time");
        w.advance(Duration::from_secs(3)).await;
        assert_eq!(deployment.decisions().len(), 2);
        assert_eq!(w.change().await.state(), State::Released);
    });
}

#[test]
fn what_was_done_although_the_answer_got_lost_is_read_back() {
    World::run(async |w| {
        let (deployment, card) = nearly_approved(w).await;
        w.gitlab().fails_next(1, Fault::DoneButDropped);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Manual, State::Approved));
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Pending, State::Released));
        assert_eq!(deployment.starts_asked(), 1);
        assert!(w.change().await.change.outside.is_empty());
    });
}

#[test]
fn a_job_whose_start_got_no_answer_is_not_started_twice() {
    World::run(async |w| {
        let (deployment, card) = nearly_approved(w).await;
        // The approval and the reading of the job are answered; the start is done and its answer lost.
        w.gitlab().fails_call(3, Fault::DoneButDropped);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Pending, State::Approved));
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((deployment.starts_asked(), w.change().await.state()), (1, State::Released));
    });
}

#[test]
fn without_permission_the_card_says_so_and_it_can_be_sent_again() {
    World::run(async |w| {
        w.expects_errors();
        let (deployment, card) = nearly_approved(w).await;
        w.gitlab().lets_the_bot_approve("checkout-api", Permission::Taken);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        card.shows("Approved").says("could not be delivered to GitLab").says("You don't have permission");
        assert_eq!(w.app().store.outgoing_counts().await.unwrap().dead, 1);
        w.gitlab().lets_the_bot_approve("checkout-api", Permission::Given);
        w.advance(Duration::from_hours(1)).await;
        assert_eq!(deployment.job(), JobStatus::Manual, "what is put aside is not sent by itself");
        assert_eq!(w.app().store.outgoing_send_again(SendAgain::AllDead, w.now()).await.unwrap(), 1);
        w.settle().await;
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Pending, State::Released));
        card.shows("Approved").is_silent_about("could not be delivered");
    });
}

#[test]
fn after_five_attempts_the_card_says_that_gitlab_has_not_heard_yet() {
    World::run(async |w| {
        let (deployment, card) = nearly_approved(w).await;
        w.gitlab().fails_next(5, Fault::Status(502));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        for pause in [2, 4, 8] {
            w.advance(Duration::from_secs(pause)).await;
            card.is_silent_about("could not be delivered");
        }
        w.advance(Duration::from_secs(16)).await;
        card.shows("Approved").says("could not be delivered to GitLab").says("502");
        w.advance(Duration::from_secs(32)).await;
        card.shows("Approved").is_silent_about("could not be delivered");
        assert_eq!(deployment.job(), JobStatus::Pending);
    });
}

#[test]
fn an_approval_in_gitlab_itself_is_evidence_and_no_vote() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.gitlab().lets_approve("checkout-api", Protection { required_approvals: 1, approvers: vec![BOT, APPROVER] });
        deployment.is_decided_in_gitlab(APPROVER, ToolDecision::Approve).await;
        card.shows("Approval needed").says("Approved in GitLab by gitlab user 12, not here").says("Approvals: 0 of 2");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Pending, State::Released));
        assert_eq!(w.change().await.change.outside.len(), 1);
    });
}

#[test]
fn a_rejection_in_gitlab_itself_ends_the_deployment_and_the_card_says_so() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.gitlab().lets_approve("checkout-api", Protection { required_approvals: 1, approvers: vec![BOT, APPROVER] });
        deployment.is_decided_in_gitlab(APPROVER, ToolDecision::Reject).await;
        card.shows("Withdrawn").says("Rejected in GitLab by gitlab user 12, not here").has_no_buttons();
        deployment.was_told_nothing();
    });
}

#[test]
fn gitlab_without_approvals_has_its_manual_job_started() {
    World::run(async |w| {
        w.gitlab().pretend().without_approvals();
        let (deployment, card) = nearly_approved(w).await;
        assert_eq!(deployment.job(), JobStatus::Manual);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((deployment.job(), w.change().await.state()), (JobStatus::Pending, State::Released));
        deployment.starts().await;
        deployment.succeeds().await;
        card.shows("Deployed");
    });
}

#[test]
fn gitlab_without_approvals_starts_nothing_that_was_rejected() {
    World::run(async |w| {
        w.gitlab().pretend().without_approvals();
        let (deployment, card) = nearly_approved(w).await;
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        card.shows("Rejected").has_no_buttons();
        assert_eq!((deployment.job(), deployment.starts_asked()), (JobStatus::Manual, 0));
    });
}
