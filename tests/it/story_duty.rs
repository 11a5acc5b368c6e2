//! Whoever is on duty is asked; a handover asks the next, and takes no vote away.

use engine::phase::State;
use std::time::Duration;
use tests::world::{Plan, World};

/// Every story begins on Monday, 5 January 2026, at 11:00 in Berlin; the turn passes from approver-2 to lead-1 at 11:30.
const ROSTERS: &str = "
rosters:
  operations:
    time_zone: Europe/Berlin
    levels:
      - { since: 2026-01-05T09:00, handover: \"30 11 * * *\", members: [approver-2, lead-1] }
    overrides:
      - { who: approver-3, from: 2026-01-05T13:00, to: 2026-01-05T14:00 }
groups:";
const DUTY: &str = "
duty:
  ops-on-call: { provider: file, schedule: operations, levels: [1], when_empty: skip }

environments:";

fn play(story: impl AsyncFn(&World)) {
    Plan::default()
        .with_people("\ngroups:", ROSTERS)
        .with_policy("\nenvironments:", DUTY)
        .with_policy("from: [operations]", "from: [ops-on-call]")
        .run(story);
}

#[test]
fn a_handover_asks_whoever_comes_on_duty() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let too_early = card.press("Approve…", "lead-1").is_told().await;
        assert!(too_early.contains("it needs someone from payments-devs or ops-on-call"), "{too_early}");
        w.advance(Duration::from_mins(15)).await;
        assert_eq!(["approver-2", "lead-1"].map(|person| w.slack().directs_to(person).len()), [1, 0]);
        w.advance(Duration::from_mins(15)).await;
        let too_late = card.press("Approve…", "approver-2").is_told().await;
        assert!(too_late.starts_with("You can’t decide this"), "{too_late}");
        card.press("Approve…", "lead-1").because("looked at it at the handover").await;
        card.press("Approve…", "approver-1").because("canary is clean").await;
        deployment.was_told_approved();
    });
}

#[test]
fn what_was_approved_on_duty_still_counts_after_the_handover() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-2").because("canary is clean").await;
        w.advance(Duration::from_mins(30)).await;
        let change = w.change().await;
        assert_eq!((change.change.state(), &change.change.votes[0].voted.on_duty[..]), (State::Pending, &["ops-on-call".into()][..]));
        card.press("Approve…", "approver-1").because("reviewed the diff").await;
        deployment.was_told_approved();
    });
}

#[test]
fn an_override_takes_the_place_of_whose_turn_it_is() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("reviewed the diff").await;
        w.advance(Duration::from_mins(121)).await;
        card.press("Approve…", "approver-3").because("stands in over lunch").await;
        deployment.was_told_approved();
    });
}
