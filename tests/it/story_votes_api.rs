//! `/v1` for people: votes by a token of one's own, what waits for oneself, who there is.

use serde_json::{Value, json};
use tests::world::World;

const PERSONAL: [&str; 2] = ["changes:read", "votes:write"];
const WHY: &str = "canary is clean, read the diff";

async fn a_change(w: &World) -> (String, Value) {
    let pipeline = w.token("requester-1", &["changes:read", "changes:write"]).await;
    let wish = json!({
        "short_description": "checkout-api 2.31.0", "service": "checkout-api", "environment": "production",
        "sha": "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3", "authors": ["author-1"],
    });
    let asked = pipeline.asks("key-1", &wish).await.body;
    let number = asked["number"].as_str().unwrap().to_owned();
    let change = pipeline.gets(&format!("/v1/changes/{number}")).await.body;
    (number, json!({ "round": change["round"], "digest": change["subject"]["digest"] }))
}

fn ballot(choice: &str, seen: &Value) -> Value {
    json!({ "choice": choice, "rationale": WHY, "seen": seen })
}

#[test]
fn people_approve_by_their_own_tokens() {
    World::run(async |w| {
        let (number, seen) = a_change(w).await;
        let (first, second) = (w.personal_token("approver-1", &PERSONAL).await, w.personal_token("approver-2", &PERSONAL).await);
        let one = first.votes(&number, Some("v-1"), &ballot("approve", &seen)).await;
        assert_eq!((one.status, &one.body["state"], &one.body["round"]), (200, &json!("pending"), &json!(1)), "{one:?}");
        assert_eq!(one.body["sentence"], format!("Recorded: you approved {number} (1 of 2)."), "{one:?}");
        // The answer was lost on its way: the same request again changes nothing.
        let again = first.votes(&number, Some("v-1"), &ballot("approve", &seen)).await;
        assert_eq!((again.status, &again.body), (200, &one.body), "{again:?}");
        let two = second.votes(&number, None, &ballot("approve", &seen)).await;
        assert_eq!((two.status, &two.body["state"]), (200, &json!("approved")), "{two:?}");
        let change = first.gets(&format!("/v1/changes/{number}")).await.body;
        let votes: Vec<(&str, &str)> =
            change["votes"].as_array().unwrap().iter().map(|vote| (vote["by"].as_str().unwrap(), vote["via"].as_str().unwrap())).collect();
        assert_eq!(votes, [("approver-1", "api"), ("approver-2", "api")]);
        w.slack().channel("deploys").sees("Approved").says(WHY).has_no_buttons();
    });
}

#[test]
fn a_rejection_by_token_ends_it() {
    World::run(async |w| {
        let (number, seen) = a_change(w).await;
        let caller = w.personal_token("approver-2", &PERSONAL).await;
        let told = caller.votes(&number, None, &ballot("reject", &seen)).await;
        assert_eq!((told.status, &told.body["state"]), (200, &json!("rejected")), "{told:?}");
    });
}

#[test]
fn what_the_rules_forbid_is_refused_with_its_rule() {
    World::run(async |w| {
        let (number, seen) = a_change(w).await;
        let table = [
            ("requester-1", ballot("approve", &seen), "separation_of_duties"),
            ("author-1", ballot("approve", &seen), "separation_of_duties"),
            ("owner-1", ballot("approve", &seen), "not_eligible"),
            ("approver-1", ballot("approve", &json!({ "round": 2, "digest": seen["digest"] })), "changed_since_seen"),
            ("approver-1", ballot("approve", &json!({ "round": 1, "digest": "sha256:0" })), "changed_since_seen"),
        ];
        for (person, ballot, code) in table {
            let caller = w.personal_token(person, &PERSONAL).await;
            let answer = caller.votes(&number, None, &ballot).await;
            assert_eq!((answer.status, answer.problem(), &answer.body["code"]), (409, "refused", &json!(code)), "{person}: {answer:?}");
        }
        let caller = w.personal_token("approver-1", &PERSONAL).await;
        let short = caller.votes(&number, None, &json!({ "choice": "approve", "rationale": "ok", "seen": seen })).await;
        assert_eq!(
            (short.status, short.problem(), &short.body["errors"][0]["pointer"]),
            (422, "invalid", &json!("/rationale")),
            "{short:?}"
        );
        let unseen = caller.votes(&number, None, &json!({ "choice": "approve", "rationale": WHY })).await;
        assert_eq!((unseen.status, &unseen.body["errors"][0]["pointer"]), (422, &json!("/seen")), "{unseen:?}");
        assert_eq!(caller.votes("CHG-7", None, &ballot("approve", &seen)).await.status, 404);
        let change = caller.gets(&format!("/v1/changes/{number}")).await.body;
        assert_eq!((&change["votes"], &change["state"]), (&json!([]), &json!("pending")), "{change}");
    });
}

