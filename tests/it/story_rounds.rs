//! What follows when changes are requested, and when whoever asked for a change does not want it any more.

use engine::phase::State;
use tests::world::{Plan, World};

#[test]
fn requested_changes_begin_another_round() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        let old_form = card.press("Approve…", "approver-3").opens_a_form().await;
        let told = card.press("Request changes…", "approver-2").because("say how to go back").await;
        assert!(told.starts_with("Recorded: you asked for changes to CHG-"), "{told}");
        card.shows("Input needed: checkout-api").says("Changes requested by").says("say how to go back");
        let foreign = card.press("Ask again…", "approver-2").is_told().await;
        assert!(foreign.contains("that is for whoever asked for it"), "{foreign}");
        let form = card.press("Ask again…", "requester-1").opens_a_form().await;
        assert!(form.text().contains("Changes requested by Approver Two: “say how to go back”"), "{}", form.text());
        let again = form.send("the way back is described now").await.closes();
        assert!(again.contains("as round 2. Its approvers are asked now."), "{again}");
        card.shows("Approval needed").says("Approvals: 0 of 2");
        let stale = old_form.send("canary is clean").await.closes();
        assert!(stale.starts_with("This changed since you looked"), "{stale}");
        card.press("Approve…", "approver-1").because("the way back is clear").await;
        card.press("Approve…", "approver-2").because("that is what I wanted").await;
        deployment.was_told_approved();
        let told = w.change().await;
        assert_eq!((told.state(), told.change.round, told.refusals()), (State::Approved, 2, vec!["not_yours", "changed_since_seen"]));
    });
}

#[test]
fn who_asked_for_it_withdraws_it_and_the_pipeline_hears_no() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let foreign = card.press("Withdraw…", "approver-1").is_told().await;
        assert!(foreign.starts_with("You can’t withdraw CHG-"), "{foreign}");
        let form = card.press("Withdraw…", "requester-1").opens_a_form().await;
        let empty = form.submit_crafted("no").await.stays_open();
        assert!(empty.contains("why you take it back"), "{empty}");
        let told = form.send("the release is postponed").await.closes();
        assert!(told.starts_with("Recorded: you withdrew CHG-"), "{told}");
        deployment.was_told_rejected();
        card.shows("Withdrawn").says("the release is postponed").has_no_buttons();
        assert_eq!(w.change().await.refusals(), ["not_yours", "rationale_too_short"]);
    });
}

#[test]
fn changes_are_requested_and_mended_in_discord() {
    Plan::default().with_discord().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        card.vote("Request changes…", "approver-2", "say how to go back").await;
        card.shows("Input needed").says("say how to go back");
        let again = card.vote("Ask again…", "requester-1", "the way back is described now").await;
        assert!(again.contains("as round 2"), "{again}");
        card.shows("Approval needed");
        let told = card.vote("Withdraw…", "requester-1", "the release is postponed").await;
        assert!(told.starts_with("Recorded: you withdrew CHG-"), "{told}");
        w.slack().channel("deploys").sees("Withdrawn").has_no_buttons();
    });
}
