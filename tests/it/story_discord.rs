//! Discord beside Slack: cards, forms, threads and direct messages there, and one decision on both.

use engine::phase::State;
use serde_json::json;
use std::time::Duration;
use tests::fakes::discord::{Fault, Route};
use tests::world::{Plan, World};

const REASON: &str = "canary is clean";

fn plan() -> Plan {
    Plan::default().with_discord()
}

fn play(story: impl AsyncFn(&World)) {
    plan().run(story);
}

#[test]
fn two_people_approve_in_discord() {
    plan().also_as_shipped().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed: checkout-api");
        card.says("Approvals: 0 of 2").says("<@1411> (Requester One)").says("Asked: ");
        let heard = card.vote("Approve…", "approver-1", REASON).await;
        assert!(heard.starts_with("Recorded: you approved CHG-") && heard.contains("(1 of 2)"), "{heard}");
        card.says("Approvals: 1 of 2").says(REASON);
        deployment.was_told_nothing();
        card.vote("Approve…", "approver-2", "reviewed the diff").await;
        deployment.was_told_approved();
        card.shows("Approved: checkout-api").has_no_buttons();
        deployment.starts().await;
        deployment.succeeds().await;
        card.shows("Deployed: checkout-api").tells(&[
            "✓ Approver One approved. “canary is clean”",
            "✓ Approver Two approved. “reviewed the diff”",
            "✓ Approved, with 2 votes counted.",
            "› The deployment started.",
            "✓ Deployed.",
        ]);
        assert_eq!((w.discord().titles().len(), w.discord().count(Route::BeginThread)), (1, 1));
    });
}

#[test]
fn who_may_not_vote_reads_why_and_gets_no_form() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        let own = card.press("Approve…", "requester-1").await.told();
        assert!(own.starts_with("You can’t approve this: you asked for it."), "{own}");
        let unlinked = card.press("Approve…", "999").await.told();
        assert!(unlinked.contains("isn’t linked"), "{unlinked}");
        let number = w.changes().await[0].number;
        let older = card.press_crafted(&format!("gate:v0:approve:{number}:9"), "approver-1").await.told();
        assert!(older.contains("another release") && older.contains("https://gate.example.com/changes/"), "{older}");
        let nowhere = card.press_crafted("gate:v1:details:CHG-999999.r1", "approver-1").await.told();
        assert!(nowhere.contains("no such change"), "{nowhere}");
        card.shows("Approval needed").says("Approvals: 0 of 2").tells(&[]);
        assert_eq!(w.change().await.refusals().len(), 2);
    });
}

#[test]
fn details_are_for_one_reader() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let details = w.discord().sees("Approval needed").press("Details", "lead-1").await.told();
        assert!(details.contains("Author One") && details.contains("Who has to agree"), "{details}");
    });
}

#[test]
fn a_form_that_is_sent_twice_is_one_vote_and_a_poor_reason_comes_back() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        let form = card.opens_a_form("Approve…", "approver-1").await;
        let kept = form.send("ok        !").await;
        assert!(
            kept.starts_with("Say in at least 10 characters") && kept.contains("You wrote: your reason\n```\nok        !\n```"),
            "{kept}"
        );
        form.send(REASON).await;
        let again = form.send(REASON).await;
        assert!(again.starts_with("Recorded already: you approved"), "{again}");
        assert_eq!(w.change().await.change.votes.len(), 1);
    });
}

#[test]
fn a_decision_on_one_platform_repaints_the_other() {
    plan().also_as_shipped().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let (here, there) = (w.discord().sees("Approval needed"), w.slack().channel("deploys").sees("Approval needed"));
        there.press("Approve…", "approver-1").because(REASON).await;
        here.says("Approvals: 1 of 2").says(REASON);
        let twice = here.press("Approve…", "approver-1").await.told();
        assert!(twice.contains("already approved"), "two accounts are one person: {twice}");
        here.vote("Reject…", "approver-2", "the migration locks a table").await;
        there.shows("Rejected: checkout-api").has_no_buttons();
        here.shows("Rejected: checkout-api").has_no_buttons();
        assert_eq!(w.change().await.state(), State::Rejected);
    });
}

#[test]
fn people_are_reminded_directly_and_mentioned_once() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        let notified = card.message().notified;
        assert!(notified.contains(&"1412".to_owned()) && !notified.contains(&"1411".to_owned()), "{notified:?}");
        w.advance(Duration::from_mins(15)).await;
        let told = w.discord().directs_to("approver-1");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0].contains("Approval needed: checkout-api") && told[0].contains("/changes/CHG-"), "{told:#?}");
        assert!(w.discord().directs_to("requester-1").is_empty());
    });
}

