//! Dual control: two people sign without knowing what the other said, one of them on the web alone.

use serde_json::json;
use tests::world::console::words;
use tests::world::{Plan, World};

const PEER: &str = "stage: approve, approve: { from: [payments-devs], count: 1 }";
const OPERATIONS: &str = "stage: approve, approve: { from: [operations], count: 1 }";
const WHY: &str = "canary is clean & quick";

fn play(story: impl AsyncFn(&World)) {
    Plan::default()
        .in_sandbox()
        .with_policy(PEER, &PEER.replace("count: 1", "count: 1, blind: true"))
        .with_policy(OPERATIONS, &OPERATIONS.replace("count: 1", "count: 1, blind: true, step_up: true"))
        .run(story);
}

#[test]
fn nobody_is_shown_the_first_vote_before_the_second_is_in() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let number = card.number();
        card.says("This stage is signed blind").says("1 person from payments-devs, other than");
        let told = card.press("Approve…", "approver-1").because(WHY).await;
        assert_eq!(told, format!("Recorded: you approved {number}. Your vote is shown when all who sign blind have voted."));
        card.is_silent_about("canary").says("Approvals: 0 of 2").tells(&["○ A vote was given. It is shown when all"]);
        let visitor = w.visitor("approver-2").await;
        let page = words(&visitor.reads(&format!("/changes/{number}")).await.text);
        assert!(page.contains("A vote was given.") && !page.contains("canary"), "{page}");
        let reader = w.personal_token("approver-2", &["changes:read"]).await;
        let change = reader.gets(&format!("/v1/changes/{number}")).await.body;
        let counted = &change["requirements"][0]["counted"];
        assert_eq!((&change["votes"], counted, change.to_string().contains("canary")), (&json!([]), &json!([]), false), "{change}");
        let shown = w.types("approver-2", &format!("show {number}")).await.private();
        assert!(!shown.contains("canary"), "{shown}");
        let heard = visitor.votes(&number, "approve", "reviewed the diff").await;
        assert!(heard.contains("(2 of 2)"), "{heard}");
        deployment.was_told_approved();
        card.shows("Approved").says("canary is clean").says("reviewed the diff");
        let opened = card.thread().last().cloned().unwrap_or_default();
        assert!(opened.contains("Approver One approved blind: “canary") && opened.contains("Approver Two approved blind"), "{opened}");
        let change = reader.gets(&format!("/v1/changes/{number}")).await.body;
        assert_eq!(change["votes"].as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn a_signature_that_asks_for_a_sign_in_is_not_given_in_chat() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let number = card.number();
        let told = card.press("Approve…", "approver-2").is_told().await;
        assert!(told.starts_with(&format!("What you could sign on {number} is signed on the web")), "{told}");
        assert!(told.ends_with(&format!("/changes/{number}")), "with the way there: {told}");
        let token = w.personal_token("approver-2", &["changes:read", "votes:write"]).await;
        let change = token.gets(&format!("/v1/changes/{number}")).await.body;
        let seen = json!({ "round": change["round"], "digest": change["subject"]["digest"] });
        let refused = token.votes(&number, None, &json!({ "choice": "approve", "rationale": WHY, "seen": seen })).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("needs_sign_in")), "{refused:?}");
        assert_eq!(w.change().await.refusals(), ["needs_sign_in", "needs_sign_in"]);
        let heard = w.visitor("approver-2").await.votes(&number, "reject", "the tests are thin").await;
        assert!(heard.contains("you rejected"), "{heard}");
        card.shows("Rejected");
    });
}
