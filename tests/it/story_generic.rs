//! Systems without a name of their own: each form of signature, and the decision as a signed callback.

use engine::phase::State;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha512;
use std::time::Duration;
use tests::fakes::door::Tool;
use tests::fakes::fault::Fault;
use tests::world::generic::{BEARER, HMAC, SECRET, STANDARD, foreign, step};
use tests::world::hooks::Answer;
use tests::world::{Plan, World};

fn plan() -> Plan {
    Plan::default().with_pipelines()
}

fn play(story: impl AsyncFn(&World)) {
    plan().run(story);
}

fn now_s(w: &World) -> String {
    (w.now().micros() / 1_000_000).to_string()
}

async fn standard(w: &World, body: &str, signed: &str) -> Answer {
    let answer = w.posts_signed("msg_1", body, signed).await;
    w.settle().await;
    answer
}

fn sha512(w: &World, body: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{}.{body}", now_s(w)).as_bytes());
    mac.finalize().into_bytes().to_vec()
}

#[test]
fn each_form_of_signature_opens_a_change_and_forged_ones_nothing() {
    play(async |w| {
        let body = step().to_string();
        for (integration, headers) in [
            (BEARER, vec![]),
            (BEARER, vec![("authorization", "Bearer guessed")]),
            (HMAC, vec![("x-signature", "v0=AAAA"), ("x-timestamp", &now_s(w))]),
            (HMAC, vec![("authorization", "Bearer a secret of the sender")]),
            (STANDARD, vec![("authorization", "Bearer a secret of the sender")]),
        ] {
            let answer = w.posts(integration, &headers, &body).await;
            assert_eq!((answer.status, answer.problem()), (401, "bad-signature"), "{integration} {headers:?}: {answer:?}");
        }
        assert_eq!(standard(w, &foreign().to_string(), "another body").await.status, 401);
        assert!(w.changes().await.is_empty());
        let bearer = w.posts(BEARER, &[("authorization", "Bearer a secret of the sender")], &body).await;
        let signed = format!("v0={}", tests::fakes::receiver::base64(&sha512(w, &body)));
        let hmac = w.posts(HMAC, &[("x-signature", &signed), ("x-timestamp", &now_s(w))], &body).await;
        let standard = standard(w, &foreign().to_string(), &foreign().to_string()).await;
        assert_eq!((bearer.status, hmac.status, standard.status), (202, 202, 202), "{bearer:?} {hmac:?} {standard:?}");
        assert_eq!(w.changes().await.len(), 3, "each integration has changes of its own");
        let late = w.posts(HMAC, &[("x-signature", &signed), ("x-timestamp", "1000")], &body).await;
        assert_eq!(late.status, 401, "{late:?}");
    });
}

/// The decision is in the sender's hands once, though it was sent twice.
#[test]
fn the_decision_is_posted_until_it_is_confirmed() {
    plan().also_as_shipped().run(async |w| {
        assert_eq!(standard(w, &foreign().to_string(), &foreign().to_string()).await.status, 202);
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        w.receiver().door().fails_next("POST", 1, Fault::Status(500));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(w.change().await.state(), State::Approved);
        w.advance(Duration::from_secs(2)).await;
        assert_eq!(w.change().await.state(), State::Released);
        let heard = w.receiver().heard();
        assert_eq!(heard.len(), 2);
        let data: &Value = &heard[1]["data"];
        assert_eq!(
            (&heard[1]["type"], &data["decision"], &data["request"]["service"]),
            (&"approval.closed".into(), &"approved".into(), &"checkout-api".into())
        );
        assert_eq!(data["change"]["number"], w.change().await.change.number.to_string());
        let ids: Vec<String> = w.receiver().door().posts().iter().map(|call| call.header("webhook-id").to_owned()).collect();
        assert_eq!(ids[0], ids[1], "a repeat is known by its id");
    });
}

#[test]
fn a_rejection_is_posted_too_and_without_an_address_nobody_is_called() {
    plan().also_as_shipped().run(async |w| {
        standard(w, &foreign().to_string(), &foreign().to_string()).await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        assert_eq!(w.receiver().heard()[0]["data"]["decision"], "rejected");
        w.posts(BEARER, &[("authorization", "Bearer a secret of the sender")], &step().to_string()).await;
        w.settle().await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        assert_eq!(w.receiver().heard().len(), 1);
    });
}
