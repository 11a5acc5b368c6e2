//! A node dies and another one goes on from what was committed.

use engine::phase::State;
use tests::world::{Plan, World};

#[test]
fn a_button_from_before_a_restart_works() {
    Plan::default().also_as_shipped().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.restarts().await;
        card.press("Approve…", "approver-1").because("canary is clean").await;
        w.restarts().await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
    });
}

#[test]
fn a_hook_that_was_acknowledged_is_carried_out_after_a_restart() {
    World::run(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        let first = w.gitlab().sends(&hook).await;
        assert_eq!(first.status, 202);
        w.restarts().await;
        w.slack().channel("deploys").sees("Approval needed");
        let again = w.gitlab().sends(&hook).await;
        assert_eq!((again.status, &again.body["delivery"]), (200, &first.body["delivery"]));
    });
}

#[test]
fn a_vote_that_was_acknowledged_reaches_gitlab_after_a_restart() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        let form = card.press("Approve…", "approver-2").opens_a_form().await;
        form.submit("reviewed the diff").await.closes();
        drop(form);
        assert_eq!(w.change().await.state(), State::Approved);
        deployment.was_told_nothing();
        w.restarts().await;
        deployment.was_told_approved();
        card.shows("Approved");
    });
}
