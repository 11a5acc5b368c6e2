//! Newer replaces older in the same lane, whatever the order in which they arrive.

use engine::phase::State;
use tests::world::World;

#[test]
fn a_newer_deployment_replaces_the_one_that_waits() {
    World::run(async |w| {
        let older = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        let remembered = card.button("Approve…");
        let newer = w.gitlab().deployment_waits("checkout-api", "production").await;
        let newer_card = w.slack().channel("deploys").sees("Approval needed");
        card.shows("Replaced: checkout-api").says(&newer_card.number()).has_no_buttons();
        older.was_told_rejected();
        newer.was_told_nothing();
        newer_card.says("Approvals: 0 of 2");
        let late = card.press_remembered(&remembered, "approver-2").is_told().await;
        assert!(late.contains("was replaced by a newer change"), "{late}");
        newer_card.press("Approve…", "approver-1").because("canary is clean").await;
        newer_card.press("Approve…", "approver-2").because("reviewed the diff").await;
        newer.was_told_approved();
    });
}

#[test]
fn a_late_event_of_an_older_deployment_replaces_nothing() {
    World::run(async |w| {
        let older = w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [late_hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        let newer = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        assert_eq!(w.gitlab().sends(&late_hook).await.status, 202);
        w.settle().await;
        card.shows("Approval needed");
        w.slack().channel("deploys").sees("Replaced").says(&card.number()).has_no_buttons();
        older.was_told_rejected();
        newer.was_told_nothing();
    });
}

#[test]
fn another_lane_is_left_alone() {
    World::run(async |w| {
        w.gitlab().deployment_waits("ledger-api", "production").await;
        let other = w.slack().channel("deploys").sees("Approval needed: ledger-api");
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.gitlab().deployment_waits("checkout-api", "production").await;
        other.shows("Approval needed: ledger-api");
        let states: Vec<State> = w.changes().await.iter().map(|row| row.state).collect();
        assert_eq!(states, [State::Pending, State::Superseded, State::Pending]);
    });
}

#[test]
fn what_is_released_already_is_not_replaced() {
    World::run(async |w| {
        let older = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        w.gitlab().deployment_waits("checkout-api", "production").await;
        card.shows("Approved: checkout-api");
        older.was_told_approved();
        older.starts().await;
        older.succeeds().await;
        card.shows("Deployed");
        w.slack().channel("deploys").sees("Approval needed");
    });
}
