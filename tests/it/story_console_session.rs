//! Who may be at the console outside the demo: a token is exchanged for a session, which ends with it.

use std::time::Duration;
use tests::world::console::{cookies, deeds, words};
use tests::world::{PUBLIC_URL, Plan, World};

const EVERYTHING: [&str; 4] = ["changes:read", "changes:write", "votes:write", "holds:write"];
const VOTER: [&str; 2] = ["changes:read", "votes:write"];

#[test]
fn a_personal_token_becomes_a_session_that_votes() {
    Plan::default().with_discord().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let (card, there) = (w.slack().channel("deploys").sees("Approval needed"), w.discord().sees("Approval needed"));
        let path = format!("/changes/{}", card.number());
        let nobody = w.gets(&path).await;
        assert_eq!((nobody.status, nobody.header("location")), (303, format!("/sign-in?then={path}").as_str()), "{nobody:?}");
        let token = w.personal_token("approver-1", &VOTER).await;
        let entered = w.sends_form("/sign-in", "", PUBLIC_URL, &[("token", token.token()), ("then", &path)]).await;
        assert_eq!((entered.status, entered.header("location")), (303, path.as_str()), "{entered:?}");
        let cookie = entered.header("set-cookie");
        assert!(["HttpOnly", "SameSite=Lax", "Secure", "Max-Age=43200"].iter().all(|part| cookie.contains(part)), "{cookie}");
        assert!(!cookie.contains(token.token()), "the cookie is not the token");
        let visitor = w.signs_in(token.token()).await;
        assert_ne!(visitor.cookie(), cookies(&entered)[0], "each sign-in is a session of its own");
        let heard = visitor.votes(&card.number(), "approve", "canary is clean").await;
        assert!(heard.contains("(1 of 2)"), "{heard}");
        card.says("Approvals: 1 of 2");
        there.says("Approvals: 1 of 2");
        w.signs_in(w.personal_token("approver-2", &VOTER).await.token()).await.votes(&card.number(), "approve", "reviewed the diff").await;
        deployment.was_told_approved();
        card.shows("Approved").has_no_buttons();
        there.shows("Approved").has_no_buttons();
    });
}

#[test]
fn a_services_token_looks_and_never_votes() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        let (service, reader) = (w.token("lead-1", &EVERYTHING).await, w.personal_token("approver-1", &["changes:read"]).await);
        for (token, says) in [(&service, "Services never decide"), (&reader, "that has the scope votes:write")] {
            let visitor = w.signs_in(token.token()).await;
            let page = visitor.reads(&format!("/changes/{number}")).await;
            assert!(deeds(&page.text).is_empty() && words(&page.text).contains(says), "{page:?}");
            let csrf = tests::world::console::field(&page.text, "csrf").unwrap();
            let form = [("csrf", csrf.as_str()), ("interaction", "00000000-0000-4000-8000-000000000001"), ("round", "1")];
            for deed in ["approve", "reject", "withdraw", "withdraw_vote", "replace"] {
                let filled = [form.as_slice(), &[("deed", deed), ("rationale", "canary is clean")]].concat();
                let answer = visitor.posts(&format!("/changes/{number}"), &filled).await;
                assert_eq!(answer.status, 403, "{deed}: {answer:?}");
            }
            let pause = [("csrf", csrf.as_str()), ("minutes", "60"), ("reason", "stop everything")];
            assert_eq!(visitor.posts("/pauses", &pause).await.status, 403);
        }
        assert_eq!(w.change().await.refusals().len(), 0);
        assert_eq!(w.change().await.change.votes.len(), 0);
    });
}

#[test]
fn sessions_end_with_their_token_by_themselves_and_at_will() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        let path = format!("/changes/{number}");
        let token = w.personal_token("approver-1", &EVERYTHING).await;
        let (stays, leaves) = (w.signs_in(token.token()).await, w.signs_in(token.token()).await);
        let csrf = tests::world::console::field(&leaves.reads("/").await.text, "csrf").unwrap();
        let left = leaves.posts("/sign-out", &[("csrf", &csrf)]).await;
        assert_eq!((left.status, left.header("location")), (303, "/sign-in"), "{left:?}");
        assert_eq!((leaves.reads(&path).await.status, stays.reads(&path).await.status), (303, 200), "one session ends, not both");
        let form = stays.form(&number).await;
        assert!(w.app().store.revoke_token(token.id, w.now()).await.unwrap());
        assert_eq!(stays.reads(&path).await.status, 303);
        let late = stays.sends_again(&number, &form, &[("deed", "approve"), ("rationale", "canary is clean")]).await;
        assert_eq!(late.status, 403, "{late:?}");
        let short = w.signs_in(w.personal_token("approver-2", &EVERYTHING).await.token()).await;
        w.advance(Duration::from_secs(12 * 3_600 - 1)).await;
        assert_eq!(short.reads(&path).await.status, 200);
        w.advance(Duration::from_secs(1)).await;
        assert_eq!(short.reads(&path).await.status, 303);
        assert_eq!(w.app().store.forget_sessions(w.now()).await.unwrap(), 1, "what is over is removed");
        assert_eq!(w.change().await.change.votes.len(), 0);
    });
}

#[test]
fn many_wrong_tokens_are_turned_away_and_a_right_one_is_let_in() {
    World::run(async |w| {
        let writer = w.token("lead-1", &["changes:write"]).await;
        let wrong = async |token: &str| w.sends_form("/sign-in", "", &w.origin(), &[("token", token)]).await;
        let first = wrong(writer.token()).await;
        assert!(first.status == 403 && first.header("set-cookie").is_empty() && first.text.contains("changes:read"), "{first:?}");
        for _ in 1..30 {
            assert_eq!(wrong("cs_nobody-made-this").await.status, 403);
        }
        assert_eq!(wrong("cs_nobody-made-this").await.status, 429);
        w.signs_in(w.token("lead-1", &["changes:read"]).await.token()).await;
        w.time_passes(Duration::from_secs(61)).await;
        assert_eq!(wrong("cs_nobody-made-this").await.status, 403);
    });
}

#[test]
fn a_person_of_the_demo_is_nobody_elsewhere() {
    World::run(async |w| {
        let entered = w.sends_form("/sign-in", "", &w.origin(), &[("person", "approver-1"), ("then", "/")]).await;
        assert!(entered.status == 403 && entered.header("set-cookie").is_empty(), "{entered:?}");
    });
}
