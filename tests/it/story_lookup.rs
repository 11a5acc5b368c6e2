//! Before anybody is asked, GitLab is asked who wrote it. What is not known blocks, and is asked again.

use engine::event::What;
use router::demo::gitlab::Fault;
use std::time::Duration;
use tests::world::World;

#[test]
fn gitlab_is_away_for_a_moment_and_nobody_notices() {
    World::run(async |w| {
        w.gitlab().fails_next(1, Fault::Status(503));
        w.gitlab().fails_next(1, Fault::Reset);
        w.gitlab().deployment_waits("checkout-api", "production").await;
        assert!(w.slack().channel("deploys").is_empty(), "nobody is asked before the authors are known");
        w.advance(Duration::from_secs(2)).await;
        w.advance(Duration::from_secs(2)).await;
        w.slack().channel("deploys").sees("Approval needed: checkout-api");
        assert_eq!(w.change().await.count(|what| matches!(what, What::AuthorsUnknown { .. })), 0);
    });
}

#[test]
fn gitlab_stays_away_and_the_card_says_so_until_it_is_back() {
    World::run(async |w| {
        w.gitlab().fails_next(4, Fault::Status(503));
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(Duration::from_secs(2)).await;
        assert!(w.slack().channel("deploys").is_empty());
        w.advance(Duration::from_secs(4)).await;
        let card = w.slack().channel("deploys").sees("Blocked: checkout-api");
        card.says("The authors could not be looked up").says("503").has_no_buttons();
        w.advance(Duration::from_secs(8)).await;
        card.shows("Blocked");
        w.advance(Duration::from_secs(16)).await;
        card.shows("Approval needed: checkout-api").is_silent_about("could not be looked up");
        card.press("Approve…", "approver-1").because("canary is clean").await;
    });
}

/// A commit that GitLab does not show is no passing trouble, so it is asked again at leisure.
#[test]
fn what_gitlab_refuses_to_tell_blocks_at_once() {
    World::run(async |w| {
        w.gitlab().fails_next(1, Fault::Status(404));
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Blocked: checkout-api");
        w.advance(Duration::from_mins(6)).await;
        card.shows("Approval needed");
    });
}

#[test]
fn an_unknown_author_blocks_by_name_and_the_directory_unblocks() {
    World::run(async |w| {
        let wanted = w.gitlab().deployment_of("checkout-api", "production").written_by("newcomer@example.com");
        let deployment = wanted.waits().await;
        let card = w.slack().channel("deploys").sees("Blocked: checkout-api");
        let who = format!("author of {}", &deployment.sha[..8]);
        card.says(&who).is_silent_about("newcomer").has_no_buttons();
        let owners = w.slack().directs_to("owner-1");
        assert!(owners.len() == 1 && owners[0].contains(&who) && !owners[0].contains("newcomer"), "{owners:#?}");
        let log = serde_json::to_string(&w.change().await.events).unwrap();
        assert!(!log.contains("newcomer"), "an address stays out of the log: {log}");
        let newcomer = "people:\n  - { id: newcomer-1, name: Newcomer One, email: newcomer@example.com }";
        w.changes_people("people:", newcomer).await;
        card.shows("Approval needed: checkout-api").is_silent_about(&who);
    });
}

#[test]
fn an_unknown_requester_blocks_until_the_account_is_linked() {
    World::run(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").started_by(99).waits().await;
        let card = w.slack().channel("deploys").sees("Blocked: checkout-api");
        card.says("gitlab user 99 is linked to nobody").has_no_buttons();
        let linked = "people:\n  - { id: newcomer-1, name: Newcomer One, accounts: { gitlab: \"99\" } }";
        w.changes_people("people:", linked).await;
        card.shows("Approval needed: checkout-api").says("Newcomer One");
    });
}

/// Whoever is linked to the asking account meanwhile has asked for it.
#[test]
fn a_link_that_comes_late_still_excludes() {
    World::run(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").started_by(99).waits().await;
        let card = w.slack().channel("deploys").sees("Blocked: checkout-api");
        w.changes_people("slack: T000000001/U000000015", "gitlab: \"99\", slack: T000000001/U000000015").await;
        let told = card.shows("Approval needed").press("Approve…", "approver-3").is_told().await;
        assert!(told.starts_with("You can’t approve this: you asked for it."), "{told}");
    });
}

#[test]
fn who_leaves_a_group_is_struck_out_and_the_card_says_why() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.says("Approvals: 1 of 2");
        w.changes_people("[requester-1, author-1, approver-1, approver-3]", "[requester-1, author-1, approver-3]").await;
        card.says("Approvals: 0 of 2").says("no longer counts");
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        card.shows("Approval needed").says("Approvals: 1 of 2");
    });
}
