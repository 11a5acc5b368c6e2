//! A freeze begins and ends by itself: votes go on, every card says so, and what was approved in it goes out when it ends.

use engine::event::What;
use engine::phase::State;
use router::demo::gitlab::Fault;
use serde_json::{Value, json};
use std::time::Duration;
use tests::world::{Plan, World};

/// Stories begin on a Monday at 11:00 in Berlin: it comes an hour later and lasts until 20:00 there.
const EVENING: &str = "
freezes:
  - { name: stock-taking, where: \"service.name == 'checkout-api'\", from: 2026-01-05T12:00, to: 2026-01-05T20:00 }

notifications:";
/// The Monday's has begun four hours ago and is over at 13:00.
const WEEKLY: &str = "
freezes:
  - { name: monday-morning, cron: \"0 7 * * MON\", duration: 6h, stops: [release], lets_through: [emergency] }

notifications:";
/// From the first hour on; two of operations may override it.
const OVERRIDABLE: &str = "
freezes:
  - name: stock-taking
    from: 2026-01-05T08:00
    to: 2026-01-05T20:00
    override: { by: operations, count: 2, rationale: { required: true, min_length: 20 } }

notifications:";
const EMERGENCY: &str = "classes:\n  - { name: emergency, when: \"change.declared == 'emergency'\" }\n";

const MINUTE: Duration = Duration::from_mins(1);

fn play(freezes: &str, story: impl AsyncFn(&World)) {
    Plan::default()
        .with_discord()
        .with_policy("\nnotifications:", freezes)
        .with_policy("classes:\n", EMERGENCY)
        .with_policy("flows:\n", "flows:\n  emergency: [approve]\n")
        .run(story);
}

fn wish(service: &str, declared: &str) -> Value {
    json!({
        "short_description": format!("{service} 2.31.0"),
        "service": service,
        "environment": "production",
        "sha": "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3",
        "version": "2.31.0",
        "authors": ["author-1@example.com"],
        "type": declared,
    })
}

async fn approve(w: &World, title: &str) {
    let card = w.slack().channel("deploys").sees(title);
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

#[test]
fn what_is_approved_in_a_freeze_goes_out_when_it_ends() {
    play(EVENING, async |w| {
        let checkout = w.gitlab().deployment_waits("checkout-api", "production").await;
        let ledger = w.gitlab().deployment_waits("ledger-api", "production").await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        w.advance(59 * MINUTE).await;
        card.is_silent_about("freeze");
        let coming = w.types("requester-1", "status").await.private();
        assert!(coming.starts_with("Nothing is paused.") && coming.contains("*stock-taking*: freezes from "), "{coming}");
        w.advance(MINUTE).await;
        let page = w.signs_in(w.token("lead-1", &["changes:read"]).await.token()).await.reads("/pauses").await.text;
        let told = tests::world::console::words(&page);
        assert!(told.contains("stock-taking : frozen until 5 Jan 2026, 19:00 UTC , where service.name == 'checkout-api' ."), "{told}");
        let told = "Paused by the freeze stock-taking until ";
        card.shows("Approval needed").says(told).says("Nothing goes out before. Voting goes on.");
        w.discord().sees("checkout-api ").says(told);
        approve(w, "checkout-api ").await;
        approve(w, "ledger-api ").await;
        ledger.was_told_approved();
        checkout.was_told_nothing();
        card.shows("Approved").says("It is not released yet.").says(told);
        w.advance(8 * 60 * MINUTE - MINUTE).await;
        checkout.was_told_nothing();
        w.advance(MINUTE).await;
        checkout.was_told_approved();
        card.is_silent_about("freeze");
    });
}

#[test]
fn a_freeze_comes_back_and_lets_emergencies_through() {
    play(WEEKLY, async |w| {
        let caller = w.token("requester-1", &["changes:write", "changes:read"]).await;
        let normal = caller.asks("key-1", &wish("checkout-api", "normal")).await;
        let emergency = caller.asks("key-2", &wish("ledger-api", "emergency")).await;
        assert_eq!((normal.status, emergency.status), (201, 201), "{emergency:?}");
        approve(w, "checkout-api ").await;
        approve(w, "ledger-api ").await;
        let holds = async |asked: &tests::world::hooks::Answer| {
            let number = asked.body["number"].as_str().expect("a number").to_owned();
            let told = caller.gets(&format!("/v1/changes/{number}/decision")).await.body;
            assert_eq!(told["outcome"], json!("approved"), "{told}");
            told["holds"].clone()
        };
        assert_eq!(holds(&emergency).await, json!([]));
        let frozen = holds(&normal).await;
        assert_eq!((&frozen[0]["because"], &frozen[0]["freeze"]), (&json!("frozen"), &json!("monday-morning")), "{frozen}");
        assert_eq!(frozen[0]["until"], json!("2026-01-05T12:00:00.000000Z"));
        w.slack().channel("deploys").sees("checkout-api ").says("Only emergencies go out before.");
        w.slack().channel("deploys").sees("ledger-api ").is_silent_about("freeze");
        w.advance(2 * 60 * MINUTE).await;
        assert_eq!(holds(&normal).await, json!([]));
    });
}

/// The tool was away when it was approved, and comes back in the freeze.
#[test]
fn a_decision_that_was_not_delivered_before_the_freeze_waits_for_its_end() {
    play(EVENING, async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.change().await.change.number.to_string();
        w.advance(60 * MINUTE - Duration::from_millis(1)).await;
        w.gitlab().fails_next(1, Fault::Status(503));
        approve(w, "checkout-api ").await;
        assert_eq!(deployment.decisions().len(), 1);
        w.advance(MINUTE).await;
        assert_eq!(deployment.decisions().len(), 1, "nothing more was said");
        let told = w.record_of(&number).await;
        assert_eq!((told.state(), told.count(|what| matches!(what, What::Held { .. }))), (State::Approved, 1));
        w.advance(8 * 60 * MINUTE).await;
        assert_eq!(w.change().await.state(), State::Released);
    });
}

/// No node was there when it began, and a pipeline asks before any timer runs.
#[test]
fn a_freeze_binds_although_no_timer_has_run() {
    play(EVENING, async |w| {
        let caller = w.token("requester-1", &["changes:write", "changes:read"]).await;
        let number = caller.asks("key-1", &wish("checkout-api", "normal")).await.body["number"].as_str().expect("a number").to_owned();
        approve(w, "checkout-api ").await;
        let decision = format!("/v1/changes/{number}/decision");
        assert_eq!(caller.gets(&decision).await.body["holds"], json!([]));
        w.time_passes(60 * MINUTE).await;
        assert_eq!(caller.gets(&decision).await.body["holds"][0]["freeze"], json!("stock-taking"));
        w.settle().await;
    });
}

#[test]
fn two_people_of_the_group_override_it_for_one_change() {
    play(OVERRIDABLE, async |w| {
        let checkout = w.gitlab().deployment_waits("checkout-api", "production").await;
        let ledger = w.gitlab().deployment_waits("ledger-api", "production").await;
        approve(w, "checkout-api ").await;
        approve(w, "ledger-api ").await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.says("2 people from operations can override it, each with a reason.");
        let foreign = card.press("Override freeze…", "approver-1").is_told().await;
        assert_eq!(foreign, "You can’t decide this: it needs someone from operations. Ask one of them to look at it.");
        let form = card.press("Override freeze…", "approver-2").opens_a_form().await;
        assert!(form.text().contains("Paused by the freeze stock-taking until"), "{}", form.text());
        let short = form.submit_crafted("it is urgent").await.stays_open();
        assert!(short.starts_with("Say in at least 20 characters why it can’t wait."), "{short}");
        let first = form.send("cards are declined since ten").await.closes();
        assert!(first.ends_with("(1 of 2)."), "{first}");
        card.says("1 person has.");
        checkout.was_told_nothing();
        let number = card.number();
        let second = w.types("approver-3", &format!("override {number} because it is the only fix for INC-88")).await.private();
        assert_eq!(second, format!("Recorded: you override the freeze for {number}, and it holds it no longer."));
        w.settle().await;
        checkout.was_told_approved();
        ledger.was_told_nothing();
        let line = "○ Approver Two overrides the freeze stock-taking for it. “cards are declined since ten”";
        assert!(card.is_silent_about("freeze").thread().iter().any(|told| told == line), "{:?}", card.thread());
        let told = w.record_of(&number).await;
        assert_eq!(told.count(|what| matches!(what, What::OverrideSigned(_))), 2);
        assert_eq!(told.refusals(), ["not_eligible", "rationale_too_short"]);
        w.advance(9 * 60 * MINUTE).await;
        ledger.was_told_approved();
    });
}

#[test]
fn a_freeze_is_overridden_in_the_console_and_by_the_api() {
    play(OVERRIDABLE, async |w| {
        let caller = w.token("requester-1", &["changes:write", "changes:read"]).await;
        let number = caller.asks("key-1", &wish("checkout-api", "normal")).await.body["number"].as_str().expect("a number").to_owned();
        approve(w, "checkout-api ").await;
        let hold = caller.gets(&format!("/v1/changes/{number}/decision")).await.body["holds"][0].clone();
        assert_eq!(hold["override"]["sentence"], json!("2 people from operations can override it, each with a reason."), "{hold}");
        let scopes = ["changes:read", "votes:write"];
        let path = format!("/v1/changes/{number}/override");
        let reason = json!({ "rationale": "cards are declined since ten" });
        let signed = w.personal_token("approver-2", &scopes).await.sends(&path, &reason).await;
        assert_eq!(signed.status, 200, "{signed:?}");
        let (foreign, service) = (w.personal_token("approver-1", &scopes).await, w.token("approver-3", &scopes).await);
        assert_eq!((foreign.sends(&path, &reason).await.status, service.sends(&path, &reason).await.status), (409, 403));
        let visitor = w.signs_in(w.personal_token("approver-3", &scopes).await.token()).await;
        let told = visitor.votes(&number, "override", "it is the only fix for INC-88").await;
        assert_eq!(told, format!("Recorded: you override the freeze for {number}, and it holds it no longer."));
        assert_eq!(caller.gets(&format!("/v1/changes/{number}/decision")).await.body["holds"], json!([]));
    });
}