#[test]
fn services_never_vote() {
    World::run(async |w| {
        let (number, seen) = a_change(w).await;
        let service = w.token("approver-1", &PERSONAL).await;
        let refused = service.votes(&number, None, &ballot("approve", &seen)).await;
        assert_eq!((refused.status, refused.problem()), (403, "forbidden"), "{refused:?}");
        assert!(refused.body["detail"].as_str().unwrap().contains("never vote"), "{refused:?}");
        assert_eq!(service.gets("/v1/inbox").await.status, 403, "nothing waits for a service");
        let reader = w.personal_token("approver-1", &["changes:read"]).await;
        assert_eq!(reader.votes(&number, None, &ballot("approve", &seen)).await.status, 403, "reading is not voting");
        assert_eq!(w.stranger().votes(&number, None, &ballot("approve", &seen)).await.status, 401);
    });
}

#[test]
fn a_vote_is_taken_back_until_the_stage_is_decided() {
    World::run(async |w| {
        let (number, seen) = a_change(w).await;
        let (first, second) = (w.personal_token("approver-1", &PERSONAL).await, w.personal_token("approver-2", &PERSONAL).await);
        let none = first.deletes(&format!("/v1/changes/{number}/votes/mine")).await;
        assert_eq!((none.status, &none.body["code"]), (409, &json!("no_vote_of_yours")), "{none:?}");
        first.votes(&number, None, &ballot("approve", &seen)).await;
        let taken = first.deletes(&format!("/v1/changes/{number}/votes/mine")).await;
        assert_eq!((taken.status, &taken.body["state"]), (200, &json!("pending")), "{taken:?}");
        w.slack().channel("deploys").sees("Approval needed").says("Approvals: 0 of 2");
        second.votes(&number, None, &ballot("approve", &seen)).await;
        assert_eq!(w.stranger().deletes(&format!("/v1/changes/{number}/votes/mine")).await.status, 401);
    });
}

#[test]
fn who_asked_for_a_change_withdraws_it() {
    World::run(async |w| {
        let (number, _) = a_change(w).await;
        let path = format!("/v1/changes/{number}/withdraw");
        let why = json!({ "rationale": "found a fault in it" });
        let other = w.personal_token("approver-1", &["changes:write"]).await;
        let refused = other.sends(&path, &why).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("not_yours")), "{refused:?}");
        let pipeline = w.token("requester-1", &["changes:read", "changes:write"]).await;
        let withdrawn = pipeline.sends(&path, &why).await;
        assert_eq!((withdrawn.status, &withdrawn.body["state"]), (200, &json!("cancelled")), "{withdrawn:?}");
        let decision = pipeline.gets(&format!("/v1/changes/{number}/decision")).await.body;
        assert_eq!(decision["outcome"], "cancelled", "{decision}");
        w.slack().channel("deploys").sees("Withdrawn").has_no_buttons();
        assert_eq!(pipeline.sends(&path, &json!({})).await.status, 422);
    });
}

#[test]
fn an_inbox_holds_what_waits_for_its_owner() {
    World::run(async |w| {
        let (number, seen) = a_change(w).await;
        let numbers = |inbox: &Value| inbox["changes"].as_array().unwrap().iter().map(|row| row["number"].clone()).collect::<Vec<_>>();
        let (approver, requester) = (w.personal_token("approver-1", &PERSONAL).await, w.personal_token("requester-1", &PERSONAL).await);
        let inbox = approver.gets("/v1/inbox").await.body;
        assert_eq!((&inbox["person"], numbers(&inbox)), (&json!("approver-1"), vec![json!(number)]));
        assert_eq!(numbers(&requester.gets("/v1/inbox").await.body), Vec::<Value>::new(), "who asked is not asked");
        approver.votes(&number, None, &ballot("approve", &seen)).await;
        assert_eq!(numbers(&approver.gets("/v1/inbox").await.body), Vec::<Value>::new(), "who has voted is not asked again");
    });
}

#[test]
fn people_and_policy_are_listed_without_addresses() {
    World::run(async |w| {
        let caller = w.token("requester-1", &["changes:read"]).await;
        let people = caller.gets("/v1/people").await;
        let first = &people.body["people"][0];
        assert_eq!(first, &json!({ "id": "approver-1", "name": "Approver One", "groups": ["file:payments-devs"] }), "{people:?}");
        assert!(!people.text.contains('@') && !people.text.contains("U0000"), "{people:?}");
        let policies = caller.gets("/v1/policies").await.body;
        assert_eq!((&policies["policies"][0]["name"], &policies["policies"][1]), (&json!("stories"), &Value::Null), "{policies}");
        assert_eq!(w.stranger().gets("/v1/people").await.status, 401);
    });
}
