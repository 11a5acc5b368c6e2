//! Slack has posted something, and its answer never came: what is there already is found, and not posted again.

use router::work;
use std::time::Duration;
use tests::fakes::slack::{Fault, Method};
use tests::process::patience::seen;
use tests::world::{Plan, World};

const REASON: &str = "canary is clean";
/// The first channel of the pretend workspace, `deploys`.
const CHANNEL: &str = "C000000001";
/// By then whatever was not answered is tried again, and a dead node's lease has run out.
const LATER: Duration = Duration::from_secs(10);
/// Real time, for a machine that does many things at once.
const SOON: Duration = Duration::from_secs(20);

/// The policy names the channel by its id.
fn by_id() -> Plan {
    Plan::default().with_policy("deploys: [production]", &format!("{CHANNEL}: [production]"))
}

async fn types_approval(w: &World, person: &str) {
    let number = w.changes().await.pop().expect("a change").number;
    let told = w.types(person, &format!("approve {number} because {REASON}")).await.private();
    assert!(told.starts_with("Recorded: you approved"), "{told}");
}

#[test]
fn a_card_is_there_once_and_shows_what_happened_meanwhile() {
    by_id().also_as_shipped().run(async |w| {
        w.slack().fails_next(Method::Post, 1, Fault::DoneButDropped);
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        types_approval(w, "approver-1").await;
        w.advance(LATER).await;
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        card.says("Approvals: 1 of 2").press("Approve…", "approver-2").because(REASON).await;
        deployment.was_told_approved();
        card.shows("Approved").tells(&["✓ Approver Two approved.", "✓ Approved, with 2 votes"]);
    });
}

/// Slack takes a channel's name for posting, but not for looking; its answer to an earlier card has said the id.
#[test]
fn a_channel_with_a_name_is_known_by_its_earlier_cards() {
    World::run(async |w| {
        w.gitlab().deployment_waits("ledger-api", "production").await;
        w.slack().fails_next(Method::Post, 1, Fault::DoneButDropped);
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(LATER).await;
        w.slack().channel("deploys").sees("Approval needed: checkout-api");
        assert_eq!(w.slack().channel("deploys").titles().len(), 2);
    });
}

#[test]
fn a_card_of_a_node_that_died_before_the_answer_is_found_by_the_next() {
    by_id().run(async |w| {
        w.slack().fails_next(Method::Post, 1, Fault::DoneButSilent);
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        for hook in w.gitlab().pretend().take_deliveries() {
            assert_eq!(w.gitlab().sends(&hook).await.status, 202);
        }
        let app = w.app();
        let working = tokio::spawn(async move { drop(work::settle(&app).await) });
        seen("a card", SOON, async || (!w.slack().channel("deploys").is_empty()).then_some(())).await;
        working.abort();
        drop(working.await);
        w.restarts().await;
        w.advance(LATER).await;
        w.slack().channel("deploys").sees("Approval needed: checkout-api");
        assert_eq!(w.slack().count(Method::Post), 1);
    });
}

#[test]
fn a_line_is_told_once() {
    Plan::default().also_as_shipped().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.slack().fails_next(Method::Post, 1, Fault::DoneButDropped);
        card.press("Approve…", "approver-1").because(REASON).await;
        card.press("Approve…", "approver-2").because(REASON).await;
        w.advance(LATER).await;
        card.tells(&["✓ Approver One approved.", "✓ Approver Two approved.", "✓ Approved, with 2 votes"]);
    });
}

#[test]
fn what_never_arrived_is_posted() {
    by_id().run(async |w| {
        w.slack().fails_next(Method::Post, 1, Fault::Drop);
        w.gitlab().deployment_waits("checkout-api", "production").await;
        assert!(w.slack().channel("deploys").is_empty());
        w.slack().fails_next(Method::History, 1, Fault::Status(503));
        w.advance(LATER).await;
        assert!(w.slack().channel("deploys").is_empty(), "posted although nobody could look");
        w.advance(LATER).await;
        w.slack().channel("deploys").sees("Approval needed: checkout-api");
        assert_eq!((w.slack().count(Method::Post), w.slack().count(Method::History)), (2, 2));
    });
}

#[test]
fn an_app_that_may_not_read_posts_again_and_keeps_to_the_newer_card() {
    by_id().run(async |w| {
        w.slack().state().may_not_read = true;
        w.slack().fails_next(Method::Post, 1, Fault::DoneButDropped);
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(LATER).await;
        assert_eq!(w.slack().channel("deploys").titles().len(), 2, "as docs/integrations/slack.md says");
        deployment.is_cancelled().await;
        w.slack().channel("deploys").sees("Withdrawn: checkout-api");
    });
}
