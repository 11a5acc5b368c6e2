//! Slack is away, slow, full or of another opinion: nothing is lost, nothing is doubled, only the newest state is shown.

use engine::phase::State;
use entities::SendAgain;
use std::time::Duration;
use tests::fakes::slack::{Fault, Method};
use tests::world::{Plan, World};

#[test]
fn a_card_that_could_not_be_posted_comes_once_and_with_the_newest_state() {
    World::run(async |w| {
        w.slack().goes_away();
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        assert_eq!(w.change().await.state(), State::Pending, "the hook was taken all the same");
        w.advance(Duration::from_mins(5)).await;
        deployment.is_cancelled().await;
        w.advance(Duration::from_mins(10)).await;
        assert!(w.slack().count(Method::Post) > 1, "it was tried meanwhile");
        assert!(w.slack().channel("deploys").is_empty());
        w.slack().comes_back();
        w.advance(Duration::from_mins(11)).await;
        let card = w.slack().channel("deploys").sees("checkout-api");
        card.shows("Withdrawn").has_no_buttons();
        assert_eq!((card.message().edits, card.thread().len()), (0, 0));
    });
}

#[test]
fn votes_at_the_console_go_on_and_the_card_catches_up_in_one_edit() {
    Plan::default().in_sandbox().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.slack().goes_away();
        let number = card.number();
        w.visitor("approver-1").await.votes(&number, "approve", "canary is clean").await;
        w.advance(Duration::from_mins(1)).await;
        w.visitor("approver-2").await.votes(&number, "approve", "reviewed the diff").await;
        deployment.was_told_approved();
        deployment.starts().await;
        card.shows("Approval needed").says("Approvals: 0 of 2");
        w.slack().comes_back();
        w.advance(Duration::from_mins(10)).await;
        card.shows("Deploying").has_no_buttons();
        assert_eq!(card.message().edits, 1);
        card.tells(&["✓ Approver One approved.", "✓ Approver Two approved.", "✓ Approved, with 2 votes", "› The deployment started."]);
    });
}

#[test]
fn a_deleted_card_is_posted_anew() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.is_deleted();
        deployment.starts().await;
        let fresh = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        fresh.says("Approvals: 1 of 2").says("canary is clean").says("without a confirmed release");
        fresh.press("Approve…", "approver-2").because("reviewed the diff").await;
        fresh.shows("Approved").tells(&["✓ Approver Two approved.", "✓ Approved, with 2 votes"]);
    });
}

#[test]
fn a_card_that_can_not_be_edited_any_more_is_posted_anew() {
    World::run(async |w| {
        for code in ["cant_update_message", "edit_window_closed", "is_inactive"] {
            let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
            let card = w.slack().channel("deploys").sees("Approval needed");
            w.slack().fails_next(Method::Update, 1, Fault::Error(code));
            deployment.is_cancelled().await;
            card.shows("Approval needed");
            w.slack().channel("deploys").sees("Withdrawn").has_no_buttons();
            card.is_deleted();
            w.slack().channel("deploys").sees("Withdrawn").is_deleted();
        }
    });
}

#[test]
fn a_layout_that_slack_refuses_goes_out_as_text() {
    World::run(async |w| {
        w.slack().fails_next(Method::Post, 1, Fault::Error("invalid_blocks"));
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        let message = card.message();
        assert!(message.blocks.is_null() && message.text.contains("Approvals: 0 of 2"), "{message:?}");
        w.slack().fails_next(Method::Update, 1, Fault::Error("msg_blocks_too_long"));
        deployment.is_cancelled().await;
        assert!(card.message().text.starts_with("Withdrawn: checkout-api"), "{:?}", card.message());
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
    });
}

#[test]
fn a_limit_of_slack_is_respected() {
    World::run(async |w| {
        w.slack().fails_next(Method::Post, 1, Fault::Limited(30));
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(Duration::from_secs(29)).await;
        assert_eq!(w.slack().count(Method::Post), 1, "asked again before its time");
        w.advance(Duration::from_secs(3)).await;
        assert_eq!(w.slack().count(Method::Post), 2);
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.slack().fails_next(Method::Update, 1, Fault::Limited(30));
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.says("Approvals: 0 of 2");
        w.advance(Duration::from_secs(32)).await;
        card.says("Approvals: 1 of 2").tells(&["✓ Approver One approved."]);
    });
}

#[test]
fn a_channel_that_is_not_there_waits_for_somebody_to_mend_it() {
    World::run(async |w| {
        w.expects_errors();
        w.slack().fails_next(Method::Post, 1, Fault::Error("channel_not_found"));
        w.gitlab().deployment_waits("checkout-api", "production").await;
        assert!(w.slack().channel("deploys").is_empty());
        assert_eq!(w.app().store.outgoing_send_again(SendAgain::AllDead, w.now()).await.unwrap(), 1);
        w.settle().await;
        w.slack().channel("deploys").sees("Approval needed");
    });
}

#[test]
fn an_edit_whose_answer_got_lost_is_made_again_without_a_second_line() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.slack().fails_next(Method::Update, 1, Fault::DoneButDropped);
        card.press("Approve…", "approver-1").because("canary is clean").await;
        w.advance(Duration::from_secs(2)).await;
        card.says("Approvals: 1 of 2").tells(&["✓ Approver One approved."]);
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
    });
}

#[test]
fn a_reminder_waits_until_slack_is_back_and_is_dropped_when_it_has_no_point() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.slack().goes_away();
        w.advance(Duration::from_mins(15)).await;
        w.slack().comes_back();
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        w.advance(Duration::from_mins(11)).await;
        for person in ["approver-1", "approver-2", "approver-3"] {
            assert!(w.slack().directs_to(person).is_empty(), "{person} is reminded of something that is decided");
        }
    });
}
