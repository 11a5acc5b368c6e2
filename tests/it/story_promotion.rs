//! What goes to production has succeeded in staging before, as the same commit, and has soaked there.

use engine::phase::State;
use serde_json::json;
use std::time::Duration;
use tests::world::{Plan, World};

const PROMOTION: &str = "  staging: {}\n  production: { after: staging, soak: 30m, ";
const MINUTE: Duration = Duration::from_mins(1);

/// Nobody is asked about what goes into staging.
fn play(story: impl AsyncFn(&World)) {
    let plan = Plan::default().with_discord().with_policy("  production: { ", PROMOTION);
    let plan = plan.with_policy("classes:\n", "classes:\n  - { name: free, when: \"environment == 'staging'\" }\n");
    plan.with_policy("flows:\n", "flows:\n  free: []\n").run(story);
}

async fn approve(w: &World) {
    let card = w.slack().channel("deploys").sees("Approval needed");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

#[test]
fn production_waits_until_it_has_succeeded_in_staging_and_soaked() {
    play(async |w| {
        let production = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.shows("Approval needed").says("Waits until it has succeeded in staging. Voting goes on.");
        approve(w).await;
        card.shows("Approved").says("Waits until it has succeeded in staging.");
        w.discord().sees("checkout-api ").says("Waits until it has succeeded in staging.");
        production.was_told_nothing();
        let staging = w.gitlab().deployment_of("checkout-api", "staging").of_commit(&production.sha).waits().await;
        staging.was_told_approved();
        staging.starts().await;
        production.was_told_nothing();
        staging.succeeds().await;
        production.was_told_nothing();
        card.says("Has succeeded in staging, and soaks until ");
        let reader = w.token("requester-1", &["changes:read"]).await;
        let path = format!("/changes/{}", card.number());
        let holds = reader.gets(&format!("/v1{path}/decision")).await.body["holds"].clone();
        assert_eq!((&holds[0]["because"], &holds[0]["environment"]), (&json!("unproven"), &json!("staging")), "{holds}");
        let page = tests::world::console::words(&w.signs_in(reader.token()).await.reads(&path).await.text);
        assert!(page.contains("It goes out after it has succeeded in staging, and 30 minutes later at the earliest."), "{page}");
        w.advance(29 * MINUTE).await;
        production.was_told_nothing();
        w.advance(MINUTE).await;
        production.was_told_approved();
        card.is_silent_about("staging");
    });
}

#[test]
fn what_succeeded_before_lets_only_the_same_commit_out() {
    play(async |w| {
        let staging = w.gitlab().deployment_waits("checkout-api", "staging").await;
        staging.starts().await;
        staging.succeeds().await;
        w.advance(31 * MINUTE).await;
        let other = w.gitlab().deployment_waits("checkout-api", "production").await;
        approve(w).await;
        other.was_told_nothing();
        let same = w.gitlab().deployment_of("checkout-api", "production").of_commit(&staging.sha).waits().await;
        approve(w).await;
        same.was_told_approved();
    });
}

#[test]
fn what_failed_in_staging_afterwards_stays_where_it_is() {
    play(async |w| {
        let staging = w.gitlab().deployment_waits("checkout-api", "staging").await;
        staging.starts().await;
        staging.succeeds().await;
        let again = w.gitlab().deployment_of("checkout-api", "staging").of_commit(&staging.sha).waits().await;
        again.starts().await;
        again.fails().await;
        let production = w.gitlab().deployment_of("checkout-api", "production").of_commit(&staging.sha).waits().await;
        approve(w).await;
        w.advance(60 * MINUTE).await;
        production.was_told_nothing();
        let changes = w.changes().await;
        let states: Vec<State> = changes.iter().map(|change| change.state).collect();
        assert!(states.contains(&State::Failed) && states.contains(&State::Approved), "{states:?}");
    });
}