#[test]
fn a_post_whose_answer_got_lost_makes_no_second_card() {
    play(async |w| {
        w.discord().fails_next(Route::Post, 1, Fault::DoneButDropped);
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        // Before the answer is asked for again, the change moves on.
        w.slack().channel("deploys").sees("Approval needed").press("Approve…", "approver-1").because(REASON).await;
        w.advance(Duration::from_secs(3)).await;
        assert_eq!(w.discord().titles().len(), 1);
        card.says("Approvals: 1 of 2");
    });
}

#[test]
fn a_line_whose_answer_got_lost_stands_once() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        card.vote("Approve…", "approver-1", REASON).await;
        w.discord().fails_next(Route::Post, 1, Fault::DoneButDropped);
        card.vote("Approve…", "approver-2", "reviewed the diff").await;
        w.advance(Duration::from_secs(3)).await;
        deployment.was_told_approved();
        card.tells(&["✓ Approver One approved.", "✓ Approver Two approved.", "✓ Approved, with 2 votes"]);
    });
}

#[test]
fn a_limit_of_discord_is_respected() {
    play(async |w| {
        w.discord().fails_next(Route::Post, 1, Fault::Limited(29_200));
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(Duration::from_secs(29)).await;
        assert_eq!(w.discord().count(Route::Post), 1, "asked again before its time");
        w.advance(Duration::from_secs(4)).await;
        w.discord().sees("Approval needed");
    });
}

#[test]
fn a_card_that_can_not_be_edited_any_more_is_posted_anew() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        w.discord().fails_next(Route::Edit, 1, Fault::Code(30_046));
        deployment.is_cancelled().await;
        card.shows("Approval needed");
        w.discord().sees("Withdrawn").has_no_buttons();
        card.is_deleted();
    });
}

#[test]
fn a_deleted_card_is_posted_anew() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        card.is_deleted();
        w.slack().channel("deploys").sees("Approval needed").press("Approve…", "approver-1").because(REASON).await;
        let fresh = w.discord().sees("Approval needed");
        fresh.says("Approvals: 1 of 2").vote("Approve…", "approver-2", "reviewed the diff").await;
        fresh.shows("Approved").tells(&["✓ Approver Two approved.", "✓ Approved, with 2 votes"]);
    });
}

#[test]
fn a_layout_that_discord_refuses_goes_out_as_text() {
    play(async |w| {
        w.discord().fails_next(Route::Post, 1, Fault::Code(50_035));
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed: checkout-api");
        card.says("Approvals: 0 of 2");
        assert!(card.message().controls().is_empty());
        w.discord().fails_next(Route::Edit, 1, Fault::Code(50_035));
        deployment.is_cancelled().await;
        card.shows("Withdrawn: checkout-api");
    });
}

#[test]
fn what_discord_did_not_sign_about_now_is_refused() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Approval needed");
        let id = card.message().controls()[0].custom_id.clone();
        let body = card.interaction(&id, "approver-1").to_string();
        let (now, old) = (w.now().micros() / 1_000_000, (w.now().micros() / 1_000_000 - 301).to_string());
        let now = now.to_string();
        let sign = |time: &str, body: &str| w.discord().signature(time, body);
        let forged = [
            (now.as_str(), String::new(), body.clone()),
            (&now, "00".repeat(64), body.clone()),
            (&old, sign(&old, &body), body.clone()),
            (&old, sign(&now, &body), body.clone()),
            (&now, sign(&now, &body), body.replace("approve", "reject")),
            ("", sign("", &body), body.clone()),
        ];
        for (time, signature, body) in forged {
            let answer = w.discord().posts(time, &signature, &body).await;
            assert_eq!((answer.status, answer.problem()), (401, "bad-signature"), "{answer:?}");
        }
        let other = body.replace("\"application_id\":\"42\"", "\"application_id\":\"43\"");
        let answer = w.discord().posts(&now, &sign(&now, &other), &other).await;
        assert_eq!((answer.status, answer.problem()), (400, "malformed"), "{answer:?}");
        assert!(w.change().await.refusals().is_empty());
    });
}

#[test]
fn the_address_is_confirmed_and_commands_are_answered() {
    play(async |w| {
        let ping = w.discord().sends(&json!({ "id": "1", "application_id": "42", "type": 1, "version": 1 })).await;
        assert_eq!(ping.0, json!({ "type": 1 }));
        let told = w.discord().command("approver-1", "show", &[("change", "CHG-1")]).await;
        assert!(told.contains("no such change") && told.contains("https://gate.example.com"), "{told}");
        assert_eq!(w.discord().offers("approver-1", ("show", "change"), "CHG-").await, []);
    });
}

#[test]
fn without_a_section_there_is_no_door() {
    World::run(async |w| {
        let answer = w.discord().posts("1", "00", "{}").await;
        assert_eq!((answer.status, answer.problem()), (404, "not-found"), "{answer:?}");
    });
}
