//! What is approved at night waits for the release hours, says when they begin, and goes out by itself then.

use engine::phase::State;
use serde_json::json;
use std::time::Duration;
use tests::world::{Plan, World};

/// Stories begin on a Monday at 11:00 in Berlin.
const WINDOW: &str = "
calendars:
  afternoon: { time_zone: Europe/Berlin, open: [{ days: [mon, tue, wed, thu, fri], from: \"13:00\", to: \"17:00\" }] }
windows:
  release-hours: { calendar: afternoon, not_in_last: 45m }

notifications:";

const MINUTE: Duration = Duration::from_mins(1);

fn play(story: impl AsyncFn(&World)) {
    let window = "  production: { window: release-hours, ";
    Plan::default()
        .with_discord()
        .with_policy("  production: { ", window)
        .with_policy("\nnotifications:", WINDOW)
        .with_policy("expire_after: 1d", "expire_after: 3d")
        .run(story);
}

async fn approve(w: &World) {
    let card = w.slack().channel("deploys").sees("Approval needed");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

#[test]
fn what_is_approved_before_the_window_goes_out_when_it_opens() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.is_silent_about("window");
        approve(w).await;
        let told = "Waits for the window release-hours, which opens ";
        card.shows("Approved").says("It is not released yet.").says(told);
        w.discord().sees("checkout-api ").says(told);
        deployment.was_told_nothing();
        let reader = w.token("requester-1", &["changes:read"]).await;
        let holds = reader.gets(&format!("/v1/changes/{}/decision", card.number())).await.body["holds"].clone();
        assert_eq!(
            (&holds[0]["because"], &holds[0]["opens"]),
            (&json!("outside_window"), &json!("2026-01-05T12:00:00.000000Z")),
            "{holds}"
        );
        let page = w.signs_in(reader.token()).await.reads(&format!("/changes/{}", card.number())).await.text;
        let words = tests::world::console::words(&page);
        assert!(words.contains("It goes out while afternoon is open, but not in its last 45 minutes."), "{words}");
        w.advance(2 * 60 * MINUTE - MINUTE).await;
        deployment.was_told_nothing();
        w.advance(MINUTE).await;
        deployment.was_told_approved();
        card.is_silent_about("window");
    });
}

#[test]
fn what_is_approved_too_late_waits_for_the_next_day() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(5 * 60 * MINUTE + 15 * MINUTE).await;
        approve(w).await;
        deployment.was_told_nothing();
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.shows("Approved").says("Waits for the window release-hours");
        w.advance(20 * 60 * MINUTE + 44 * MINUTE).await;
        deployment.was_told_nothing();
        w.advance(MINUTE).await;
        deployment.was_told_approved();
        assert_eq!(w.change().await.state(), State::Released);
    });
}
