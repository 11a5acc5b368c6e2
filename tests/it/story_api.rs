//! `/v1`: a pipeline without webhooks asks for a change and waits for its decision.

use serde_json::{Value, json};
use tests::world::World;

const BOTH: [&str; 2] = ["changes:read", "changes:write"];

fn wish() -> Value {
    json!({
        "short_description": "checkout-api 2.31.0",
        "service": "checkout-api",
        "environment": "production",
        "sha": "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3",
        "version": "2.31.0",
        "authors": ["author-1@example.com"],
    })
}

fn without(field: &str) -> Value {
    let mut wish = wish();
    wish.as_object_mut().unwrap().remove(field);
    wish
}

fn with(field: &str, value: Value) -> Value {
    let mut wish = wish();
    wish[field] = value;
    wish
}

#[test]
fn a_change_is_asked_for_once_and_answered_the_same_every_time() {
    World::run(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        let first = caller.asks("key-1", &wish()).await;
        assert_eq!(first.status, 201, "{first:?}");
        let again = caller.asks("key-1", &wish()).await;
        assert_eq!((again.status, &again.body), (200, &first.body), "{again:?}");
        let other_body = caller.asks("key-1", &with("version", json!("2.32.0"))).await;
        assert_eq!((other_body.status, other_body.problem()), (422, "key-reused"), "{other_body:?}");
        let other_key = caller.asks("key-2", &wish()).await;
        assert_eq!(other_key.body["number"], first.body["number"], "the same subject is the same change: {other_key:?}");
        w.change().await;
        w.slack().channel("deploys").sees("Approval needed: checkout-api 2.31.0 to production");
    });
}

#[test]
fn tokens_and_scopes_are_asked_for() {
    World::run(async |w| {
        let (reader, writer) = (w.token("requester-1", &["changes:read"]).await, w.token("requester-1", &["changes:write"]).await);
        for answer in [w.gets("/v1/changes").await, w.stranger().gets("/v1/changes").await, w.stranger().asks("key-1", &wish()).await] {
            assert_eq!((answer.status, answer.problem(), answer.header("www-authenticate")), (401, "unauthorized", "Bearer"), "{answer:?}");
        }
        for answer in [reader.asks("key-1", &wish()).await, writer.gets("/v1/changes").await, writer.gets("/v1/changes/CHG-1").await] {
            assert_eq!((answer.status, answer.problem()), (403, "forbidden"), "{answer:?}");
        }
        assert_eq!((reader.gets("/v1/changes").await.status, writer.asks("key-1", &wish()).await.status), (200, 201));
        assert!(w.app().store.revoke_token(reader.id, w.now()).await.unwrap());
        assert_eq!(reader.gets("/v1/changes").await.status, 401);
    });
}

#[test]
fn what_can_not_be_used_is_pointed_at() {
    World::run(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        let no_key = caller.posts(None, wish().to_string()).await;
        assert_eq!((no_key.status, no_key.problem()), (400, "missing-idempotency-key"), "{no_key:?}");
        let no_json = caller.posts(Some("key-1"), "{".to_owned()).await;
        assert_eq!((no_json.status, no_json.problem()), (400, "malformed"), "{no_json:?}");
        let wrong = [
            (with("enviroment", json!("production")), "/enviroment"),
            (without("service"), "/service"),
            (with("sha", json!("no hash")), "/sha"),
            (with("short_description", json!("")), "/short_description"),
            (with("requested_by", json!("nobody")), "/requested_by"),
        ];
        for (body, pointer) in wrong {
            let answer = caller.asks("key-1", &body).await;
            assert_eq!((answer.status, answer.problem()), (422, "invalid"), "{pointer}: {answer:?}");
            assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{answer:?}");
        }
        let not_built = caller.asks("key-1", &with("backout_plan", json!("roll back"))).await;
        assert_eq!((not_built.status, not_built.problem()), (501, "not-in-this-build"), "{not_built:?}");
        assert_eq!(not_built.body["errors"][0]["pointer"], "/backout_plan");
        assert!(w.changes().await.is_empty());
        assert_eq!(caller.asks("key-1", &wish()).await.status, 201, "a refused request has not used its key up");
    });
}

#[test]
fn who_is_named_by_a_token_is_excluded_as_well_as_its_owner() {
    World::run(async |w| {
        let caller = w.token("approver-1", &BOTH).await;
        let asked = caller.asks("key-1", &with("requested_by", json!("approver-2"))).await;
        assert_eq!(asked.status, 201, "{asked:?}");
        let card = w.slack().channel("deploys").sees("Approval needed");
        for person in ["approver-1", "approver-2"] {
            let told = card.press("Approve…", person).is_told().await;
            assert!(told.starts_with("You can’t approve this: you asked for it."), "{person}: {told}");
        }
        card.press("Approve…", "approver-3").because("reviewed the diff").await;
        card.says("Approvals: 1 of 2");
    });
}

