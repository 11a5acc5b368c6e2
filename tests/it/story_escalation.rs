//! Nobody answers: reminders, further people, and in the end no decision at all.

use engine::phase::State;
use std::time::Duration;
use tests::world::{Plan, World};

const PEOPLE: [&str; 6] = ["requester-1", "author-1", "approver-1", "approver-2", "approver-3", "lead-1"];

/// How often each of them was written to.
fn directs(w: &World) -> [usize; 6] {
    PEOPLE.map(|person| w.slack().directs_to(person).len())
}

#[test]
fn only_those_who_are_waited_on_are_reminded() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-2").because("canary is clean").await;
        w.advance(Duration::from_mins(14)).await;
        assert_eq!(directs(w), [0; 6]);
        w.advance(Duration::from_mins(1)).await;
        assert_eq!(directs(w), [0, 0, 1, 0, 1, 0], "{PEOPLE:?}");
        let reminder = &w.slack().directs_to("approver-1")[0];
        assert!(reminder.contains("Approval needed: checkout-api") && reminder.contains("1 of 2 approvals."), "{reminder}");
        assert!(reminder.contains("You are asked because you are in payments-devs."), "{reminder}");
        w.advance(Duration::from_mins(15)).await;
        assert_eq!(directs(w), [0, 0, 1, 0, 1, 0], "one reminder is one reminder");
    });
}

#[test]
fn a_reminder_comes_again_with_longer_pauses() {
    let plan = Plan::default().with_policy("after: 15m, do: remind", "after: 15m, back_off: 2.0, do: remind");
    plan.run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.slack().channel("deploys").sees("Approval needed").press("Approve…", "approver-2").because("canary is clean").await;
        for (minutes, reminders) in [(15, 1), (29, 1), (1, 2), (15, 2)] {
            w.advance(Duration::from_mins(minutes)).await;
            assert_eq!(w.slack().directs_to("approver-1").len(), reminders);
        }
    });
}

#[test]
fn after_an_hour_the_leads_are_asked_too() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let too_early = card.press("Approve…", "lead-1").is_told().await;
        assert!(too_early.starts_with("You can’t decide this"), "{too_early}");
        w.advance(Duration::from_hours(1)).await;
        card.shows("Approval needed").says("Escalated to *operations-leads*");
        assert_eq!(w.slack().directs_to("lead-1").len(), 1);
        let heard = card.press("Approve…", "lead-1").because("looked at it with the author").await;
        assert!(heard.contains("(1 of 2)"), "{heard}");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        deployment.was_told_approved();
    });
}

#[test]
fn after_four_hours_the_leads_are_asked_instead() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.advance(Duration::from_hours(1)).await;
        w.advance(Duration::from_hours(3)).await;
        card.says("Reassigned to *operations-leads*");
        assert_eq!(directs(w), [0, 0, 1, 1, 1, 2], "{PEOPLE:?}");
        let line = card.thread().pop().unwrap_or_default();
        assert!(line.contains("Reassigned to operations-leads"), "{line}");
    });
}

#[test]
fn what_nobody_decides_expires_and_never_is_an_approval() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let remembered = card.button("Approve…");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        w.advance(Duration::from_hours(23)).await;
        deployment.was_told_nothing();
        w.advance(Duration::from_hours(1)).await;
        card.shows("Expired: checkout-api").says("1 of 2 approvals").has_no_buttons();
        deployment.was_told_rejected();
        let told = w.slack().directs_to("requester-1");
        assert!(told.len() == 1 && told[0].contains("Expired: checkout-api"), "{told:#?}");
        let late = card.press_remembered(&remembered, "approver-2").is_told().await;
        assert!(late.contains("has expired, so nothing was recorded"), "{late}");
        assert_eq!(w.change().await.state(), State::Expired);
    });
}

/// The deadline binds at its instant, whether or not a timer has run.
#[test]
fn a_vote_after_the_deadline_finds_it_expired_even_before_any_timer() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        let form = card.press("Approve…", "approver-2").opens_a_form().await;
        w.time_passes(Duration::from_hours(24)).await;
        let late = form.send("reviewed the diff").await.closes();
        assert!(late.contains("has expired"), "{late}");
        deployment.was_told_rejected();
        card.shows("Expired");
    });
}

/// Nothing ran for a day: every step is due at once, and only what still makes sense is sent.
#[test]
fn a_day_without_any_node_sends_no_reminder_of_something_expired() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        w.advance(Duration::from_hours(25)).await;
        card.shows("Expired");
        assert_eq!(directs(w), [1, 0, 0, 0, 0, 0], "{PEOPLE:?}");
    });
}
