//! The main job: a deployment waits, two people agree, GitLab goes ahead, and everybody sees how it ended.

use engine::phase::State;
use tests::fakes::slack::Method;
use tests::world::World;

#[test]
fn second_approver_releases() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        let heard = card.press("Approve…", "approver-1").because("canary is clean").await;
        assert!(heard.starts_with("Recorded: you approved CHG-") && heard.contains("(1 of 2)"), "{heard}");
        deployment.was_told_nothing();
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
        card.shows("Approved: checkout-api").says("Approved 2 of 2 by").has_no_buttons();
        assert_eq!(w.change().await.state(), State::Released);
    });
}

#[test]
fn the_way_to_deployed_is_told_in_one_card_and_its_thread() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.starts().await;
        card.shows("Deploying: checkout-api").has_no_buttons();
        deployment.succeeds().await;
        card.shows(&format!("Deployed: checkout-api {} to production", &deployment.sha[..8])).has_no_buttons();
        card.tells(&[
            "✓ Approver One approved. “canary is clean”",
            "✓ Approver Two approved. “reviewed the diff”",
            "✓ Approved, with 2 votes counted.",
            "› The deployment started.",
            "✓ Deployed.",
        ]);
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
        assert!(w.change().await.change.outside.is_empty(), "our own echo is no decision from outside");
        assert!(deployment.comment().contains("approved by Approver One and Approver Two"), "{}", deployment.comment());
    });
}

#[test]
fn one_rejection_ends_it_and_the_requester_hears_of_it() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let heard = card.press("Reject…", "approver-2").because("the migration locks a table").await;
        assert!(heard.starts_with("Recorded: you rejected CHG-"), "{heard}");
        card.shows("Rejected: checkout-api").says("the migration locks a table").has_no_buttons();
        deployment.was_told_rejected();
        let told = w.slack().directs_to("requester-1");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0].contains("Rejected: checkout-api") && told[0].contains("the migration locks a table"), "{told:#?}");
    });
}

#[test]
fn the_same_form_sent_twice_is_one_vote() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let form = card.press("Approve…", "approver-1").opens_a_form().await;
        assert!(form.text().contains("Approvals so far: 0 of 2."), "{}", form.text());
        form.send("canary is clean").await.closes();
        let again = form.send("canary is clean").await.closes();
        assert!(again.starts_with("Recorded already: you approved"), "{again}");
        card.says("Approvals: 1 of 2");
        assert_eq!(w.change().await.change.votes.len(), 1);
    });
}

#[test]
fn details_show_what_the_card_has_no_room_for() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let details = card.press("Details", "lead-1").opens_details().await;
        assert!(details.contains("Details of CHG-") && details.contains("Author One"), "{details}");
        assert_eq!(w.slack().count(Method::Whisper), 0);
    });
}