#[test]
fn whoever_asks_for_the_same_again_is_excluded_too() {
    World::run(async |w| {
        let first = w.token("requester-1", &BOTH).await;
        let asked = first.asks("key-1", &wish()).await.body;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("reviewed the diff").await;
        card.says("Approvals: 1 of 2");
        let second = w.token("approver-1", &BOTH).await;
        let again = second.asks("key-2", &wish()).await.body;
        assert_eq!(again["number"], asked["number"], "one change");
        card.says("Approvals: 0 of 2");
        let told = card.press("Approve…", "approver-1").is_told().await;
        assert!(told.starts_with("You can’t approve this: you asked for it."), "{told}");
    });
}

#[test]
fn authors_that_are_not_named_are_unknown_and_block() {
    World::run(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        caller.asks("key-1", &without("authors")).await;
        w.slack().channel("deploys").sees("Blocked").says("the request named no authors");
    });
}

#[test]
fn a_change_is_read_by_its_number_and_by_its_id() {
    World::run(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        let asked = caller.asks("key-1", &wish()).await.body;
        let (number, id) = (asked["number"].as_str().unwrap(), asked["id"].as_str().unwrap());
        let by_number = caller.gets(&format!("/v1/changes/{number}")).await;
        let by_id = caller.gets(&format!("/v1/changes/{id}")).await;
        assert_eq!((by_number.status, &by_number.body), (200, &by_id.body));
        let body = &by_number.body;
        assert_eq!((&body["state"], &body["outcome"], &body["verdict"]), (&json!("pending"), &Value::Null, &Value::Null), "{body}");
        assert_eq!(body["waiting_on"], json!(["approver-1", "approver-2", "approver-3"]), "{body}");
        for unknown in ["CHG-999999", "00000000-0000-7000-8000-000000000000", "anything"] {
            let answer = caller.gets(&format!("/v1/changes/{unknown}")).await;
            assert_eq!((answer.status, answer.problem()), (404, "not-found"), "{answer:?}");
        }
    });
}

#[test]
fn lists_are_filtered_and_paged() {
    World::run(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        caller.asks("pending", &wish()).await;
        for number in 0..50 {
            let body = with("service", json!(format!("service-{number}")));
            assert_eq!(caller.posts(Some(&format!("key-{number}")), body.to_string()).await.status, 201);
        }
        w.settle().await;
        let first = caller.gets("/v1/changes").await.body;
        let cursor = first["cursor"].as_str().expect("a further page");
        let second = caller.gets(&format!("/v1/changes?cursor={cursor}")).await.body;
        let count = |page: &Value| page["changes"].as_array().map_or(0, Vec::len);
        assert_eq!((count(&first), count(&second), &second["cursor"]), (50, 1, &Value::Null));
        for (filter, expected) in [
            ("state=pending", 1),
            ("state=blocked", 50),
            ("environment=production&state=pending", 1),
            ("environment=staging", 0),
            ("service=service-7", 1),
            ("service=checkout-api&state=blocked", 0),
        ] {
            assert_eq!(count(&caller.gets(&format!("/v1/changes?{filter}")).await.body), expected, "{filter}");
        }
        for wrong in ["state=done", "cursor=x", "stat=pending"] {
            let answer = caller.gets(&format!("/v1/changes?{wrong}")).await;
            assert_eq!((answer.status, answer.problem()), (422, "invalid"), "{wrong}: {answer:?}");
        }
    });
}

#[test]
fn a_pipeline_that_waits_hears_the_decision_as_soon_as_it_is_there() {
    World::run(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        let number = caller.asks("key-1", &wish()).await.body["number"].as_str().unwrap().to_owned();
        let card = w.slack().channel("deploys").sees("Approval needed");
        let path = format!("/v1/changes/{number}/decision");
        let now = caller.gets(&path).await;
        assert_eq!((now.status, &now.body["state"], &now.body["outcome"]), (200, &json!("pending"), &Value::Null), "{now:?}");
        let long_poll = format!("{path}?wait=60");
        let poll = tokio::time::timeout(std::time::Duration::from_secs(20), caller.gets(&long_poll));
        let (decision, ()) = tokio::join!(poll, async {
            card.press("Approve…", "approver-1").because("canary is clean").await;
            card.press("Approve…", "approver-2").because("reviewed the diff").await;
        });
        let decision = decision.expect("the poll ends when it is decided, not when its time is over");
        assert_eq!((&decision.body["state"], &decision.body["outcome"]), (&json!("approved"), &json!("approved")), "{decision:?}");
        assert_eq!((&decision.body["holds"], &decision.body["verdict"]), (&json!([]), &Value::Null));
    });
}
