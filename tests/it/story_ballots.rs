//! Votes that leave it to others, that are changed, and that are taken back.

use tests::world::{Plan, World};

const TAKE_BACK: &str = "Take my vote back";

#[test]
fn a_vote_is_changed_and_taken_back() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let abstained = card.press("Abstain…", "approver-3").because("I do not know this part").await;
        assert!(abstained.starts_with("Recorded: you abstained on CHG-"), "{abstained}");
        card.says("Approvals: 0 of 2").says("I do not know this part");
        let approved = card.press("Approve…", "approver-3").because("read it after all").await;
        assert!(approved.contains("(1 of 2)"), "{approved}");
        card.says("Approvals: 1 of 2");
        let back = card.button(TAKE_BACK);
        let told = card.press(TAKE_BACK, "approver-3").is_told().await;
        assert!(told.contains("took your vote on CHG-") && told.ends_with("back (0 of 2)."), "{told}");
        card.says("Approvals: 0 of 2");
        let twice = card.press_remembered(&back, "approver-3").is_told().await;
        assert!(twice.starts_with("There is no vote of yours on CHG-"), "{twice}");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
        let late = card.press_remembered(&back, "approver-1").is_told().await;
        assert!(late.contains("was approved already"), "{late}");
        card.shows("Approved").says("Approvals: 2 of 2");
        assert_eq!(w.change().await.refusals(), ["no_vote_of_yours", "not_open"]);
    });
}

#[test]
fn a_vote_of_a_stage_that_is_closed_stays() {
    let operate = "name: operations, when: \"environment == 'production'\", stage: operate";
    let stages = Plan::default()
        .with_policy("name: operations, when: \"environment == 'production'\", stage: approve", operate)
        .with_policy("normal: [approve]", "normal: [approve, operate]");
    stages.run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Abstain…", "approver-3").because("I do not know this part").await;
        let back = card.button(TAKE_BACK);
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.says("Stage 2 of 2");
        let stays = card.press_remembered(&back, "approver-1").is_told().await;
        assert!(stays.contains("has been counted and its stage is closed"), "{stays}");
        card.says("Approvals: 1 of 2");
    });
}

#[test]
fn in_discord_a_vote_is_taken_back_by_a_press() {
    Plan::default().with_discord().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        card.vote("Approve…", "approver-1", "canary is clean").await;
        let id = card.message().controls().into_iter().find(|control| control.label == TAKE_BACK).unwrap().custom_id;
        let press = card.interaction(&id, "approver-1");
        let told = w.discord().sends(&press).await.told();
        assert!(told.ends_with("back (0 of 2)."), "{told}");
        w.settle().await;
        let again = w.discord().sends(&press).await.told();
        assert!(again.starts_with("Recorded already: you took your vote back on CHG-"), "{again}");
        card.says("Approvals: 0 of 2");
        w.slack().channel("deploys").sees("Approval needed").says("Approvals: 0 of 2");
    });
}
